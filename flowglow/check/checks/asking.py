"""What is asked of a run over HTTP: its events, its state, its log, and the list of runs (docs/contract.md §2)."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from pyapp.contract.http import LogPage, RunInfo

from ..driving import Watched, history
from ..findings import Outcome
from ..numbering import MILLISECONDS, TERMINAL, by_number, ends, numbers
from ..reply import objects, part
from ..session import Session
from ..wire import Json

STATUSES = TERMINAL | {"queued", "executing", "paused"}


async def events(session: Session, outcome: Outcome) -> None:
    """The history of a run, from any number on."""
    watched = await session.run()
    if watched.history is None:
        outcome.find("events.absent", "no events could be read")
        return
    live = by_number([each.raw for each in watched.live])
    kept = by_number(watched.history)
    if lacking := sorted(live.keys() - kept.keys()):
        outcome.find("events.lost", f"event {lacking[0]} came live and is not there")
    if differing := sorted(seq for seq in live.keys() & kept.keys() if live[seq] != kept[seq]):
        seq = differing[0]
        outcome.find("events.differ", f"{json.dumps(kept[seq])[:150]}, and live {json.dumps(live[seq])[:150]}")
    if watched.last_seq > 0:
        early = await _told_again(session, watched, watched.last_seq // 2)
        if early != []:
            outcome.find("events.after", f"event {early[0]} again" if early else "no answer")
            return
        early = await _told_again(session, watched, watched.last_seq)
        if early != []:
            outcome.find("events.end", f"{len(early)} events from {early[0]} on, again" if early else "no answer")


async def _told_again(session: Session, watched: Watched, after: int) -> list[int] | None:
    """The numbers that are told to a page though it has everything up to this one; None where nothing is answered."""
    rest = await history(session.backend, watched.run_id, after)
    return None if rest is None else sorted(seq for seq in numbers(rest) if seq <= after)


async def run(session: Session, outcome: Outcome) -> None:
    """The state of a run that is over."""
    watched = await session.run()
    reply = await session.backend.call("GET", f"/runs/{part(watched.run_id)}")
    said = reply.value
    complaint = reply.brief if not reply.ok or reply.flaw else _complaint(said)
    if complaint:
        outcome.find("run.unreadable", complaint)
        return
    _times(said, outcome)
    if said.get("flow_id") != watched.flow_id:
        outcome.find("run.flow", repr(said.get("flow_id")))
    terminal = next((each for each in watched.whole if ends(each)), None)
    status = (terminal or {}).get("status") or "success"
    if terminal is not None and said["status"] != status:
        outcome.find("run.status", repr(said["status"]))
    if said.get("last_seq") is None and watched.last_seq >= 0:
        outcome.find("run.no_last_seq", "it is not there")
    elif watched.last_seq >= 0 and said.get("last_seq") != watched.last_seq:
        outcome.find("run.last_seq", repr(said.get("last_seq")))
    ends_of = [each for each in watched.whole if each.get("event") == "end_node"]
    ended = {each["node_id"]: each.get("status") for each in ends_of if isinstance(each.get("node_id"), str)}
    results = said.get("results")
    told = results if isinstance(results, dict) else {}
    wrong = [node for node, how in ended.items() if _status(told.get(node)) != how]
    if wrong:
        outcome.find("run.results", f"of {wrong[0]!r} it says {told.get(wrong[0])}")
    if said.get("requirements"):
        outcome.find("run.requirements", said["requirements"])


async def runs(session: Session, outcome: Outcome) -> None:
    """The list of runs: newest first, and by flow; what else it can."""
    watched = await session.run()
    flow_id = part(watched.flow_id)
    reply = await session.backend.call("GET", f"/runs?flow_id={flow_id}&limit=50")
    listed = reply.value
    bad = [_complaint(each) for each in listed if _complaint(each)] if isinstance(listed, list) else []
    if not reply.ok or not isinstance(listed, list) or bad:
        outcome.find("runs.unreadable", bad[0] if bad else reply.brief)
        return
    ids = [each["run_id"] for each in listed]
    if watched.run_id not in ids:
        outcome.find("runs.lacks", ids[:3])
    if foreign := [each for each in listed if each.get("flow_id") != watched.flow_id]:
        outcome.find("runs.flow_id", f"a run of {foreign[0].get('flow_id')!r}")
    times = [each["started_at"] for each in listed if isinstance(each.get("started_at"), int | float)]
    if times != sorted(times, reverse=True):
        outcome.find("runs.order", times[:4])
    await _paged(session, outcome, flow_id, ids)


async def logs(session: Session, outcome: Outcome) -> None:
    """Log lines, each once, by a cursor."""
    watched = await session.run()
    path = f"/runs/{part(watched.run_id)}/logs"
    reply = await session.backend.call("GET", path)
    if reply.absent:
        outcome.find("logs.absent", str(reply.status))
        return
    try:
        page = LogPage.model_validate(reply.value)
        lines = (reply.value or {}).get("lines") or []
        if len(page.lines) != len(lines) or any(not isinstance(each.get("text"), str) for each in lines):
            raise ValueError("a line is no {ts, level, node_id?, text}")
    except (ValidationError, ValueError, AttributeError) as error:
        outcome.find("logs.unreadable", f"{reply.brief} ({str(error).splitlines()[0]})")
        return
    if page.cursor is None:
        outcome.could_not("Log lines behind a cursor: no `cursor` is given.")
        return
    again = await session.backend.call("GET", f"{path}?after={part(str(page.cursor))}")
    repeated = [each for each in _lines(again.value) if each in lines]
    if repeated:
        outcome.find("logs.cursor", f"again: {repeated[0]}")


async def _paged(session: Session, outcome: Outcome, flow_id: str, ids: list[str]) -> None:
    """What a backend may ignore: said, never a fault."""
    one = await session.backend.call("GET", f"/runs?flow_id={flow_id}&limit=1")
    if isinstance(one.value, list) and len(one.value) > 1:
        outcome.find("runs.limit", f"{len(one.value)} runs for limit=1")
    if len(ids) > 1:
        older = await session.backend.call("GET", f"/runs?flow_id={flow_id}&before={part(ids[0])}&limit=50")
        if any(each.get("run_id") == ids[0] for each in objects(older.value)):
            outcome.find("runs.before", "the run that was named is listed again")
    else:
        outcome.could_not("Older runs (`before`): there is one run only.")
    done = await session.backend.call("GET", "/runs?status=paused&limit=50")
    others = {str(each.get("status")) for each in objects(done.value)} - {"paused"}
    if others:
        outcome.find("runs.status", f"status=paused gives {', '.join(sorted(others))}")


def _complaint(value: Any) -> str:
    """Why this is no run; "" where it is one."""
    try:
        RunInfo.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return "" if value["status"] in STATUSES else f"`status` is {value['status']!r}"


def _times(said: Json, outcome: Outcome) -> None:
    for name in ("started_at", "ended_at"):
        moment = said.get(name)
        if (isinstance(moment, int | float) and abs(moment) >= MILLISECONDS) or isinstance(moment, str):
            outcome.find("run.times", f"`{name}` is {moment!r}")
            return
    if said.get("started_at") is None or said.get("ended_at") is None:
        outcome.find("run.no_times", str(said)[:120])


def _status(result: Any) -> Any:
    return result.get("status") if isinstance(result, dict) else None


def _lines(value: Any) -> list[Any]:
    lines = value.get("lines") if isinstance(value, dict) else None
    return lines if isinstance(lines, list) else []
