"""ToastView: what was just done at a person's wish (copied, say), for a moment."""

from __future__ import annotations

from ...clock import Timer
from ..context import View, ViewContext

SHOWN_S = 2.5


class ToastView(View):
    """Owns `#toast`. The same words once more are shown, and announced, once more."""

    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("toast")
        self._timer: Timer | None = None
        self._shown = 0
        self.owns(self._rest)
        self.shows(self._draw, self.stores.toast)

    def _draw(self) -> None:
        number, words = self.stores.toast.get()
        if number != self._shown:
            self._shown = number
            self._rest()
            self._region.replaceChildren(self.create("span", "", words))
            self._region.hidden = False
            self._timer = self.context.shared.clock.call_later(SHOWN_S, self._over)

    def _over(self) -> None:
        self._timer = None
        self._region.hidden = True

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
