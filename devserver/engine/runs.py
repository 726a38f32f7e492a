"""One run: what it amounts to so far, and the handle through which a flow tells what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from flowglow.relay.picture import Picture
from flowglow.wire import event_text, size, to_text
from pyapp.contract.events import EVENT_ADAPTER

from .answers import Answers

MAX_LINE_CHARS = 4_000

Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event as it goes out: its run, its number and id, and its JSON, in which they do not stand."""

    run_id: str
    seq: int
    event_id: str
    body: str

    @property
    def text(self) -> str:
        """Its JSON with its number and id."""
        return f'{{"seq":{self.seq},"event_id":{to_text(self.event_id)},{self.body[1:]}'


@dataclass(frozen=True, slots=True)
class Line:
    """A log line as it goes out."""

    run_id: str
    line: Mapping[str, Any]


class Run:
    """A run under way: it numbers events and keeps none, the event log does. Used on the event loop's thread only.

    `publish` hears of every event; `now` gives seconds since the epoch.
    """

    def __init__(
        self,
        run_id: str,
        flow_id: str,
        *,
        now: Callable[[], float],
        publish: Callable[[Stamped], None],
        origin: str = "",
    ) -> None:
        self.run_id = run_id
        self.flow_id = flow_id
        self.picture = Picture()
        self.answers = Answers()
        self.asked: dict[str, str] = {}
        """By requirement: the id of the event that asked for it last."""
        self.arrivals = Answers()
        """What windows to sign in came back with, by their state."""
        self.origin = origin
        self.on_line: Callable[[Line], None] = lambda line: None
        """Hears of every log line."""
        self.last_seq = -1
        self.bytes = 0
        """Of all events so far, as JSON."""
        self._now = now
        self._publish = publish

    @property
    def ended(self) -> bool:
        return self.picture.ended

    def record(self, event: Mapping[str, Any], ts: float) -> None:
        """Number the event and publish it. After the run's end nothing is recorded any more."""
        self.take(event, self.written(event, ts))

    def written(self, event: Mapping[str, Any], ts: float) -> str:
        """The event as JSON, all but its number and id. Any thread may ask."""
        full = {**event, "run_id": self.run_id, "ts": ts}
        if event.get("event") == "run_start":
            full["flow_id"] = event.get("flow_id") or self.flow_id
        for given_here in ("seq", "event_id"):
            full.pop(given_here, None)
        return event_text(full)

    def take(self, event: Mapping[str, Any], body: str) -> None:
        """The same as `record`, of an event that is written already."""
        if self.ended:
            return
        seq = self.last_seq + 1
        stamped = Stamped(self.run_id, seq, f"{self.run_id}-{seq}", body)
        self.picture.apply(event)
        if event.get("event") == "AgentPaused":
            needs = [str(each["id"]) for each in event["requirements"]]
            self.asked.update(dict.fromkeys(needs, stamped.event_id))
            self.answers.forget(needs)
        self.last_seq = seq
        self.bytes += size(body)
        self._publish(stamped)

    def finish(self, status: Literal["success", "error", "killed"], error: str | None = None) -> None:
        """End the run if it has not ended itself; what a bad end leaves open ends with it."""
        if status != "success":
            for (node_id, call_id), start in list(self.picture.open_tools.items()):
                name = {"tool_name": start["tool_name"]} if "tool_name" in start else {}
                event = {"event": "end_tool", "node_id": node_id, "tool_call_id": call_id, **name}
                self.record({**event, "status": status}, self._now())
            for node_id, order in reversed(list(self.picture.open_nodes)):
                event = {"event": "end_node", "node_id": node_id, "order": order, "status": status}
                self.record({**event, "implied": True}, self._now())
        end = {"event": "run_end", "status": status}
        self.record(end if error is None else {**end, "error": error}, self._now())

    def write(self, level: Level, text: str, node_id: str | None, ts: float) -> None:
        """Tell a log line."""
        line: dict[str, Any] = {"ts": ts, "level": level, "text": text[:MAX_LINE_CHARS]}
        self.on_line(Line(self.run_id, line if node_id is None else {**line, "node_id": node_id}))


class RunHandle:
    """What a flow holds of its run: to tell what happens, and to wait for people. Any thread may use it."""

    def __init__(self, run: Run, *, now: Callable[[], float]) -> None:
        self._run = run
        self._now = now
        self._loop = asyncio.get_running_loop()

    @property
    def run_id(self) -> str:
        return self._run.run_id

    @property
    def ended(self) -> bool:
        """True once the run is over, also because it was stopped: then no work is of use any more."""
        return self._run.ended

    def emit(self, event: Mapping[str, Any]) -> None:
        """Send an event of the contract; `run_id`, `seq`, `event_id` and `ts` are filled in here.

        After the run's end this does nothing. Raises ValueError for what is no event of the contract.
        """
        copy = dict(event)
        body = self._run.written(copy, self._now())
        _check(copy.get("event"), body)
        self._on_loop(lambda: self._run.take(copy, body))

    def log(self, level: Level, text: str, node_id: str | None = None) -> None:
        """Write a line to the run's log."""
        ts = self._now()
        self._on_loop(lambda: self._run.write(level, text, node_id, ts))

    async def answered(self, *requirement_ids: str) -> dict[str, dict[str, Any]]:
        """Wait until people have answered these requirements of an `AgentPaused`; the answers by id."""
        return await self._run.answers.wait(requirement_ids)

    async def came_back(self, state: str) -> dict[str, str]:
        """Wait for the window that was sent away to sign in with this state: what its address bore."""
        return (await self._run.arrivals.wait([state]))[state]

    @property
    def origin(self) -> str:
        """The server's own address, as the page called it: `http://host:port`."""
        return self._run.origin

    def _on_loop(self, act: Callable[[], None]) -> None:
        """Act now on the loop's own thread, else soon; in both cases in the order of the calls."""
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._loop:
            act()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)


def _check(name: object, body: str) -> None:
    try:
        EVENT_ADAPTER.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the event"
        raise ValueError(f"{name!r} is no event of the contract: {where}: {first['msg']}.") from None
