"""The views: each draws one region of the page from the stores, and owns nothing else."""

from __future__ import annotations

from .badges import BadgesView
from .canvas import CanvasView
from .canvas_bar import CanvasBarView
from .chat import ChatView
from .connection import ConnectionView
from .context import View, ViewContext
from .edges import EdgesView
from .editor import EditorView
from .flow_choice import FlowChoiceView
from .inspector import InspectorView
from .interactions import InteractionsView
from .log import LogView
from .minimap import MinimapView
from .node_feet import NodeFeetView
from .notices import NoticesView
from .output import OutputView
from .runs import RunsView
from .titles import write_titles

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
