"""The views: each draws one region of the page from the stores, and owns nothing else."""

from __future__ import annotations

from .canvas.badges import BadgesView
from .canvas.canvas import CanvasView
from .canvas.canvas_bar import CanvasBarView
from .canvas.edges import EdgesView
from .canvas.minimap import MinimapView
from .canvas.node_feet import NodeFeetView
from .chat.chat import ChatView
from .context import View, ViewContext
from .people.interactions import InteractionsView
from .runs.editor import EditorView
from .runs.flow_choice import FlowChoiceView
from .runs.output import OutputView
from .runs.runs import RunsView
from .status.connection import ConnectionView
from .status.inspector import InspectorView
from .status.log import LogView
from .status.notices import NoticesView
from .status.titles import write_titles

ON_CANVAS = (MinimapView, EdgesView, CanvasBarView)
"""Views that need to know where things stand on the canvas."""

VIEWS: tuple[type[View], ...] = (
    BadgesView,
    NodeFeetView,
    EditorView,
    ConnectionView,
    FlowChoiceView,
    NoticesView,
    InteractionsView,
    RunsView,
    OutputView,
    ChatView,
    LogView,
    InspectorView,
)


def build_views(context: ViewContext) -> list[View]:
    """Draw the whole page; the canvas first, as others draw on its nodes."""
    write_titles(context)
    canvas = CanvasView(context)
    return [canvas, *(view(context, canvas) for view in ON_CANVAS), *(view(context) for view in VIEWS)]
