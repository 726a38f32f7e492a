from __future__ import annotations

import pytest

from pyapp.contract.events import StartNode
from pyapp.errors import ApiError
from pyapp.link.api import Api
from pyapp.ports import HttpResponse
from pyapp.testing.http import FakeHttp


def make() -> tuple[Api, FakeHttp]:
    http = FakeHttp()
    return Api(http, http.base + "/"), http


async def test_flows_and_runs_come_typed() -> None:
    """Every call gives what the contract says, ids escaped in the path."""
    api, http = make()
    http.answer("GET", "/flows", [{"id": "a", "name": "A"}])
    http.answer("GET", "/flows/a%2Fb", {"id": "a/b", "nodes": [], "edges": []})
    http.answer("POST", "/flows/a/runs", {"run_id": "r"}, 201)
    http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    http.answer("GET", "/runs?flow_id=a", [{"run_id": "r", "status": "success"}])
    http.answer("GET", "/runs/r/logs?after=3", {"lines": [{"text": "x"}], "cursor": 4})
    http.answer("GET", "/runs/r/logs", {"lines": []})
    http.answer("POST", "/runs/r/stop", "", 202)
    http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    assert [flow.id for flow in await api.flows()] == ["a"]
    assert (await api.flow("a/b")).id == "a/b"
    assert await api.start("a", "hello") == "r"
    assert http.requests[-1] == ("POST", "/flows/a/runs", {"input": "hello"})
    assert await api.start("a") == "r"
    assert http.requests[-1][2] == {}
    assert (await api.run("r")).status == "executing"
    assert [run.run_id for run in await api.runs("a")] == ["r"]
    assert (await api.logs("r", 3)).lines[0].text == "x"
    assert (await api.logs("r", None)).cursor is None
    await api.stop("r")
    assert await api.ticket() == "t"


async def test_events_come_decoded() -> None:
    """NDJSON lines are decoded one by one; a broken one says so itself."""
    api, http = make()
    good = '{"event":"start_node","run_id":"r","node_id":"n"}'
    http.answer("GET", "/runs/r/events", f"{good}\n\nbroken\n{good}\n")
    items = await api.events("r", -1)
    assert [type(item).__name__ for item in items] == ["StartNode", "Malformed", "StartNode"]
    assert isinstance(items[0], StartNode)


async def test_a_backend_without_tickets_has_none() -> None:
    """404 means: no tickets. Anything else is an error."""
    api, http = make()
    assert await api.ticket() is None
    http.answer("POST", "/tickets", "", 503)
    with pytest.raises(ApiError):
        await api.ticket()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HttpResponse(500, "<html>ResourceConflictException"), "gave status 500"),
        (HttpResponse(409, '{"error":{"code":"busy","message":"It is busy."}}'), "It is busy."),
        (HttpResponse(200, "<html>"), "could not be used"),
        (HttpResponse(200, '[{"name":"no id"}]'), "0.id"),
        (TimeoutError(), "did not answer"),
        (OSError("refused"), "could not be reached"),
    ],
)
async def test_every_failure_is_a_sentence(answer: HttpResponse | BaseException, words: str) -> None:
    """Whatever goes wrong becomes an ApiError that a user can read."""
    api, http = make()
    http.then("GET", "/flows", answer)
    with pytest.raises(ApiError, match=words):
        await api.flows()


async def test_without_an_address_nothing_is_asked() -> None:
    """No backend: an error in words, and no request."""
    http = FakeHttp()
    api = Api(http, "")
    assert not api.available
    with pytest.raises(ApiError, match="no backend"):
        await api.flows()
    assert http.requests == []
