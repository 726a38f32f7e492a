"""NoticesView: sentences to the person, each with its way out."""

from __future__ import annotations

from ...stores.rows import Notice
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed


class NoticesView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._list: Keyed[str, Notice, Drawn] = Keyed(
            self.document.region("notices"), self._make, other=lambda drawn, notice: drawn.value != notice
        )
        self.draws(self.stores.notices, self._list.draw)
        self.clicks("notices", "data-dismiss", self.commands.dismiss)

    def clear(self) -> None:
        self._list.clear()

    def _make(self, key: str, notice: Notice) -> Drawn:
        """Made anew for each text, so that it is announced."""
        text = notice.text if notice.count == 1 else self.words("notice.again", text=notice.text, count=notice.count)
        inside = (
            self.parts.icon("triangle-alert" if notice.role == "alert" else "info"),
            self.create("p", "", text),
            self.parts.button(self.words("notice.dismiss"), "x", "quiet", data_dismiss=key),
        )
        return Drawn(self.create("div", f"notice notice-{notice.role}", *inside, role=notice.role), notice)
