"""pyapp.protocols.agno.listing: an AgentOS is asked for the runs of its newest sessions, wherever it keeps them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.contract.http import RunInfo
from pyapp.errors import ApiError
from pyapp.protocols.agno.listing import DATABASES, SESSIONS, newest_runs
from pyapp.protocols.protocol import Reply
from pyapp.protocols.runs import ForeignRun

NEWEST = "/sessions?limit=10&sort_by=updated_at&sort_order=desc"
WANTS_ONE = "400: The db_id query parameter is required when using multiple databases"


def know(run_id: str, flow_id: str, session: str) -> ForeignRun:
    run = ForeignRun(run_id, flow_id, lambda: None)  # type: ignore[arg-type, return-value]
    run.run_id, run.session = run_id, session
    return run


def asked(server: dict[str, Any], know: Any = know) -> tuple[list[RunInfo], list[str]]:
    """What is listed, and what was asked. `server` answers by path; what it does not have is 404."""
    dialogue, paths = newest_runs(know), []
    try:
        request = next(dialogue)
        while True:
            paths.append(request.path)
            answer = server.get(request.path, {"detail": "Not Found"})
            request = dialogue.send(Reply(200 if request.path in server else 404, json.dumps(answer)))
    except StopIteration as ended:
        return ended.value, paths


def session(name: str, at: Any = None) -> dict[str, Any]:
    return {"session_id": name, "session_type": "agent", "agent_id": "ada", "updated_at": at}


def test_the_runs_of_each_session_newest_first() -> None:
    """A session whose runs are not to be had costs only those."""
    runs = [{"run_id": "old", "created_at": 1}, {"run_id": "new", "created_at": 2}]
    listed, paths = asked({NEWEST: {"data": [session("s/1"), session("s2")]}, "/sessions/s%2F1/runs": runs})
    assert [info.run_id for info in listed] == ["new", "old"]
    assert paths == [NEWEST, "/sessions/s%2F1/runs", "/sessions/s2/runs"]


def test_of_the_newest_session_is_told_last() -> None:
    """Where there are more than can be known, what was told of first makes room."""
    told: list[str] = []

    def noted(run_id: str, flow_id: str, of: str) -> ForeignRun:
        told.append(run_id)
        return know(run_id, flow_id, of)

    server = {
        NEWEST: {"data": [session("newest"), session("older")]},
        "/sessions/newest/runs": [{"run_id": "new", "created_at": 2}],
        "/sessions/older/runs": [{"run_id": "old", "created_at": 1}],
    }
    listed, _ = asked(server, noted)
    assert told == ["old", "new"] and [info.run_id for info in listed] == ["new", "old"]


def test_where_there_are_several_databases_each_is_asked() -> None:
    """The newest sessions of all of them count; a run is asked for where its session is."""
    server = {
        "/config": {"os_id": "os", "databases": ["a b", "lost", "c", 7]},
        f"{NEWEST}&db_id=a+b": {"data": [session("s1", "2026-01-01T00:00:00Z")]},
        f"{NEWEST}&db_id=c": {"data": [session("s2", "2026-01-02T00:00:00Z"), "odd"]},
        "/sessions/s1/runs?db_id=a+b": [{"run_id": "one", "created_at": 1}],
        "/sessions/s2/runs?db_id=c": [{"run_id": "two", "created_at": 2}],
    }
    dialogue = newest_runs(know)
    assert next(dialogue).path == NEWEST
    paths, request = [], dialogue.send(Reply(404, json.dumps({"detail": WANTS_ONE})))
    with pytest.raises(StopIteration) as ended:
        while True:
            paths.append(request.path)
            known = request.path in server
            request = dialogue.send(Reply(200 if known else 404, json.dumps(server.get(request.path))))
    assert [info.run_id for info in ended.value.value] == ["two", "one"]
    assert paths[-2:] == ["/sessions/s2/runs?db_id=c", "/sessions/s1/runs?db_id=a+b"]


def test_what_is_asked_is_bounded() -> None:
    dialogue = newest_runs(know)
    next(dialogue)
    assert dialogue.send(Reply(400, WANTS_ONE)).path == "/config"
    names = [f"db{number}" for number in range(2 * DATABASES)]
    request, paths = dialogue.send(Reply(200, json.dumps({"databases": names}))), []
    with pytest.raises(StopIteration):
        while True:
            paths.append(request.path)
            data = {"data": [session(f"s{len(paths)}")]} if request.path.startswith("/sessions?") else []
            request = dialogue.send(Reply(200, json.dumps(data)))
    assert len(paths) == DATABASES + SESSIONS


@pytest.mark.parametrize(("answer", "listed"), [("[]", []), ('{"data": {}}', []), ("{}", [])])
def test_an_odd_list_is_an_empty_one(answer: str, listed: list[RunInfo]) -> None:
    dialogue = newest_runs(know)
    next(dialogue)
    with pytest.raises(StopIteration) as ended:
        dialogue.send(Reply(200, answer))
    assert ended.value.value == listed


def test_another_refusal_is_said() -> None:
    dialogue = newest_runs(know)
    next(dialogue)
    with pytest.raises(ApiError, match="Nobody may"):
        dialogue.send(Reply(403, '{"detail": "Nobody may."}'))
