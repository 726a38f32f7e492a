"""The handlers: one concern a file. A new handler is one file and one line in `all_handlers`."""

from __future__ import annotations

from ..live.handler import EventHandler
from .chat_stream import ChatStreamHandler
from .dom_visual import DOMVisualHandler
from .group_execution import GroupExecutionHandler
from .interaction import InteractionHandler
from .mock_store import MockStoreHandler
from .run_lifecycle import RunLifecycleHandler
from .tool_visualization import ToolVisualizationHandler


def all_handlers() -> list[EventHandler]:
    """The page's handlers, in the order in which they hear of an event; none depends on it."""
    return [
        DOMVisualHandler(),
        GroupExecutionHandler(),
        ToolVisualizationHandler(),
        MockStoreHandler(),
        RunLifecycleHandler(),
        ChatStreamHandler(),
        InteractionHandler(),
    ]
