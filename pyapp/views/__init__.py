"""The views: each draws one region of the page from the stores, and owns nothing else."""

from __future__ import annotations

from .badges import BadgesView
from .canvas import CanvasView
from .connection import ConnectionView
from .context import View, ViewContext
from .editor import EditorView
from .flow_choice import FlowChoiceView
from .inspector import InspectorView
from .log import LogView
from .notices import NoticesView
from .output import OutputView
from .runs import RunsView
from .titles import write_titles

VIEWS: tuple[type[View], ...] = (
    CanvasView,
    BadgesView,  # after the canvas: a badge needs its node's element
    EditorView,
    ConnectionView,
    FlowChoiceView,
    NoticesView,
    RunsView,
    OutputView,
    LogView,
    InspectorView,
)


def build_views(context: ViewContext) -> list[View]:
    """Draw the whole page."""
    write_titles(context)
    return [view(context) for view in VIEWS]
