"""Replay: a recorded run in place of a backend. NDJSON: the flow first, then its events, paced by their `ts`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import from_json

from ..clock import Clock, sleep
from ..contract.flow import Flow
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..ports import Http
from ..settings import Settings

MAX_PAUSE_S = 5.0
"""Longer silences of the recorded run are cut to this."""


class Recording(NamedTuple):
    """A flow and the events of one run of it, as they were recorded."""

    flow: Flow
    events: list[dict[str, Any]]

    @classmethod
    def parse(cls, text: str, where: str) -> Recording:
        """Read NDJSON. Raises ApiError that names the line that cannot be used."""
        flow: Flow | None = None
        events: list[dict[str, Any]] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                item = from_json(line, allow_inf_nan=False)
                if isinstance(item, dict) and item.get("type") == "flow":
                    flow = Flow.model_validate(item)
                elif isinstance(item, dict):
                    events.append(item)
                else:
                    raise ValueError("it is not an object")
            except ValueError as error:
                raise ApiError(Sentence("replay.line", line=number, where=where, why=str(error))) from None
        if flow is None:
            raise ApiError(Sentence("replay.no_flow", where=where))
        return cls(flow, events)


class Replay:
    """Plays a recording as if a server sent it: each Play is a run of its own. Knows one flow."""

    def __init__(
        self,
        settings: Settings,
        http: Http,
        clock: Clock,
        deliver: Callable[[object], None],
        tell: Callable[[float], None],
    ) -> None:
        self._url, self._speed = settings.replay, settings.speed
        self._http = http
        self._clock = clock
        self._deliver = deliver
        self._tell = tell  # what time it is in the recording, seconds since the epoch
        self._recording: Recording | None = None
        self._plays = 0
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def load(self) -> Flow:
        """Fetch the recording; its flow. Raises ApiError."""
        status = 0
        try:
            answer = await self._http.request("GET", self._url)
            status = answer.status
            if status != 200:
                raise OSError(f"status {status}")
        except OSError as error:
            key = "replay.unreachable.why" if str(error) else "replay.unreachable"
            raise ApiError(Sentence(key, where=self._url, why=error), status=status) from None
        self._recording = Recording.parse(answer.text, self._url)
        return self._recording.flow

    async def given(self, run_id: str) -> None:
        """A recording is played as it is, whatever it is given."""

    async def start(self, flow_id: str, given: Any = None) -> str:
        """Begin to play; the id of the run. Raises ApiError before `load`."""
        if self._recording is None:
            raise ApiError(Sentence("replay.not_yet"))
        self._plays += 1
        events = [self._renamed(event) for event in self._recording.events]
        run_id = str(next((event["run_id"] for event in events if "run_id" in event), f"replay-{self._plays}"))
        self._tasks[run_id] = asyncio.ensure_future(self._play(run_id, events))
        return run_id

    async def stop(self, run_id: str) -> None:
        """End a run that plays, as a server would that was asked to kill it."""
        task = self._tasks.pop(run_id, None)
        if task is not None:
            task.cancel()
            self._deliver(json.dumps({"event": "run_end", "run_id": run_id, "status": "killed"}))

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """The recording goes on as it did."""

    def close(self) -> None:
        """Play nothing any more."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _play(self, run_id: str, events: list[dict[str, Any]]) -> None:
        before: float | None = None
        for event in events:
            ts = event.get("ts")
            if isinstance(ts, int | float):
                if before is not None and ts > before:
                    await sleep(self._clock, min(MAX_PAUSE_S, ts - before) / self._speed)
                if before is None or ts > before:
                    self._tell(ts)
                before = ts
            self._deliver(json.dumps(event))
        self._tasks.pop(run_id, None)

    def _renamed(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event as one of this play: a second run of the same id would be taken for a duplicate."""
        if self._plays == 1:
            return event
        return event | {name: f"{event[name]}~{self._plays}" for name in ("run_id", "event_id") if name in event}
