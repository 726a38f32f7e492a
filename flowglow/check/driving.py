"""Driving a run: started, watched over two sockets, answered where it asks, until it is over or patience ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .backend import Backend
from .findings import Untried
from .numbering import ends, in_order, numbers, seq_of
from .people import answer_to
from .reply import Reply, objects, part, value_of
from .room import ANSWER_BYTES, weight
from .wire import Item, Json, Wire

ROUNDS = 3
"""A run may take so many times the patience in all, as long as it goes on telling something."""
ANSWERS = 50
HISTORY = 3
"""A whole history may take so many times the patience: it may come over a slow link."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One requirement, and what became of its answer, given twice."""

    requirement: Json
    status: str | None
    """What HTTP said of the run while it waited."""
    listed: bool
    """HTTP listed the requirement."""
    first: Reply
    second: Reply

    @property
    def kind(self) -> str:
        return str(self.requirement.get("kind"))


@dataclass(slots=True)
class Watched:
    """One run, as it was seen over two sockets and HTTP."""

    flow_id: str
    started: Reply
    run_id: str
    wires: tuple[Wire, Wire]
    first_live: int | None = None
    """The number of the first event that came without being asked for by `resume`."""
    answers: list[Answered] = field(default_factory=list)
    history: list[Json] | None = None
    """Every event as `GET /runs/{id}/events` gives it; None where it gives none."""
    sign_in: bool = False
    """It waits for a sign-in, which nobody here can do."""

    @property
    def live(self) -> list[Item]:
        return list(self.wires[0].events(self.run_id))

    @property
    def over(self) -> bool:
        return any(ends(each.raw) for each in self.wires[0].events(self.run_id))

    @property
    def whole(self) -> list[Json]:
        """Every event that anybody told, each once, in order."""
        told = [*(each.raw for each in self.live), *(self.history or ())]
        return in_order(told)

    @property
    def last_seq(self) -> int:
        return max(numbers(self.whole), default=-1)


async def start(backend: Backend, flow_id: str) -> tuple[Reply, str]:
    """Start a run; the answer, and the run's id. Raises Untried."""
    options = backend.options
    body = {} if options.input is None else {"input": options.input}
    reply = await backend.call("POST", f"/flows/{part(flow_id)}/runs", body)
    run_id = reply.value.get("run_id") if isinstance(reply.value, dict) else None
    if not reply.ok or not isinstance(run_id, str) or not run_id:
        why = f"The flow {flow_id!r} could not be started: {reply.brief}."
        raise Untried(why, "start.unreadable")
    return reply, run_id


async def history(backend: Backend, run_id: str, after: int = -1) -> list[Json] | None:
    """The run's events over HTTP; None where that has none."""
    reply = await backend.call("GET", f"/runs/{part(run_id)}/events?after={after}", patience=HISTORY)
    if not reply.ok or reply.text.lstrip().startswith("<"):
        return None
    if weight(reply.text) > ANSWER_BYTES:
        raise Untried(f"The history of {run_id!r} has more in it than is kept here.")
    return objects([value_of(line)[0] for line in reply.text.split("\n")])


async def drive(backend: Backend, flow_id: str, beside: Callable[[Watched], Awaitable[None]] | None = None) -> Watched:
    """Run a flow to its end, `beside` at the same time once it has started. Raises Untried where it cannot start."""
    wires = (await backend.open(), await backend.open())
    reply, run_id = await start(backend, flow_id)
    watched = Watched(flow_id, reply, run_id, wires)
    for wire in wires:
        await wire.send({"type": "subscribe", "run_id": run_id})
    company = asyncio.ensure_future(beside(watched)) if beside is not None else None
    try:
        await _to_its_end(backend, watched)
        if not watched.over:
            await backend.call("POST", f"/runs/{part(run_id)}/stop", {})
            await wires[0].until(lambda: watched.over, backend.options.grace_s)
        if company is not None:
            await company
    finally:
        if company is not None:
            company.cancel()
    watched.history = await history(backend, run_id)
    kept = set(numbers(watched.history or []))
    for wire in wires:
        await wire.until(
            lambda wire=wire: kept <= set(numbers([each.raw for each in wire.events(run_id)])),  # type: ignore[misc]
            backend.options.grace_s,
        )
    return watched


async def _to_its_end(backend: Backend, watched: Watched) -> None:
    wire, patience_s = watched.wires[0], backend.options.patience_s
    deadline = time.monotonic() + patience_s * ROUNDS
    read = 0
    await wire.until(lambda: any(wire.events(watched.run_id)), backend.options.grace_s)
    await _from_its_beginning(watched, backend.options.grace_s)
    while time.monotonic() < deadline:
        fresh, read = wire.items[read:], len(wire.items)
        for item in fresh:
            if item.run_id != watched.run_id:
                continue
            if item.event == "AgentPaused":
                await _answer(backend, watched, item.raw)
                if not all(each.first.ok for each in watched.answers):
                    return
            watched.sign_in = watched.sign_in or item.event == "interaction_event"
        seen = read
        if watched.over or not await wire.until(lambda seen=seen: len(wire.items) > seen, patience_s):  # type: ignore[misc]
            return


async def _from_its_beginning(watched: Watched, grace_s: float) -> None:
    """What was told before we subscribed is asked for, where nobody sends it by itself."""
    came = watched.live
    first = next((seq for each in came if (seq := seq_of(each.raw)) is not None), None)
    watched.first_live = first
    if came and not first:
        return
    for wire in watched.wires:
        await wire.send({"type": "resume", "runs": {watched.run_id: -1}})
        await wire.until(lambda wire=wire: 0 in numbers([e.raw for e in wire.events(watched.run_id)]), grace_s)  # type: ignore[misc]
    if not came and watched.live:
        watched.first_live = watched.last_seq + 1  # all of it came only because it was asked for


async def _answer(backend: Backend, watched: Watched, pause: Json) -> None:
    """Answer every requirement of a pause, each twice."""
    known = {each.requirement["id"] for each in watched.answers}
    target = pause.get("continue_run_id") or watched.run_id
    for requirement in objects(pause.get("requirements")):
        if not isinstance(requirement.get("id"), str) or requirement["id"] in known:
            continue
        if len(watched.answers) >= ANSWERS:
            return
        info = await backend.call("GET", f"/runs/{part(watched.run_id)}")
        told = info.value if isinstance(info.value, dict) else {}
        listed = any(each.get("id") == requirement["id"] for each in objects(told.get("requirements")))
        body = {"requirements": [answer_to(requirement)]}
        path = f"/runs/{part(str(target))}/continue"
        first = await backend.call("POST", path, body)
        second = await backend.call("POST", path, body) if first.ok else first
        watched.answers.append(Answered(requirement, told.get("status"), listed, first, second))
        if not first.ok:
            return
