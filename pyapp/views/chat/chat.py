"""ChatView: the bubbles of the run in front, in the order of what they say."""

from __future__ import annotations

from ...contract.text import text_of
from ...ports import DomEvent
from ...run.record import Message
from ..context import View, ViewContext
from ..keyed import Keyed
from .bubbles import Bubble


class ChatView(View):
    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("chat")
        self._empty = self.parts.empty("chat.empty")
        self._list: Keyed[str, Message, Bubble] = Keyed(
            self._region,
            lambda key, message: Bubble(self.parts, context.title, message),
            Bubble.update,
            order=lambda message: message.serial,
            other=Bubble.is_other,
            beside=(self._empty,),
        )
        self.clear()
        mark = self.draws_front(self.stores.chat, self._draw, anew=True)
        self.owns(self.stores.graph.listen(lambda _: mark(self._list)))
        self.on("chat", "click", "[data-copy]", self._copy)
        self.clicks("chat", "data-show-node", self.commands.choose_node)
        self.clicks("chat", "data-fold", self._folded)

    def clear(self) -> None:
        self._region.setAttribute("data-front", self.front)
        self._list.clear()

    def settle(self) -> None:
        self._empty.hidden = bool(self._list)

    def _draw(self, key: str) -> None:
        self._list.draw(key, self.stores.chat.get((self.front, key)))

    # -- what a person does ---------------------------------------------------------------------------
    def _copy(self, event: DomEvent) -> None:
        """Copy a message, or one part of a tool call."""
        bubble, part = self._list.get(event.attribute("data-copy")), event.attribute("data-part")
        if bubble is not None and part in ("args", "result", "error"):
            self.document.copy(text_of(getattr(bubble.message, part)))
        elif bubble is not None:
            self.document.copy(bubble.message.text)

    def _folded(self, key: str) -> None:
        """A person opens a fold: only now is what is in it drawn."""
        bubble = self._list.get(key)
        if bubble is not None:
            bubble.fill()
