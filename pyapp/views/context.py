"""What every view gets, and what every view is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..clock import Clock
from ..contract.addresses import SignInRule
from ..live.commands import Commands
from ..locale.catalogue import Catalogue
from ..ports import Document, DomEvent, GraphLayout, Off, Viewport
from ..stores.stores import Stores


@dataclass(frozen=True, slots=True)
class ViewContext:
    """Shared by the views of one page."""

    stores: Stores
    document: Document
    words: Catalogue
    commands: Commands
    clock: Clock
    layout: GraphLayout
    viewport: Viewport
    sign_in: SignInRule = field(default_factory=SignInRule)


class View:
    """Draws one region. `close` ends all its listening."""

    def __init__(self, context: ViewContext) -> None:
        self.context = context
        self.stores = context.stores
        self.document = context.document
        self.words = context.words
        self._offs: list[Off] = []

    def owns(self, off: Off) -> None:
        """Have `off` called when the view closes."""
        self._offs.append(off)

    def on(self, region: str, event: str, selector: str, listener: Callable[[DomEvent], None]) -> None:
        """Listen in a region for as long as the view lives."""
        self.owns(self.document.on(region, event, selector, listener))

    def close(self) -> None:
        """End all listening."""
        for off in self._offs:
            off()
        self._offs.clear()
