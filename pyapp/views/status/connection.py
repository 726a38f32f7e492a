"""ConnectionView: the state of the link in words, with “Try now” while it waits."""

from __future__ import annotations

from ...clock import Timer
from ..context import View, ViewContext
from ..parts import button, icon

ICONS = {
    "connecting": "plug",
    "open": "plug-zap",
    "waiting": "refresh-cw",
    "offline": "wifi-off",
    "closed": "unplug",
}


class ConnectionView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("connection")
        self._icon = self.document.create("span", "connection-icon")
        self._text = self.document.create("span", "connection-text", role="status")
        self._retry = button(self.document, self.words("connection.retry"), "refresh-cw", "quiet", data_action="retry")
        self._region.replaceChildren(self._icon, self._text, self._retry)
        self._timer: Timer | None = None
        self.on("connection", "click", "[data-action=retry]", lambda _: context.commands.reconnect())
        self.owns(self.stores.link.subscribe(lambda _: self._draw()))
        self.owns(self._stop)

    def _draw(self) -> None:
        link = self.stores.link.get()
        self._region.setAttribute("data-state", link.phase)
        self._region.setAttribute("title", link.reason or "")
        self._icon.replaceChildren(icon(self.document, ICONS[link.phase]))
        self._retry.hidden = link.phase not in ("waiting", "offline") and link.reason is None
        self._tick()

    def _tick(self) -> None:
        """While the link waits, the words count down."""
        self._stop()
        link = self.stores.link.get()
        if link.retry_at is None:
            key = "connection.replay" if link.phase == "closed" and link.attempt == 0 else f"connection.{link.phase}"
            self._text.textContent = self.words(key)
            return
        left = max(0.0, link.retry_at - self.context.clock.now())
        self._text.textContent = self.words("connection.waiting", seconds=round(left))
        if left > 0:
            self._timer = self.context.clock.call_later(min(1.0, left), self._tick)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
