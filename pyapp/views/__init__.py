"""The views: each draws one region of the page from the stores, and owns nothing else."""

from __future__ import annotations

from collections.abc import Callable

from ..live.commands import Commands
from ..live.shared import Shared
from ..ports import Platform
from ..settings import Settings
from .canvas.badges import BadgesView
from .canvas.canvas import CanvasView
from .canvas.canvas_bar import CanvasBarView
from .canvas.edges import EdgesView
from .canvas.failure import FailureView
from .canvas.minimap import MinimapView
from .canvas.node_feet import NodeFeetView
from .canvas.node_names import NodeNamesView
from .canvas.outcomes import OutcomesView
from .chat.chat import ChatView
from .context import View, ViewContext
from .details.details import DetailsView
from .keys.palette import PaletteView
from .people.interactions import InteractionsView
from .people.waiting_bar import WaitingBarView
from .runs.editor import EditorView, FlowChoiceView
from .runs.output import OutputView
from .runs.run_head import RunHeadView
from .runs.runs import RunsView
from .runs.runs_bar import RunsBarView
from .runs.summary import SummaryView
from .status.address import AddressView
from .status.announcer import AnnouncerView
from .status.connection import ConnectionView
from .status.inspector import InspectorView
from .status.log import LogView
from .status.notices import NoticesView
from .status.toast import ToastView
from .status.today import TodayView
from .timeline.timeline import TimelineView

ON_CANVAS = (MinimapView, EdgesView, CanvasBarView, FailureView, PaletteView)
"""Views that need to know where things stand on the canvas."""

VIEWS: tuple[type[View], ...] = (
    BadgesView,
    NodeFeetView,
    OutcomesView,
    EditorView,
    RunHeadView,
    ConnectionView,
    FlowChoiceView,
    NoticesView,
    InteractionsView,
    WaitingBarView,
    RunsBarView,
    RunsView,
    OutputView,
    DetailsView,
    SummaryView,
    ChatView,
    LogView,
    InspectorView,
    TimelineView,
    AddressView,
    ToastView,
    TodayView,
    NodeNamesView,
    AnnouncerView,
)


TITLED = (
    "runs", "run", "canvas", "timeline", "log", "side", "chat", "output", "details", "interactions", "inspector",
    "phone",
)  # fmt: skip
"""What has a heading, or a tab, with its name."""


class Page:
    """Owns the views of one page, and the frames in which they draw."""

    def __init__(self, shared: Shared, settings: Settings, platform: Platform, commands: Commands) -> None:
        self._context = ViewContext(shared, settings, platform, commands)
        self._views: list[View] = []

    def open(self) -> None:
        """Draw the whole page from now on; the canvas first, as others draw on its nodes."""
        context = self._context
        for region in TITLED:
            context.document.region(f"{region}-title").textContent = context.words(f"title.{region}")
        canvas = CanvasView(context)
        self._views = [canvas, *(view(context, canvas) for view in ON_CANVAS), *(view(context) for view in VIEWS)]

    def add(self, make: Callable[[ViewContext], View]) -> None:
        """Draw one view more, of a portal's own. Raises TypeError where what was made is none."""
        if not isinstance(view := make(self._context), View):
            raise TypeError(f"It must make a View, not {view!r:.80}.")
        self._views.append(view)

    def close(self) -> None:
        """Draw no more, and listen to nothing."""
        for view in self._views:
            view.close()
        self._views.clear()
        self._context.ticker.stop()
        self._context.caller.stop()
        self._context.frame.stop()
