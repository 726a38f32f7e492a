"""AddressView: what is on the screen, in the page's address; and the way back."""

from __future__ import annotations

from ...clock import Timer
from ...contract.location import VIEWS, Location, Visit, read_location, write_location
from ...ports import DomEvent
from ..context import View, ViewContext

PAUSE_S = 0.4
"""Between two writings: browsers refuse more than about a hundred in half a minute."""


class AddressView(View):
    """Owns the address, and brings the tab it names to the front.

    A choice of a run or a flow makes a place to come back to, all else takes its place.
    A recorded run begins anew with each page: of it only the view is said.
    """

    rank = 8

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._address = context.platform.address
        self._choices = 0
        self._pause: Timer | None = None
        self.owns(self._address.on_moved(self._moved))
        self.owns(self._address.on_leaving(self._leave))
        self.owns(self._rest)
        self.shows(self._draw, self.stores.visit)
        self._tab: str | None = "canvas"
        """The tab that is in front on the page, by its panel."""
        self.shows(self._turn, self.stores.view)
        self.on("view-tabs", "click", "[role=tab]", self._turned)

    def _draw(self) -> None:
        visit = self.stores.visit.get()
        chosen = visit.choices != self._choices
        if self._pause is not None and not chosen:
            return  # it is written behind the pause
        self._choices = visit.choices
        query = self._address.read()
        written = write_location(query, self._said(visit))
        if written != query:
            self._address.write(written, push=chosen)
            self._rest()
            self._pause = self.context.shared.clock.call_later(PAUSE_S, self._go_on)

    def _turn(self) -> None:
        """A link, or the way back, leads to another tab."""
        view = self.stores.view.get()
        if view != self._tab:
            self._tab = view
            self.context.platform.zones.reveal(view)

    def _turned(self, event: DomEvent) -> None:
        """A person chose a tab: it is in front already."""
        panel = (event.attribute("aria-controls") or "").removeprefix("panel-")
        for view in VIEWS:
            if view == panel:
                self._tab = view
                self.commands.show_view(view)

    def _said(self, visit: Visit) -> Location:
        return Location(view=visit.location.view) if self.context.settings.replay else visit.location

    def _go_on(self) -> None:
        self._pause = None
        self.redraw()

    def _leave(self) -> None:
        """The page is loaded anew from its address: what waits for the end of the pause is written now."""
        self._rest()
        self._draw()

    def _rest(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def _moved(self) -> None:
        self.commands.go(read_location(self._address.read()))
