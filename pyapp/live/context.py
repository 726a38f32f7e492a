"""HandlerContext: everything a handler may use, given to it with each event."""

from __future__ import annotations

from ..ports import Document
from ..run.fold.step import Touched
from ..run.run import Run
from ..run.tracking import ExecutionTracking
from .shared import Shared
from .tasks import RunTasks


class HandlerContext:
    """Shared by all handlers of one page; nothing in it is global."""

    def __init__(self, shared: Shared, document: Document, tracking: ExecutionTracking, tasks: RunTasks) -> None:
        self.shared = shared
        self.document = document
        self.tracking = tracking
        self.tasks = tasks
        """Slow work of a run: bounded, cancelled with it."""
        self.wishes = shared.wishes
        """What is wanted of the server."""
        self.run: Run
        """The run of the event that is being handled, until its handler suspends; none before the first."""
        self.touched = Touched()
        """What that event changed in the run's record, by key."""
        self.clock, self.server_clock = shared.clock, shared.server_clock
        self.stores, self.notices = shared.stores, shared.stores.notices
        self.reporter, self.words = shared.reporter, shared.words

    def is_front(self, run_id: str) -> bool:
        """Whether this run is the one that canvas, output, chat and log show."""
        return self.stores.front.get() == run_id

    def is_drawn_live(self, run: Run) -> bool:
        """Whether an event of this run changes the canvas at once: in front, not over, not catching up."""
        return not run.over and not run.catching_up and self.stores.front.get() == run.run_id

    def is_group(self, run: Run, node_id: str) -> bool:
        """Whether a node contains others: by the flow, or by what the run told."""
        return node_id in run.record.groups or self.tracking.flow.is_group(node_id)
