"""ChatView: the bubbles of the run in front, in the order in which they appeared."""

from __future__ import annotations

from ...contract.text import text_of
from ...ports import DomEvent
from ...stores.chat_view import ChatKey, ChatMessage
from ..context import View, ViewContext
from ..parts import empty
from .bubbles import Bubble, BubbleMaker

VOICES = 6
"""Colours that tell sources apart."""


class ChatView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("chat")
        self._empty = empty(self.document, self.words("chat.empty"))
        self._maker = BubbleMaker(self.document, self.words, self._title)
        self._bubbles: dict[str, Bubble] = {}
        self._voices: dict[str, int] = {}
        """Source → its colour, by appearance."""
        self._redraw()
        self.owns(self.stores.chat.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.on("chat", "click", "[data-copy]", self._copy)
        self.on("chat", "click", "[data-show-node]", self._show_node)
        self.on("chat", "click", "[data-fold]", self._folded)

    def _redraw(self) -> None:
        """Another run: everything of it at once."""
        front = self.stores.front.get()
        self._bubbles.clear()
        self._voices.clear()
        self._region.setAttribute("data-front", front or "")
        self._region.replaceChildren(self._empty)
        for message in self.stores.chat.of_run(front).values():
            self._draw(message)
        self._empty.hidden = bool(self._bubbles)

    def _changed(self, keys: set[ChatKey]) -> None:
        front = self.stores.front.get()
        messages = self.stores.chat.of_run(front)
        mine = [message_id for run_id, message_id in keys if run_id == front]
        new = {each for each in mine if each in messages and each not in self._bubbles}
        for message_id in mine:
            if message_id not in messages and message_id in self._bubbles:
                self._bubbles.pop(message_id).element.remove()
            elif message_id in self._bubbles:
                self._draw(messages[message_id])
        if len(new) == 1:
            self._draw(messages[new.pop()])
        elif new:  # in the order in which they appeared
            for message in [each for each in messages.values() if each.message_id in new]:
                self._draw(message)
        self._empty.hidden = bool(self._bubbles)

    def _draw(self, message: ChatMessage) -> None:
        bubble = self._bubbles.get(message.message_id)
        if bubble is None:
            voice = self._voices.setdefault(message.source, len(self._voices)) % VOICES
            bubble = self._bubbles[message.message_id] = self._maker.make(message, voice)
            self._region.append(bubble.element)
        self._maker.update(bubble, message)

    def _title(self, node_id: str) -> str:
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        return node.title if node is not None else node_id

    def _message(self, message_id: str | None) -> ChatMessage | None:
        return self.stores.chat.of_run(self.stores.front.get()).get(message_id or "")

    def _copy(self, event: DomEvent) -> None:
        """Copy a message, or one part of a tool call."""
        message = self._message(event.attribute("data-copy"))
        part = event.attribute("data-part")
        if message is not None and part in ("args", "result", "error"):
            self.document.copy(text_of(getattr(message, part)))
        elif message is not None:
            self.document.copy(message.text)

    def _show_node(self, event: DomEvent) -> None:
        self.context.commands.choose_node(event.attribute("data-show-node"))

    def _folded(self, event: DomEvent) -> None:
        """A person opens a fold: only now is what is in it drawn."""
        message = self._message(event.attribute("data-fold"))
        bubble = self._bubbles.get(event.attribute("data-fold") or "")
        if message is not None and bubble is not None:
            self._maker.fill(bubble, message)
