"""One run: its numbered events, its log lines, and the handle through which a flow tells what happens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from flowglow.relay.picture import Picture
from flowglow.wire import event_text, size
from pyapp.contract.events import EVENT_ADAPTER

from .answers import Answers

MAX_EVENTS = 50_000
MAX_EVENT_BYTES = 32 << 20
"""Events of one run that are kept; the oldest go first."""
MAX_LINES = 10_000
MAX_LINE_CHARS = 4_000

Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event as it goes out: its run, its number, and its JSON."""

    run_id: str
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A log line as it goes out."""

    run_id: str
    line: Mapping[str, Any]


class Run:
    """Everything the server keeps of one run. Bounded; used on the event loop's thread only.

    `publish` hears of every event once it is in the log; `now` gives seconds since the epoch.
    """

    def __init__(
        self,
        run_id: str,
        flow_id: str,
        *,
        now: Callable[[], float],
        publish: Callable[[Stamped], None],
        max_events: int = MAX_EVENTS,
        origin: str = "",
    ) -> None:
        self.run_id = run_id
        self.flow_id = flow_id
        self.started_at = now()
        self.ended_at: float | None = None
        self.input: Any = None
        """What Play sent."""
        self.picture = Picture()
        self.answers = Answers()
        self.arrivals = Answers()
        """What windows to sign in came back with, by their state."""
        self.origin = origin
        self.on_line: Callable[[Line], None] = lambda line: None
        """Hears of every log line."""
        self.last_seq = -1
        self.bytes = 0
        self._now = now
        self._publish = publish
        self._max_events = max_events
        self._events: deque[Stamped] = deque()
        self._lines: deque[dict[str, Any]] = deque(maxlen=MAX_LINES)
        self._line_count = 0

    @property
    def ended(self) -> bool:
        return self.picture.ended

    @property
    def first_seq(self) -> int:
        """The oldest event that is kept; one more than the last when there is none."""
        return self._events[0].seq if self._events else self.last_seq + 1

    def record(self, event: Mapping[str, Any], ts: float) -> None:
        """Number the event, keep it and publish it. After the run's end nothing is recorded any more."""
        if self.ended:
            return
        seq = self.last_seq + 1
        if event.get("event") == "run_start":
            event = {**event, "flow_id": event.get("flow_id") or self.flow_id}
        full = {**event, "run_id": self.run_id, "seq": seq, "event_id": f"{self.run_id}-{seq}", "ts": ts}
        stamped = Stamped(self.run_id, seq, event_text(full))
        self.picture.apply(event)
        self.last_seq = seq
        self._keep(stamped)
        if self.ended:
            self.ended_at = ts
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

    def events(self, after: int) -> list[Stamped]:
        """The kept events behind number `after`, in order."""
        return [each for each in self._events if each.seq > after]

    def write(self, level: Level, text: str, node_id: str | None, ts: float) -> None:
        """Add a log line."""
        line: dict[str, Any] = {"ts": ts, "level": level, "text": text[:MAX_LINE_CHARS]}
        full = line if node_id is None else {**line, "node_id": node_id}
        self._lines.append(full)
        self._line_count += 1
        self.on_line(Line(self.run_id, full))

    def lines(self, after: int) -> dict[str, Any]:
        """The kept log lines behind cursor `after` (0: all), and the cursor to ask with next."""
        skipped = max(0, after - (self._line_count - len(self._lines)))
        return {"lines": list(self._lines)[skipped:], "cursor": self._line_count}

    def summary(self) -> dict[str, Any]:
        """The run in a list: without its results, which may be large."""
        return {key: value for key, value in self.json().items() if key != "results"}

    def json(self) -> dict[str, Any]:
        """The run as `GET /runs/{id}` gives it."""
        picture = self.picture
        answer: dict[str, Any] = {
            "run_id": self.run_id,
            "flow_id": self.flow_id,
            "status": picture.status,
            "started_at": self.started_at,
            "results": {node_id: result.json() for node_id, result in picture.results.items()},
            "requirements": list(picture.requirements.values()),
            "interactions": list(picture.interactions.values()),
        }
        optional = {
            "input": self.input,
            "ended_at": self.ended_at,
            "last_seq": self.last_seq if self.last_seq >= 0 else None,
            "error": picture.error,
        }
        return answer | {key: value for key, value in optional.items() if value is not None}

    def _keep(self, stamped: Stamped) -> None:
        self._events.append(stamped)
        self.bytes += size(stamped.text)
        while len(self._events) > self._max_events or self.bytes > MAX_EVENT_BYTES:
            self.bytes -= size(self._events.popleft().text)


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
        ts, copy = self._now(), {**event, "run_id": self.run_id}
        _check(copy)
        self._on_loop(lambda: self._run.record(copy, ts))

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


def _check(event: Mapping[str, Any]) -> None:
    try:
        EVENT_ADAPTER.validate_json(event_text(event))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the event"
        name = event.get("event")
        raise ValueError(f"{name!r} is no event of the contract: {where}: {first['msg']}.") from None
