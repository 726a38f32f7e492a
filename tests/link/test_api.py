from __future__ import annotations

import json

import pytest

from pyapp.contract.decode import Malformed
from pyapp.contract.events import Content, StartNode
from pyapp.errors import ApiError
from pyapp.link.api import Api
from pyapp.link.credentials import Credentials
from pyapp.ports import HttpResponse
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp


def make() -> tuple[Api, FakeHttp]:
    http = FakeHttp()
    return Api(http, http.base + "/", Credentials(FakeClock())), http


async def test_flows_and_runs_come_typed() -> None:
    """Every call gives what the contract says, ids escaped in the path."""
    api, http = make()
    http.answer("GET", "/flows", [{"id": "a", "name": "A"}])
    http.answer("GET", "/flows/a%2Fb", {"id": "a/b", "nodes": [], "edges": []})
    http.answer("POST", "/flows/a/runs", {"run_id": "r"}, 201)
    http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    http.answer("GET", "/runs", [{"run_id": "r", "status": "success"}])
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
    assert [run.run_id for run in await api.runs()] == ["r"]
    assert (await api.logs("r", 3)).lines[0].text == "x"
    assert (await api.logs("r", None)).cursor is None
    await api.stop("r")
    assert await api.ticket() == "t"


async def test_null_is_a_list_of_nothing() -> None:
    """As servers write it that are made in Go: neither a fault of the answer, nor a reason to ask again."""
    api, http = make()
    for path in ("/flows", "/runs"):
        http.answer("GET", path, None)
    http.answer("GET", "/flows/a", {"id": "a", "nodes": [{"id": "n"}], "edges": None})
    http.answer("GET", "/flows/b", {"id": "b", "nodes": None})
    http.answer("GET", "/runs/r/logs", {"lines": None, "cursor": 4})
    assert (await api.flows(), await api.runs()) == ([], [])
    flow = await api.flow("a")
    assert ([each.id for each in flow.nodes], flow.edges, (await api.flow("b")).nodes) == (["n"], [], [])
    page = await api.logs("r", None)
    assert (page.lines, page.cursor) == ([], 4)


async def test_events_come_decoded() -> None:
    """NDJSON lines are decoded one by one; a broken one says so itself."""
    api, http = make()
    good = '{"event":"start_node","run_id":"r","node_id":"n"}'
    http.answer("GET", "/runs/r/events", f"{good}\n\nbroken\n{good}\n")
    items = list(await api.events("r", -1))
    assert [type(item).__name__ for item in items] == ["StartNode", "Malformed", "StartNode"]
    assert isinstance(items[0], StartNode)


async def test_a_history_is_decoded_as_it_is_read() -> None:
    """A long history takes no time before its first event is asked for; U+2028 in a text ends no line."""
    api, http = make()
    line = json.dumps({"event": "RunContent", "run_id": "r", "content": "a\u2028b"}, ensure_ascii=False)
    http.answer("GET", "/runs/r/events", f"{line}\nbroken")
    items = await api.events("r", 4)
    assert http.requests[-1][1] == "/runs/r/events?after=4"
    assert iter(items) is items
    first = next(items)
    assert isinstance(first, Content) and first.content == "a\u2028b"
    assert isinstance(next(items), Malformed)
    assert next(items, None) is None


async def test_one_bad_run_does_not_lose_the_others() -> None:
    """What cannot be read is left out; a bad number is no number."""
    api, http = make()
    bad = '[{"run_id": "a", "status": "success", "started_at": NaN}, {"status": "success"}, 7]'
    http.answer("GET", "/runs", bad)
    assert [(run.run_id, run.started_at) for run in await api.runs()] == [("a", None)]


async def test_the_time_at_the_server_is_told() -> None:
    """Each answer with a date tells its listeners, errors too."""
    api, http = make()
    heard: list[float] = []
    api.on_date(heard.append)
    http.then("GET", "/flows", HttpResponse(200, "[]", 5.0), HttpResponse(200, "[]"), HttpResponse(503, "", 7.0))
    await api.flows()
    await api.flows()
    with pytest.raises(ApiError):
        await api.flows()
    assert heard == [5.0, 7.0]


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
        (HttpResponse(200, '{"id":"a"}'), "valid list"),
        (TimeoutError(), "did not answer"),
        (OSError("refused"), r"could not be reached for GET /flows \(refused\)\.$"),
        (OSError(), r"could not be reached for GET /flows\.$"),
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
    api = Api(http, "", Credentials(FakeClock()))
    assert not api.available
    with pytest.raises(ApiError, match="no backend"):
        await api.flows()
    assert http.requests == []


async def test_an_answer_that_the_browser_may_have_kept_back_is_said_to_be_so() -> None:
    """Of another origin, without its leave (CORS), nobody can tell it from none."""
    api, http = make()
    for error, said in ((PermissionError("Failed to fetch"), True), (OSError("no route"), False)):
        http.then("GET", "/flows", error)
        with pytest.raises(ApiError) as raised:
            await api.flows()
        assert ("allow that address (CORS)" in str(raised.value)) is said and str(error) in str(raised.value)
        assert raised.value.temporary
