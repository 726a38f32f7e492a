"""Resync: what the stream did not bring is asked for, over the link or over HTTP, so that nothing stays missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ..contract.control import CatchUp, Control, Hello
from ..contract.decode import Decoded
from ..errors import ApiError
from ..link.link import Link
from ..run.record_old import RunRecord
from .context import HandlerContext
from .intake import Intake
from .truth import ask, doubt, sync_row

TASK_S = 10.0
"""Fetching what is missing is given up after this long; the next sign of a gap asks again."""


class Resync:
    """Owns which runs are subscribed to. `take(items, catch_up)` hands events that came over HTTP to the inbox."""

    def __init__(
        self,
        context: HandlerContext,
        intake: Intake,
        take: Callable[[Iterable[Decoded], bool], None],
        *,
        link: Link,
    ) -> None:
        self._context = context
        self._intake = intake
        self._take = take
        self._link = link
        self._opened = False
        self._wanted: set[str] = set()
        """Runs to subscribe to, on this link and on the next."""
        context.tracking.on_clear(self._wanted.discard)

    def greet(self) -> None:
        """The link is open (again): say what is known, and ask what the stream may not tell."""
        cursors: dict[str, int] = {}
        for run in self._context.tracking.runs():
            if run.over and not run.provisional:
                continue
            cursor = self._intake.cursor(run.run_id)
            if cursor is not None:
                cursors[run.run_id] = cursor
        for run_id in sorted(self._wanted):
            self.subscribe(run_id)
        self._link.send({"type": "resume", "runs": cursors})
        if self._opened:
            self._intake.relinked()
            self.ask_all()
        self._opened = True

    def control(self, frame: Control) -> None:
        """React to a control frame."""
        if isinstance(frame, Hello):
            self._intake.sparse, self._intake.resumes = bool(frame.sparse), True
        elif isinstance(frame, CatchUp) and frame.to_seq < frame.from_seq and self._intake.is_forgotten(frame.run_id):
            self._forgotten(frame.run_id)
        self._link.control(frame)

    def subscribe(self, run_id: str) -> None:
        """Ask the server for the events of a run, now and after each reconnect until the run is over."""
        run = self._context.tracking.find(run_id)
        if run is not None and run.over and not run.provisional:
            self._wanted.discard(run_id)
            return
        self._wanted.add(run_id)
        self._link.send({"type": "subscribe", "run_id": run_id})

    def fill_gap(self, run_id: str, after: int) -> None:
        """Fetch the events behind number `after`; what does not come in time is given up by the intake."""
        self._fetch(run_id, after, catch_up=False)

    def compare(self, run: RunRecord, last_seq: int, seen: int | None) -> None:
        """The server's last number of a run, and the highest that was seen when it was asked.

        A higher number: events were lost at the end of the stream, and no later one may ever show that gap. A lower
        one: its history may have begun again; it is read from the start, and the intake finds out.
        """
        if seen is not None and last_seq < seen:
            self._intake.distrust(run.run_id)
            self._fetch(run.run_id, -1, catch_up=True)
            return
        after = self._intake.fetch_after(run.run_id)
        if after is not None and after < last_seq:
            self._fetch(run.run_id, after, catch_up=True)

    def ask_all(self) -> None:
        """Ask how the runs are that are not over: after a reconnect, and when the page is looked at again."""
        if self._context.api.available:
            for run in self._context.tracking.runs():
                if not run.over:
                    self._context.tasks.start(run.run_id, "snapshot", partial(ask, run, self._context))

    def lost(self, run_id: str, first: int, last: int) -> None:
        """Say that events will not come."""
        count = last - first + 1
        self._context.notices.say(f"lost {run_id}", self._context.words("events.lost", count=count))
        self._context.reporter.log("warning", f"[Intake] run {run_id}: events {first} to {last} are missing.")

    def begin_anew(self, run_id: str) -> None:
        """The server's history of a run began again: what was known of it goes, its row and its place stay."""
        run = self._context.tracking.restart(run_id)
        sync_row(run, self._context)
        self._context.refresh(run)
        self._context.notices.say(f"lost {run_id}", self._context.words("history.anew"))
        self._context.reporter.log("warning", f"[Intake] run {run_id}: the server's history of it began again.")

    def _forgotten(self, run_id: str) -> None:
        """The server says that it has nothing of a run any more; what is shown of it stays."""
        run = self._context.tracking.find(run_id)
        if run is not None and not run.over:
            self._context.tasks.start(run_id, "snapshot", partial(self._ask_or_doubt, run))

    async def _ask_or_doubt(self, run: RunRecord) -> None:
        try:
            await ask(run, self._context)
        except ApiError:
            doubt(run, self._context, self._context.words("unverified.forgotten"))

    def _fetch(self, run_id: str, after: int, *, catch_up: bool) -> None:
        if self._context.api.available:
            work = partial(self._fetch_events, run_id, after, catch_up)
            self._context.tasks.start(run_id, "gap", work, bound_s=TASK_S)

    async def _fetch_events(self, run_id: str, after: int, catch_up: bool) -> None:
        try:
            items = await self._context.api.events(run_id, after)
            self._take(self._intake.without_known(items), catch_up)
        except ApiError as error:
            self._context.reporter.log("warning", f"[Resync] events could not be fetched: {error}")
