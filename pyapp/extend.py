"""What a portal adds to the page from a Python file of its own, without a change to any of ours. The stable API.

    def register(page: Extension) -> None:
        page.handler(DeployHandler())
        page.tab("deploys", "Deployments", DeploysView)

Everything that a file needs is named here; what it imports from elsewhere in `pyapp` may change. See docs/extending.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .contract.events import Event
from .contract.flow import FlowNode
from .contract.own import OwnEvent
from .errors import Failure, HandlerError
from .live.context import HandlerContext
from .live.handler import EventHandler
from .ports import DomEvent, Element
from .run.run import Run
from .stores.tables import RunTable
from .views.canvas.own_nodes import NodeView
from .views.context import View, ViewContext
from .views.keyed import Drawn, Keyed

__all__ = [
    "DomEvent", "Drawn", "Element", "Event", "EventHandler", "Extension", "Failure", "FlowNode", "HandlerContext",
    "HandlerError", "Keyed", "NodeView", "OwnEvent", "Run", "RunTable", "View", "ViewContext",
]  # fmt: skip

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
Part = tuple[str, Any]


class Extension:
    """Given to `register`: notes what a file adds. It is added once `register` has returned, each part for itself."""

    def __init__(self, name: str, new_table: Callable[[], RunTable[Any]]) -> None:
        self.name = name
        self.parts: list[Part] = []
        """What is to be added, in order: the kind of part, and the part."""
        self._new_table = new_table

    def handler(self, handler: EventHandler) -> None:
        """Add a handler. It has a lane of its own, and its `messages` are read from now on."""
        self.parts.append(("handler", handler))

    def message(self, kind: type[OwnEvent]) -> None:
        """Read messages of a type that no handler of this file names."""
        self.parts.append(("message", kind))

    def tab(self, name: str, title: str, view: Callable[[ViewContext, Element], View]) -> None:
        """Add a tab to the panel on the right. `view(context, place)` makes what draws in it; `name` is its address."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a tab: small letters, digits and dashes, at most 31.")
        self.parts.append(("tab", (name, title, view)))

    def styles(self, address: str) -> None:
        """Add a style sheet of the page's own origin, behind all of ours. Its address is relative to the page's."""
        self.parts.append(("styles", (self.name, address)))

    def view(self, view: Callable[[ViewContext], View]) -> None:
        """Add a view that has no tab: of nodes (NodeView), or of what it makes itself."""
        self.parts.append(("view", view))

    def table(self) -> RunTable[Any]:
        """A new table, keyed by (run id, name): handlers write, views draw from it. Its rows go with their run."""
        return self._new_table()

    def on_error(self, listener: Callable[[Failure], None]) -> None:
        """Call `listener` with each failure of the page from now on: to tell it to Sentry, say."""
        self.parts.append(("listener", listener))
