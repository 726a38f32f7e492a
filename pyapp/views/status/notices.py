"""NoticesView: sentences to the person, each with its way out."""

from __future__ import annotations

from ...ports import DomEvent, Element
from ..context import View, ViewContext
from ..parts import button, icon


class NoticesView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("notices")
        self._elements: dict[str, Element] = {}
        self.owns(self.stores.notices.subscribe(self._changed))
        self.on("notices", "click", "[data-dismiss]", self._dismiss)

    def _changed(self, keys: set[str]) -> None:
        for key in keys:
            notice = self.stores.notices.get(key)
            before = self._elements.pop(key, None)
            if notice is None:
                if before is not None:
                    before.remove()
                continue
            element = self.document.create("div", f"notice notice-{notice.role}", role=notice.role)
            text = notice.text
            if notice.count > 1:
                text = self.words("notice.again", text=text, count=notice.count)
            dismiss = button(self.document, self.words("notice.dismiss"), "x", "quiet", data_dismiss=key)
            symbol = icon(self.document, "triangle-alert" if notice.role == "alert" else "info")
            element.append(symbol, self.document.create("p", text=text), dismiss)
            self._elements[key] = element
            if before is not None:
                before.replaceWith(element)
            else:
                self._region.append(element)

    def _dismiss(self, event: DomEvent) -> None:
        key = event.attribute("data-dismiss")
        if key is not None:
            self.context.commands.dismiss(key)
