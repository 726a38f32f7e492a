"""The events of a run, live: their numbers, their order, their end, the same for everybody (docs/contract.md §1)."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

from ..driving import Watched
from ..findings import Outcome
from ..numbering import MILLISECONDS, by_number, ends, numbers, seq_of
from ..session import Session
from ..wire import Json


async def events(session: Session, outcome: Outcome) -> None:
    """Numbers, ids and moments of what came live."""
    sparse = await session.sparse()
    for watched in await session.driven():
        _numbers(watched, outcome, sparse=sparse)
        _ids(watched, outcome)
        _moments(watched, outcome)


async def life(session: Session, outcome: Outcome) -> None:
    """A run begins, its nodes begin and end, and it ends once."""
    for watched in await session.driven():
        _begins(watched, outcome)
        _nodes(watched, outcome)
        _ends(watched, outcome)


async def everybody(session: Session, outcome: Outcome) -> None:
    """Two sockets see the same, and nothing is lost on the way."""
    for watched in await session.driven():
        here, there = (by_number([each.raw for each in wire.events(watched.run_id)]) for wire in watched.wires)
        kept = by_number(watched.history or [])
        if differing := sorted(seq for seq in here.keys() | there.keys() if here.get(seq) != there.get(seq)):
            seq = differing[0]
            outcome.find(
                "sockets.differ",
                f"event {seq} is {_brief(here.get(seq))} on one, {_brief(there.get(seq))} on the other",
            )
        elif lost := sorted(kept.keys() - here.keys()):
            outcome.find(
                "live.lost", f"event {lost[0]} ({_brief(kept[lost[0]])}) is in the history and never came live"
            )
        if (watched.first_live or 0) > min(numbers(watched.whole), default=0):
            outcome.find("subscribe.late", f"the first event that came was number {watched.first_live}")


def _numbers(watched: Watched, outcome: Outcome, *, sparse: bool) -> None:
    raw = [each.raw for each in watched.live]
    bare = [each for each in raw if seq_of(each) is None]
    if bare:
        outcome.find("seq.missing", bare[0])
        return
    told: dict[int | None, Json] = {}
    order = list(numbers(raw))
    for each in raw:
        before = told.setdefault(seq_of(each), each)
        if before != each:
            outcome.find("seq.twice", f"{_brief(before)} and {_brief(each)} are both number {seq_of(each)}")
        elif before is not each and not watched.first_live:
            outcome.find("live.duplicate", f"event {seq_of(each)} came twice")
    firsts = list(dict.fromkeys(order))
    if firsts != sorted(firsts) and not watched.first_live:
        late = next(late for early, late in pairwise(firsts) if late < early)
        outcome.find("seq.order", f"event {late} came behind a later one")
    whole = sorted(set(numbers(watched.whole)))
    if whole and whole[0] != 0 and not sparse:
        outcome.find("seq.start", f"the first number is {whole[0]}")
    holes = [early + 1 for early, late in pairwise(whole) if late != early + 1]
    if holes and not sparse:
        outcome.find("seq.gap", f"number {holes[0]} was given to no event")


def _ids(watched: Watched, outcome: Outcome) -> None:
    seen: dict[str, int | None] = {}
    for each in watched.whole:
        name = each.get("event_id")
        if isinstance(name, str) and seen.setdefault(name, seq_of(each)) != seq_of(each):
            outcome.find("event_id.twice", f"{name!r} is event {seen[name]} and event {seq_of(each)}")


def _moments(watched: Watched, outcome: Outcome) -> None:
    for each in watched.whole:
        ts = each.get("ts")
        if isinstance(ts, int | float) and not isinstance(ts, bool) and abs(ts) >= MILLISECONDS:
            outcome.find("event.ts", f"{ts}")
        elif ts is None:
            outcome.find("event.no_ts", f"{_brief(each)} has none")


def _begins(watched: Watched, outcome: Outcome) -> None:
    first = next(iter(watched.whole), {})
    starts = [each for each in watched.whole if each.get("event") == "run_start"]
    if not starts or first.get("event") != "run_start":
        outcome.find("run_start.missing", _brief(first))
    elif starts[0].get("flow_id") != watched.flow_id:
        outcome.find("run_start.flow", f"`flow_id` is {starts[0].get('flow_id')!r}")


def _nodes(watched: Watched, outcome: Outcome) -> None:
    opened: Counter[str] = Counter()
    for each in watched.whole:
        node = each.get("node_id")
        if each.get("event") == "start_node":
            opened[str(node)] += 1
        elif each.get("event") == "end_node":
            opened[str(node)] -= 1
            if opened[str(node)] < 0:
                outcome.find("node.unstarted", f"{node!r} ended and had not started")
    left = [node for node, count in opened.items() if count > 0]
    if left and watched.over:
        outcome.find("node.open", f"{left[0]!r} had not ended")


def _ends(watched: Watched, outcome: Outcome) -> None:
    terminal = [each for each in watched.whole if ends(each)]
    if watched.sign_in and not terminal:
        outcome.could_not(f"The run of {watched.flow_id!r} waits for a sign-in: its end was not seen.")
    elif any(not each.first.ok for each in watched.answers) and not terminal:
        outcome.could_not(f"The run of {watched.flow_id!r} waits for an answer that was refused: its end was not seen.")
    elif not terminal:
        outcome.find(
            "end.missing", f"none came; the last event is {_brief(watched.whole[-1] if watched.whole else {})}"
        )
    elif len(terminal) > 1:
        outcome.find("end.twice", " and ".join(_brief(each) for each in terminal))
    elif not ends(watched.whole[-1]):
        outcome.find("end.after", _brief(watched.whole[-1]))


def _brief(event: Json | None) -> str:
    if not event:
        return "nothing"
    shown = {key: value for key, value in event.items() if key in ("event", "seq", "node_id", "status", "content")}
    return json.dumps(shown, ensure_ascii=False)[:160]
