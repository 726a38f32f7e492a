"""ChatView: the bubbles of the run in front, in the order of what they say."""

from __future__ import annotations

from ...contract.text import text_of
from ...ports import DomEvent
from ...run.record import Message
from ..context import View, ViewContext
from ..keyed import Keyed
from .bubbles import Bubble

VOICES = 6
"""Colours that tell sources apart."""


class ChatView(View):
    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("chat")
        self._empty = self.parts.empty("chat.empty")
        self._list: Keyed[str, Message, Bubble] = Keyed(
            self._region,
            lambda key, message: Bubble(self.parts, context.title, message, self._voice(message)),
            Bubble.update,
            order=lambda message: message.serial,
            other=Bubble.is_other,
            beside=(self._empty,),
        )
        self._voices: dict[str, tuple[int, int]] = {}
        """Source → the serial of its first message, and its place among all by that: its colour."""
        self.clear()
        mark = self.draws_front(self.stores.chat, self._draw, anew=True)
        self.owns(self.stores.graph.listen(lambda _: mark(self._list)))
        self.on("chat", "click", "[data-copy]", self._copy)
        self.clicks("chat", "data-show-node", self.commands.choose_node)
        self.clicks("chat", "data-fold", self._folded)

    def clear(self) -> None:
        messages = self.stores.chat.of_run(self.front).values()
        self._voices.clear()
        for message in sorted(messages, key=lambda each: each.serial):
            self._voice(message)
        self._region.setAttribute("data-front", self.front)
        self._list.clear()

    def settle(self) -> None:
        self._empty.hidden = bool(self._list)

    def _draw(self, key: str) -> None:
        message, bubble = self.stores.chat.get((self.front, key)), self._list.get(key)
        if bubble is not None and (message is None or message.serial != bubble.serial):
            if self._voices.get(bubble.message.source, (-1, 0))[0] == bubble.serial:
                self.redraw()  # it was the first of its source: without it colours may be others
        elif bubble is None and message is not None and self._is_early(message):
            self.redraw()  # it came late: its source speaks before others that have their colours
        self._list.draw(key, message)

    def _is_early(self, message: Message) -> bool:
        known = self._voices.get(message.source)
        last, _ = known or next(reversed(self._voices.values()), (-1, 0))
        return message.serial < last

    def _voice(self, message: Message) -> int:
        return self._voices.setdefault(message.source, (message.serial, len(self._voices)))[1] % VOICES

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
