"""NoticesView: sentences to the person, each with its way out."""

from __future__ import annotations

from ...ports import DomEvent
from ...stores.rows import Notice
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import button, icon


class NoticesView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._list: Keyed[str, Notice, Drawn] = Keyed(
            self.document.region("notices"), self._make, other=lambda drawn, notice: drawn.value != notice
        )
        self.draws(self.stores.notices, self._list.draw)
        self.on("notices", "click", "[data-dismiss]", self._dismiss)

    def clear(self) -> None:
        self._list.clear()

    def _make(self, key: str, notice: Notice) -> Drawn:
        """Made anew for each text, so that it is announced."""
        element = self.document.create("div", f"notice notice-{notice.role}", role=notice.role)
        text = notice.text if notice.count == 1 else self.words("notice.again", text=notice.text, count=notice.count)
        element.append(
            icon(self.document, "triangle-alert" if notice.role == "alert" else "info"),
            self.document.create("p", text=text),
            button(self.document, self.words("notice.dismiss"), "x", "quiet", data_dismiss=key),
        )
        return Drawn(element, notice)

    def _dismiss(self, event: DomEvent) -> None:
        key = event.attribute("data-dismiss")
        if key is not None:
            self.context.commands.dismiss(key)
