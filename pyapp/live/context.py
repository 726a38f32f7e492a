"""HandlerContext: everything a handler may use, given to it with each event."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..clock import Clock
from ..errors import ErrorReporter
from ..link.api import Api
from ..locale.catalogue import Catalogue
from ..ports import Document
from ..run.groups_old import Groups
from ..run.record_old import RunRecord
from ..run.tracking_old import ExecutionTracking
from ..stores.notices import NoticesStore
from ..stores.stores import Stores
from .tasks import RunTasks


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """Shared by all handlers of one page; nothing in it is global."""

    stores: Stores
    tracking: ExecutionTracking
    clock: Clock
    document: Document
    api: Api
    tasks: RunTasks
    reporter: ErrorReporter
    words: Catalogue
    refresh: Callable[[RunRecord], None]
    """Paint everything of a run again: its record changed other than by an event."""
    compare: Callable[[RunRecord, int, int | None], None] = lambda run, last_seq, seen: None
    """The last number that the server has of a run, and the highest seen when it was asked: see `Resync.compare`."""

    @property
    def notices(self) -> NoticesStore:
        return self.stores.notices

    def is_front(self, run_id: str) -> bool:
        """Whether this run is the one that canvas, output, chat and log show."""
        return self.stores.front.get() == run_id

    def groups(self, run: RunRecord) -> Groups:
        """The groups of a run, in the flow on the canvas."""
        return self.tracking.groups(run.run_id, self._parent_of, self._children_of)

    def is_group(self, run: RunRecord, node_id: str) -> bool:
        """Whether a node contains others: by the flow, or by what the run announced."""
        return bool(self._children_of(node_id)) or self.groups(run).is_group(node_id)

    def _parent_of(self, node_id: str) -> str | None:
        graph = self.stores.graph.get()
        return graph.parent(node_id) if graph is not None else None

    def _children_of(self, node_id: str) -> Collection[str]:
        graph = self.stores.graph.get()
        return graph.children(node_id) if graph is not None else ()

    def is_drawn_live(self, run: RunRecord) -> bool:
        """Whether an event of this run changes the canvas at once: in front, not over, not catching up."""
        return not run.over and not run.catching_up and self.stores.front.get() == run.run_id
