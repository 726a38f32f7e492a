"""Coming back: `resume`, `catch_up`, and a link that breaks in the middle of a run (docs/contract.md §1)."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from ..driving import Watched, drive
from ..findings import Outcome
from ..numbering import cursor_of, ends, missing, numbers, seq_of
from ..session import Session
from ..wire import Json, Wire


@dataclass(frozen=True, slots=True)
class Told:
    """What came in answer to one `resume`."""

    catch_up: Json | None
    events: list[Json]
    early: bool
    """Events came before the `catch_up`."""


async def resume(session: Session, outcome: Outcome) -> None:
    """From the beginning, from the middle, from the end and from beyond it."""
    watched = await session.run()
    run_id, last = watched.run_id, watched.last_seq
    if last < 1:
        outcome.could_not("The run's events bear no numbers: nothing can be resumed.")
        return
    if not await session.resumes():
        outcome.find(
            "resume.none" if watched.history is not None else "resume.nowhere",
            f"nothing came in {session.options.grace_s:g} s",
        )
        return
    whole = await _ask(session, run_id, -1, last)
    _compare(watched, whole, -1, outcome, sparse=await session.sparse())
    middle = sorted(set(numbers(watched.whole)))[len(set(numbers(watched.whole))) // 2]
    half = await _ask(session, run_id, middle, last)
    _compare(watched, half, middle, outcome, sparse=await session.sparse())
    beyond = await _ask(session, run_id, last + 1_000, None)
    if beyond.catch_up is not None and beyond.catch_up.get("complete") is not False:
        outcome.find("resume.ahead", beyond.catch_up)
    await _long(session, outcome)


async def midway(session: Session, outcome: Outcome) -> None:
    """A link breaks in the middle of a run; another one resumes, and nothing is lost."""
    before = await session.run()
    if before.last_seq < 1:
        outcome.could_not("The run's events bear no numbers: nothing can be resumed.")
        return
    if not await session.resumes():
        outcome.could_not("`resume` brings nothing; the check `resume` says so.")
        return
    broken, back = await session.backend.open(), await session.backend.open()
    cut = max(1, before.last_seq // 4)
    grace_s = session.options.grace_s

    async def break_it(watched: Watched) -> None:
        run_id = watched.run_id
        await broken.send({"type": "subscribe", "run_id": run_id})
        await broken.until(
            lambda: len(list(broken.events(run_id))) > cut or _over(broken, run_id), session.options.patience_s
        )
        seen = list(numbers([each.raw for each in broken.events(run_id)]))
        cursor = cursor_of(seen)
        await broken.close()
        start = len(back.items)
        await back.send({"type": "resume", "runs": {run_id: cursor}})
        wire = watched.wires[0]
        while not _over(wire, run_id) and await wire.until(lambda: _over(wire, run_id), session.options.patience_s):
            pass
        await back.until(lambda: _over(back, run_id, start), grace_s)
        told = [each.raw for each in back.events(run_id, start)]
        wanted = {seq for each in watched.live if (seq := seq_of(each.raw)) is not None and seq > cursor}
        lost = sorted(wanted - set(numbers(told)))
        if lost:
            outcome.find(
                "resume.live", f"event {lost[0]} of {max(wanted)} never came to a socket that resumed behind {cursor}"
            )

    after = await drive(session.backend, before.flow_id, break_it)
    await _several(session, outcome, (before, after))


async def _several(session: Session, outcome: Outcome, runs: tuple[Watched, ...]) -> None:
    """All of them named in one frame, as a page does that comes back to more than one."""
    wire = await session.backend.open()
    await wire.until(lambda: bool(wire.items), session.options.grace_s)
    start = len(wire.items)
    await wire.send({"type": "resume", "runs": {each.run_id: -1 for each in runs}})

    def untold() -> list[str]:
        """Of which neither the last event came, nor that some are gone."""
        return [each.run_id for each in runs if each.last_seq >= 0 and not _answered(wire, each, start)]

    await wire.until(lambda: not untold(), session.options.patience_s)
    lacking = untold()
    await wire.close()
    if lacking:
        outcome.find("resume.several", f"{len(runs)} runs were named; {lacking[0]!r} was not told to its end")


def _answered(wire: Wire, watched: Watched, start: int) -> bool:
    mine = [each for each in wire.items[start:] if each.run_id == watched.run_id]
    gone = any(each.type == "catch_up" and each.raw.get("complete") is False for each in mine)
    return gone or watched.last_seq in set(numbers([each.raw for each in mine if each.event is not None]))


async def _ask(session: Session, run_id: str, after: int, last: int | None) -> Told:
    """Resume a run on a socket of its own. Waits for its last event, or where that is unknown for any answer."""
    wire = await session.backend.open()
    await wire.until(lambda: bool(wire.items), session.options.grace_s)
    start = len(wire.items)
    await wire.send({"type": "resume", "runs": {run_id: after}})
    patience_s = session.options.grace_s
    if last is None:
        await wire.until(lambda: any(each.type == "catch_up" for each in wire.items[start:]), patience_s)
    else:
        deadline = time.monotonic() + session.options.patience_s

        def there() -> bool:
            return last in set(numbers([each.raw for each in wire.events(run_id, start)]))

        while not there() and time.monotonic() < deadline:
            seen = len(wire.items)
            if not await wire.until(lambda seen=seen: len(wire.items) > seen, patience_s):  # type: ignore[misc]
                break
    mine = [each for each in wire.items[start:] if each.run_id == run_id]
    heads = [place for place, each in enumerate(mine) if each.type == "catch_up"]
    events = [each.raw for each in mine if each.event is not None]
    early = bool(heads) and heads[0] > 0
    told = Told(mine[heads[0]].raw if heads else None, events, early)
    await wire.close()
    return told


def _compare(watched: Watched, told: Told, after: int, outcome: Outcome, *, sparse: bool) -> None:
    """Hold an answer against what is known of the run."""
    head, known = told.catch_up, {seq: each for each in watched.whole if (seq := seq_of(each)) is not None}
    if head is None or told.early:
        outcome.find("resume.catch_up", "none came" if head is None else "it came behind some of them")
    got = set(numbers(told.events))
    wanted = {seq for seq in known if seq > after}
    lost, extra = sorted(wanted - got), sorted(seq for seq in got if seq <= after)
    complete = head is None or head.get("complete") is True
    if lost and complete:
        outcome.find("resume.lost", f"event {lost[0]} did not come, and nobody said that it is gone")
    elif not complete and not lost:
        outcome.find("resume.complete", head)
    if extra:
        outcome.find("resume.extra", f"event {extra[0]} came again")
    for each in told.events:
        before = known.get(seq if (seq := seq_of(each)) is not None else -1)
        if before is not None and before != each:
            outcome.find("resume.differs", f"{json.dumps(each)[:150]}, and before {json.dumps(before)[:150]}")
    if head is not None and complete and not lost and not sparse:
        first, last = head.get("from_seq"), head.get("to_seq")
        if first != max(after + 1, min(known)) or not isinstance(last, int) or last < max(known):
            outcome.find("resume.range", head)


async def _long(session: Session, outcome: Outcome) -> None:
    """A history of more than one frame, where there is one: the size of frames is looked at by the check `frames`."""
    named = session.options.run
    if named is None:
        outcome.could_not("A history of more than 1 MiB: name a run that has one with --run.")
        return
    wire = await session.backend.open()
    await wire.send({"type": "resume", "runs": {named: -1}})
    await wire.until(lambda: _last_announced(wire, named), session.options.patience_s)
    head = next((each.raw for each in wire.items if each.type == "catch_up" and each.run_id == named), {})
    first, last = head.get("from_seq"), head.get("to_seq")
    came = set(numbers([each.raw for each in wire.events(named)]))
    if not isinstance(first, int) or not isinstance(last, int):
        outcome.find("resume.long", f"{head or 'no `catch_up`'}, and {len(came)} events")
        return
    if await session.sparse():
        first_lost, lost = last, int(last not in came)
    else:
        first_lost, lost = missing(first, last, came)
    await wire.close()
    if lost:
        outcome.find("resume.long", f"{head}; event {first_lost} did not come, {lost} in all")
    if first > 0 and head.get("complete") is not False:
        outcome.find("resume.gone", head)


def _last_announced(wire: Wire, run_id: str) -> bool:
    head = next((each.raw for each in wire.items if each.type == "catch_up" and each.run_id == run_id), None)
    return head is not None and head.get("to_seq") in list(numbers([each.raw for each in wire.events(run_id)]))


def _over(wire: Wire, run_id: str, start: int = 0) -> bool:
    return any(ends(each.raw) for each in wire.events(run_id, start))
