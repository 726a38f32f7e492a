"""Which runs an AgentOS has: those of its newest sessions, of every database that it keeps sessions in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ...contract.http import RunInfo
from ..protocol import Dialogue, Json, Request
from ..runs import ForeignRun
from .asking import moment, session_runs
from .requests import answer_of

SESSIONS, DATABASES = 10, 50
"""Sessions whose runs are listed; databases that are asked for theirs."""
NEWEST = {"limit": SESSIONS, "sort_by": "updated_at", "sort_order": "desc"}
Session = tuple[Json, Mapping[str, str]]
"""A session, and what its database is named by in a query."""


def newest_runs(know: Callable[[str, str, str], ForeignRun]) -> Dialogue[list[RunInfo]]:
    """The runs of the newest sessions, newest first: an AgentOS lists none across sessions. `know` is told of each."""
    answers: list[tuple[Json, Any]] = []
    for session, where in (yield from _sessions())[:SESSIONS]:
        query = f"?{urlencode(where)}" if where else ""
        asked = Request("GET", f"/sessions/{quote(str(session.get('session_id')), safe='')}/runs{query}")
        reply = yield asked
        if reply.status == 200:
            answers.append((session, answer_of(asked, reply)))
    found = [info for session, runs in reversed(answers) for info in session_runs(session, runs, know)]
    return sorted(found, key=lambda info: info.started_at or 0.0, reverse=True)


def _sessions() -> Dialogue[list[Session]]:
    """Newest first. An AgentOS with several databases refuses to list without the name of one."""
    request = _listing({})
    reply = yield request
    if reply.status == 200 or "db_id" not in reply.text:
        return [(each, {}) for each in _data(answer_of(request, reply))]
    found: list[Session] = []
    for name in (yield from _databases())[:DATABASES]:
        where = {"db_id": name}
        asked = _listing(where)
        reply = yield asked
        if reply.status == 200:
            found += [(each, where) for each in _data(answer_of(asked, reply))]
    return sorted(found, key=lambda session: moment(session[0].get("updated_at")) or 0.0, reverse=True)


def _databases() -> Dialogue[list[str]]:
    request = Request("GET", "/config")
    config = answer_of(request, (yield request))
    named = config.get("databases") if isinstance(config, Mapping) else None
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []


def _listing(where: Mapping[str, str]) -> Request:
    return Request("GET", f"/sessions?{urlencode({**NEWEST, **where})}")


def _data(answer: Any) -> list[Json]:
    data = answer.get("data") if isinstance(answer, Mapping) else None
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
