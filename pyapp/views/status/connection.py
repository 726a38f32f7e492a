"""ConnectionView: the state of the link as a dot, in words where it is not well, with “Try now” while it waits."""

from __future__ import annotations

from ...ports import Off
from ..context import View, ViewContext

ICONS = {"connecting": "plug", "open": "plug-zap", "waiting": "refresh-cw", "offline": "wifi-off", "closed": "unplug"}


class ConnectionView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("connection")
        self._icon = self.create("span", "connection-icon")
        self._text = self.create("span", "connection-text", role="status")
        self._retry = self.parts.button(self.words("connection.retry"), "refresh-cw", "quiet", data_action="retry")
        self._region.replaceChildren(self._icon, self._text, self._retry)
        self._counting: Off = lambda: None
        self.on("connection", "click", "[data-action=retry]", lambda _: self.commands.reconnect())
        self.shows(self._draw, self.stores.link)

    def _draw(self) -> None:
        link = self.stores.link.get()
        self._region.setAttribute("data-state", link.phase)
        self._region.setAttribute("data-replay", str(bool(self.context.settings.replay)).lower())
        self._icon.replaceChildren(self.parts.icon(ICONS[link.phase]))
        self._retry.hidden = link.phase not in ("waiting", "offline") and link.reason is None
        key = "connection.replay" if self.context.settings.replay else f"connection.{link.phase}"
        self._text.textContent = self.words(key)
        self._counting()
        self._explain()
        if link.retry_at is not None:
            self._counting = self.context.ticker.live(self, self._count_down)

    def _explain(self, seconds: int | None = None) -> None:
        """What stands behind the words, for who asks; the words themselves never jump."""
        next_try = "" if seconds is None else self.words("connection.next_try", seconds=seconds)
        reason = self.words.of(self.stores.link.get().reason or self._text.textContent)
        self._region.setAttribute("title", " ".join(filter(None, (reason, next_try))))

    def _count_down(self, now: float) -> float | None:
        """The next try is told by the monotonic clock."""
        retry_at = self.stores.link.get().retry_at
        left = max(0.0, (retry_at or 0.0) - self.context.shared.clock.now())
        self._explain(round(left))
        return now + min(1.0, left) if left > 0 else None
