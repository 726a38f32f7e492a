"""Starts: runs that a person begins, with what they are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..contract.http import RunInfo
from ..errors import ApiError
from ..link.backend import Questions
from ..link.replay import Replay
from ..locale.display import snippet
from ..run.tracking import ExecutionTracking
from ..stores.rows import Draft
from .front import Front
from .navigation import Navigation
from .shared import Shared
from .sync import Sync


class Starts:
    """Owns the way of a run from a person's wish to its row. What fails is raised, for Commands to say.

    A run that is started is what a person wants to see, as of `wish`: unless they wanted to see something else since.
    """

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
        self._backend = backend
        self._navigation = navigation

    async def play(self, flow_id: str, given: Any, wish: int) -> str:
        """Start a run of the flow; it comes to the front, queued until something is heard of it. Its id."""
        try:
            run_id = await self._backend.start(flow_id, given)
            self._shared.memory.started(run_id)
            self._shared.memory.gave(flow_id, given)
            with self._stores.batch():
                self._queued(run_id, flow_id, given, wish)
            return run_id
        finally:
            self._started()

    async def of(self, flow_id: str, given: Any, wish: int) -> str:
        """Start a run of any flow, which goes onto the canvas. Its id."""
        if self._navigation.newest(wish) and flow_id != self._front.flow_id and self._sync.flows.available:
            self._sync.flows.choose(flow_id)
        return await self.play(flow_id, given, wish)

    async def again(self, flow_id: str, run_id: str, wish: int) -> None:
        """Start one with what another was given, its flow on the canvas."""
        try:
            given = await self._given(run_id)
        except ApiError:
            self._started()
            raise
        await self.of(flow_id, given, wish)

    async def reuse(self, flow_id: str, run_id: str) -> None:
        """Put what a run was given into the field of its flow."""
        self.draft(flow_id, await self._given(run_id))

    async def _given(self, run_id: str) -> Any:
        """What a run was given, as far as it is known here, else as the server says."""
        run, row = self._tracking.find(run_id), self._stores.runs.get(run_id)
        known = next((each for each in (run and run.input, row and row.given) if each is not None), None)
        return known if known is not None else await self._backend.given(run_id)

    def draft(self, flow_id: str, given: Any) -> None:
        """Put this into the field of a flow."""
        before = self._stores.draft.get()
        self._stores.draft.set(Draft(flow_id, given, before.serial + 1 if before is not None else 0))

    def _queued(self, run_id: str, flow_id: str, given: Any, wish: int) -> None:
        """The server accepted a run: until an event comes, that is all it said."""
        run = self._tracking.run(run_id)
        started_at = self._shared.server_clock.now()
        info = RunInfo(run_id=run_id, flow_id=flow_id, status="queued", started_at=started_at, input=given)
        if not run.record.events:
            self._tracking.hear(run, info, self._tracking.asking(run))
        self._front.seen(run)
        if self._navigation.newest(wish):
            self._front.bring(run_id)
            self._front.router.repaint(run)
        else:
            self._front.leave(run_id)
        row = self._stores.runs.get(run_id)
        if row is not None and row.given is None:  # its first events came before the server's answer
            self._stores.runs.set(run_id, replace(row, given=given, input=snippet(given)))
        self._sync.subscribe(run_id)

    def _started(self) -> None:
        self._stores.editor.set(replace(self._stores.editor.get(), starting=False))
