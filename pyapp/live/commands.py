"""Commands: what a person at the page can do. Views call these; nothing else starts work for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from ..contract.location import Location, Looked, ViewName
from ..errors import ApiError
from ..link.backend import Questions
from ..link.replay import Replay
from ..run.tracking import ExecutionTracking
from ..stores.listing import RunsFilter
from ..stores.rows import Notice, RunKey, RunRow
from .answering import Answering
from .front import Front
from .navigation import Navigation
from .shared import Shared
from .starts import Starts
from .stops import Stops, stop_key
from .sync import Sync


class Commands:
    """Owns what a person has begun. Says in words what did not work."""

    def __init__(
        self,
        shared: Shared,
        tracking: ExecutionTracking,
        front: Front,
        sync: Sync,
        backend: Questions | Replay,
        navigation: Navigation,
    ) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._tracking = tracking
        self._front = front
        self._sync = sync
        self._starts = Starts(shared, tracking, front, sync, backend, navigation)
        self._stops = Stops(shared.stores, shared.clock, backend)
        self._answering = Answering(shared, tracking, sync, backend)
        self._navigation = navigation
        self._tasks: set[asyncio.Task[None]] = set()

    # -- runs and flows ---------------------------------------------------------------------------
    def play(self, given: Any = None) -> None:
        """Start a run of the flow on the canvas with this input; does nothing while the editor is locked."""
        flow_id = self._front.flow_id
        if flow_id is None or self._stores.editor.get().locked:
            return
        self._edit(starting=True)
        self._spawn("play", self._starts.play(flow_id, given, self._navigation.wish()))

    async def start(self, flow_id: str, given: Any = None) -> str:
        """Start a run of any flow, for somebody who waits for its id. Raises ApiError."""
        self._edit(starting=True)
        return await self._starts.of(flow_id, given, self._navigation.wish())

    def again(self, run_id: str) -> None:
        """Start a run with the flow and the input of another; it comes to the front, its flow along with it."""
        flow_id = self._flow_of(run_id)
        if flow_id is not None and not self._stores.editor.get().starting:
            self._edit(starting=True)
            self._spawn("play", self._starts.again(flow_id, run_id, self._navigation.wish()))

    def reuse(self, run_id: str) -> None:
        """Put what a run was given into the field for the input, its flow onto the canvas: to change it first."""
        flow_id = self._flow_of(run_id)
        if flow_id is not None:
            self.choose_flow(flow_id)
            self._spawn("reuse", self._starts.reuse(flow_id, run_id))

    def fill_in(self, given: Any) -> None:
        """Put this into the field for the input of the flow on the canvas."""
        if self._front.flow_id is not None:
            self._starts.draft(self._front.flow_id, given)

    def stop(self, run_id: str | None = None) -> bool:
        """Ask the server to kill a run, the one in front if none is named; it says stopping until a terminal event.

        False where there is no such run, as far as anybody told, or it is over.
        """
        row = self._stores.runs.get(run_id) if run_id is not None else self._front_row()
        if row is None or row.over or not row.known:
            return False
        if not row.stopping:
            self._stores.runs.set(row.run_id, replace(row, stopping=True))
            self._spawn("stop", self._stop(row.run_id))
        return True

    def show_run(self, run_id: str) -> None:
        """Bring a run to the front, its flow along with it; the newest choice wins."""
        self._navigation.show_run(run_id)

    def choose_flow(self, flow_id: str) -> None:
        """Put another flow on the canvas; no run is in front until one is shown."""
        self._navigation.choose_flow(flow_id)

    def adopt(self, run_id: str) -> None:
        """Bring a run to the front that a person named, whether or not it was heard of."""
        self._navigation.adopt(run_id)

    def go(self, location: Location) -> None:
        """Be where a person was, or was to be: back, forward."""
        self._navigation.go(location)

    # -- the list of runs -------------------------------------------------------------------------
    def filter_runs(self, wanted: RunsFilter) -> None:
        """See only these runs, in this order."""
        self._stores.runs_filter.set(wanted)
        self._sync.listing.chosen()

    def older_runs(self) -> None:
        """Bring in the next page of older runs."""
        self._sync.listing.older()

    # -- what is shown ----------------------------------------------------------------------------
    def show_view(self, view: ViewName) -> None:
        """Show the run on the canvas, or as a timeline."""
        self._navigation.show_view(view)

    def look(self, looked: Looked) -> None:
        """Look at the timeline of a run on this scale, at this part of it."""
        self._navigation.look(looked)

    def choose_node(self, node_id: str | None) -> None:
        """Choose a node: its output entry opens, the canvas marks it, and what it waits for is unfolded."""
        self._stores.selected.set(node_id)
        self._unfold(node_id)

    def seek_node(self, node_id: str | None) -> None:
        """Choose a node that somebody named: one that is not there is said to be missing."""
        self._navigation.seek_node(node_id)
        self._unfold(node_id)

    def _unfold(self, node_id: str | None) -> None:
        for card in list(self._stores.interactions.of_run(self._stores.front.get()).values()):
            if card.away and node_id is not None and card.node_id == node_id:
                self.take_up(card.key)

    def fold(self, group_id: str) -> None:
        """Fold a group to the size of a node, or unfold it."""
        self._stores.folded.set(self._stores.folded.get() ^ {group_id})

    def unlock(self) -> None:
        """Let a person edit although the run in front is not known to be over."""
        row = self._front_row()
        if row is not None and row.status == "unverified":
            self._edit(unlocked_run=row.run_id)

    def dismiss(self, notice: str) -> None:
        """Put a notice away."""
        self._stores.notices.dismiss(notice)

    # -- what waits for a person ------------------------------------------------------------------
    def answer(self, key: RunKey, answer: dict[str, Any]) -> None:
        """Send a person's answer to a card, once; should it not arrive, the card says why and can be sent again."""
        card = self._stores.interactions.get(key)
        if card is not None and card.wanted is not None and card.state == "open":
            self._stores.interactions.set(key, replace(card, state="sending", error=None))
            full = {"id": card.wanted.requirement.id, **answer}
            self._spawn("answer", self._answering.give(key, card.wanted.continue_run_id or card.run_id, full))

    def put_away(self, key: RunKey) -> None:
        """Not now: fold a sign-in to one line; the run goes on waiting for it."""
        self._stores.interactions.dismiss(key)

    def take_up(self, key: RunKey) -> None:
        """See what a card asks: its run comes to the front, and what was put away is unfolded."""
        card = self._stores.interactions.get(key)
        if card is not None:
            before = self._stores.taken_up.get()
            self._stores.interactions.set(key, replace(card, away=False))
            self._stores.taken_up.set((key, before[1] + 1 if before is not None else 0))
            if card.run_id != self._stores.front.get():
                self.show_run(card.run_id)

    # -- the page itself --------------------------------------------------------------------------
    def reconnect(self) -> None:
        """Try to connect now."""
        self._sync.reconnect()

    def retry(self, handler: str) -> None:
        """Let a handler show once more what it failed on; no other handler hears of it."""
        with self._stores.batch():
            self._front.router.retry(handler)

    def redraw(self) -> None:
        """Make every record again from its log, and the picture from the records."""
        for run in self._tracking.runs():
            self._tracking.fold_anew(run)
            self._sync.runs.repaint(run)

    def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()

    # -- inside -----------------------------------------------------------------------------------
    def _flow_of(self, run_id: str) -> str | None:
        row = self._stores.runs.get(run_id)
        return (row.flow_id if row is not None else None) or self._front.flow_id

    def _front_row(self) -> RunRow | None:
        return self._stores.runs.get(self._stores.front.get() or "")

    def _edit(self, **changes: Any) -> None:
        self._stores.editor.set(replace(self._stores.editor.get(), **changes))

    async def _stop(self, run_id: str) -> None:
        await self._guard("stop", self._stops.stop(run_id), stop_key(run_id))
        await self._stops.insist(run_id)

    def _spawn(self, name: str, work: Coroutine[Any, Any, object], notice: str = "") -> None:
        """Do it; what did not work is said in the words of `failed.<name>`, in a notice of its own."""
        task = asyncio.ensure_future(self._guard(name, work, notice or name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, name: str, work: Coroutine[Any, Any, object], key: str) -> None:
        try:
            await work
            self._stores.notices.delete(key)
        except Exception as error:
            if not isinstance(error, ApiError):
                self._shared.reporter.failed("Commands", name, error)
            self._stores.notices.alert(key, self._shared.words(f"failed.{name}", reason=error), news=True)
            if isinstance(error, ApiError) and error.later is not None:
                notice = self._stores.notices.get(key)
                error.later.add_done_callback(lambda done: self._came_about(key, notice, done))

    def _came_about(self, key: str, notice: Notice | None, done: asyncio.Future[str]) -> None:
        """What was given up has begun: that it could not be done is true no more."""
        if not done.cancelled() and done.exception() is None and self._stores.notices.get(key) is notice:
            self._stores.notices.delete(key)
