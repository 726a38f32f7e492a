"""Stores: every store of one page, sharing one batch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ..contract.flow import Flow, FlowGraph
from ..contract.location import Looked, ViewName, Visit
from ..locale.catalogue import Sentence
from ..run.record import Wanted
from .link import Away, LinkState
from .listing import Paging, RunsFilter
from .rows import (
    Draft,
    EditorState,
    GroupState,
    HandlerHealth,
    Quarantined,
    RunKey,
    RunLog,
    RunRow,
    ToolNames,
    ViewHealth,
)
from .store import Batch, MapStore, Store
from .tables import ChatStore, InteractionsStore, MetricsStore, MockStore, NoticesStore, RunTable


class Stores:
    """Owns the stores; knows no handler and no view."""

    def __init__(self, on_error: Callable[[str, BaseException], None]) -> None:
        self.batch = Batch(on_error)
        self.editor: Store[EditorState] = Store(self.batch, EditorState())
        self.draft: Store[Draft | None] = Store(self.batch, None)
        """What was put into the field for the input; what is typed there is the field's."""
        self.front: Store[str | None] = Store(self.batch, None)
        """The run that canvas, output, chat and log show."""
        self.flows: Store[tuple[Flow, ...] | None] = Store(self.batch, None)
        """The flows the server offers (id and name; nodes only where loaded). None: it did not say yet."""
        self.graph: Store[FlowGraph | None] = Store(self.batch, None)
        """The flow on the canvas."""
        self.canvas: Store[int] = Store(self.batch, 0)
        """Rises whenever there are other node elements on the canvas than before, whoever put them there."""
        self.folded: Store[frozenset[str]] = Store(self.batch, frozenset())
        """The groups of the canvas that are folded to the size of a node."""
        self.selected: Store[str | None] = Store(self.batch, None)
        """The node a person chose."""
        self.view: Store[ViewName] = Store(self.batch, "canvas")
        """How the run in front is shown."""
        self.looked: Store[Looked] = Store(self.batch, Looked())
        """How the timeline is looked at, or is to be."""
        self.visit: Store[Visit] = Store(self.batch, Visit())
        """What the page's address says."""
        self.today: Store[date] = Store(self.batch, date.min)
        """The day, here, by the server's clock."""
        self.toast: Store[tuple[int, str]] = Store(self.batch, (0, ""))
        """What was just done, in words, and how often something was."""
        self.runs: MapStore[str, RunRow] = MapStore(self.batch)
        self.away: MapStore[str, Away] = MapStore(self.batch)
        """The runs that nothing is heard of now: their time stands."""
        self.runs_filter: Store[RunsFilter] = Store(self.batch, RunsFilter())
        self.paging: Store[Paging] = Store(self.batch, Paging())
        self.mock = MockStore(self.batch)
        self.groups: RunTable[GroupState] = RunTable(self.batch)
        self.tools: RunTable[ToolNames] = RunTable(self.batch)
        self.chat = ChatStore(self.batch)
        self.interactions = InteractionsStore(self.batch)
        self.taken_up: Store[tuple[RunKey, int] | None] = Store(self.batch, None)
        """The card that a person opened last; the number tells wishes apart."""
        self.own_answers: RunTable[dict[str, Any]] = RunTable(self.batch)
        """What was answered on this page and accepted, by requirement."""
        self.can_notify: Store[bool] = Store(self.batch, False)
        """A person can be asked whether notifications are wanted."""
        self.answered: RunTable[Wanted] = RunTable(self.batch)
        """What people were asked and is closed, with the answer where the server told it."""
        self.logs: MapStore[str, RunLog] = MapStore(self.batch)
        self.link: Store[LinkState] = Store(self.batch, LinkState())
        self.limits: Store[tuple[Sentence, ...]] = Store(self.batch, ())
        """What the backend cannot do."""
        self.notices = NoticesStore(self.batch)
        self.metrics = MetricsStore(self.batch)
        self.quarantine: Store[tuple[Quarantined, ...]] = Store(self.batch, ())
        self.health: MapStore[str, HandlerHealth] = MapStore(self.batch)
        self.view_health: MapStore[str, ViewHealth] = MapStore(self.batch)
        self._own: list[RunTable[Any]] = []

    def own_table(self) -> RunTable[Any]:
        """A new table of a portal's own; what it has of a run goes with the run."""
        self._own.append(RunTable(self.batch))
        return self._own[-1]

    def forget(self, run_id: str) -> None:
        """Everything that is kept of a run goes, but for its row."""
        tables: tuple[RunTable[Any], ...] = (
            self.mock,
            self.groups,
            self.tools,
            self.chat,
            self.interactions,
            self.answered,
            self.own_answers,
            *self._own,
        )
        for table in tables:
            table.delete_run(run_id)
        self.logs.delete(run_id)
