"""ChatView: the bubbles of the run in front. Draws only what is new of each, however long it is."""

from __future__ import annotations

from dataclasses import dataclass

from ..ports import DomEvent, Element, TextStream
from ..stores.chat_view import ChatKey, ChatMessage
from .context import View, ViewContext
from .parts import button, duration, empty, icon, status_icon
from .values import draw_plain, draw_value


@dataclass(slots=True)
class _Bubble:
    """One bubble on the page, and how much of its message is drawn."""

    element: Element
    body: Element
    stream: TextStream | None = None
    drawn: int = 0
    replaced: int = 0


class ChatView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("chat")
        self._empty = empty(self.document, self.words("chat.empty"))
        self._bubbles: dict[str, _Bubble] = {}
        self._redraw()
        self.owns(self.stores.chat.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.on("chat", "click", "[data-copy]", self._copy)
        self.on("chat", "click", "[data-show-node]", self._show_node)

    def _redraw(self) -> None:
        self._bubbles.clear()
        self._region.replaceChildren(self._empty)
        for message in self.stores.chat.of_run(self.stores.front.get()).values():
            self._draw(message)
        self._empty.hidden = bool(self._bubbles)

    def _changed(self, keys: set[ChatKey]) -> None:
        front = self.stores.front.get()
        messages = self.stores.chat.of_run(front)
        mine = [message_id for run_id, message_id in keys if run_id == front]
        new = [each for each in mine if each in messages and each not in self._bubbles]
        for message_id in mine:
            if message_id not in messages and message_id in self._bubbles:
                self._bubbles.pop(message_id).element.remove()
            elif message_id in self._bubbles:
                self._draw(messages[message_id])
        if len(new) == 1:
            self._draw(messages[new[0]])
        elif new:  # in the order in which they appeared
            wanted = set(new)
            for message in messages.values():
                if message.message_id in wanted:
                    self._draw(message)
        self._empty.hidden = bool(self._bubbles)

    def _draw(self, message: ChatMessage) -> None:
        bubble = self._bubbles.get(message.message_id)
        if bubble is None:
            bubble = self._bubbles[message.message_id] = self._make(message)
            self._region.append(bubble.element)
        bubble.element.setAttribute("aria-busy", "true" if message.busy else "false")
        if message.kind == "tool":
            self._draw_tool(message, bubble)
        else:
            self._draw_text(message, bubble)

    def _make(self, message: ChatMessage) -> _Bubble:
        create = self.document.create
        element = create(
            "article",
            f"bubble bubble-{message.kind}",
            data_message_id=message.message_id,
            data_run_id=message.run_id,
            data_source=message.source,
            data_kind=message.kind,
        )
        if message.kind != "text":
            fold = create("details", "bubble-fold")
            body = create("div", "bubble-body")
            fold.append(create("summary"), body)
            element.append(fold)
            return _Bubble(element, body)
        head, body = create("header", "bubble-head"), create("div", "bubble-body markdown")
        head.append(icon(self.document, "bot"), create("strong", text=message.name or self.words("chat.somebody")))
        if message.node_id:
            head.append(create("button", "quiet", message.node_id, type="button", data_show_node=message.node_id))
        head.append(
            button(self.document, self.words("output.copy"), "copy", "quiet copy", data_copy=message.message_id)
        )
        element.append(head, body)
        return _Bubble(element, body)

    def _draw_text(self, message: ChatMessage, bubble: _Bubble) -> None:
        if bubble.replaced != message.replaced:
            bubble.body.replaceChildren()
            bubble.stream, bubble.drawn, bubble.replaced = None, 0, message.replaced
        if bubble.stream is None:
            bubble.stream = self.document.stream(bubble.body)
        for chunk in message.chunks[bubble.drawn :]:
            bubble.stream.write(chunk)
        bubble.drawn = len(message.chunks)
        if not message.busy:
            bubble.stream.end()
        if message.kind == "reasoning":
            self._summarize(bubble, "info", self.words("chat.thinking" if message.busy else "chat.thought"), message)

    def _draw_tool(self, message: ChatMessage, bubble: _Bubble) -> None:
        words = self.words(f"status.{message.status}")
        self._summarize(bubble, "wrench", f"{message.name or self.words('chat.tool')} · {words}", message)
        parts: list[Element] = []
        for key, value in (("chat.arguments", message.args), ("chat.result", message.result)):
            if value not in (None, {}, ""):
                parts += [self.document.create("p", "facts", self.words(key))]
                parts += [draw_value(self.document, self.words, value)]
        if message.error is not None:
            parts.append(draw_plain(self.document, self.words, str(message.error), "output-error"))
        bubble.body.replaceChildren(*parts)

    def _summarize(self, bubble: _Bubble, icon_name: str, words: str, message: ChatMessage) -> None:
        summary = self.document.create("summary")
        symbol = status_icon(self.document, message.status) if message.kind == "tool" else None
        summary.append(symbol or icon(self.document, icon_name), self.document.create("span", text=words))
        if message.duration_s is not None:
            summary.append(self.document.create("span", "facts", duration(self.words, message.duration_s)))
        fold = bubble.body.parentElement
        if fold is not None:
            fold.replaceChildren(summary, bubble.body)

    def _copy(self, event: DomEvent) -> None:
        message = self.stores.chat.of_run(self.stores.front.get()).get(event.attribute("data-copy") or "")
        if message is not None:
            self.document.copy(message.text)

    def _show_node(self, event: DomEvent) -> None:
        self.context.commands.choose_node(event.attribute("data-show-node"))
