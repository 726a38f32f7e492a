"""One bubble of the chat: made once, then brought up to date. Draws only what is new, however long the text is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...contract.text import text_of
from ...locale.catalogue import Catalogue
from ...locale.display import duration, one_line, time_of_day
from ...ports import Document, Element, TextStream
from ...run.record import Message
from ..parts import button, icon, status_icon
from ..values import draw_plain, draw_value

STEP_PARTS = ("action", "result", "reasoning", "next_action", "confidence")
PREVIEW_CHARS = 90


@dataclass(slots=True)
class Bubble:
    """One bubble on the page, and how much of its message is drawn."""

    element: Element
    body: Element
    message: Message
    """The one that is drawn; told anew, a message is another object."""
    head: tuple[str | None, ...]
    """What is drawn once, and never brought up to date."""
    serial: int
    fold: Element | None = None
    symbol: Element | None = None
    label: Element | None = None
    preview: Element | None = None
    time: Element | None = None
    stream: TextStream | None = None
    ended: bool = False
    """The stream was ended: it takes no more."""
    drawn: int = 0
    """Chunks that are drawn, of the text as it was after `replaced` replacements."""
    drawn_steps: int = 0
    replaced: int = 0
    shown: str | None = None
    """HTML that is drawn."""
    cut: Element | None = None


class BubbleMaker:
    """Makes bubbles and updates them; keeps nothing of them itself. `title` names a node for people."""

    def __init__(self, document: Document, words: Catalogue, title: Callable[[str], str]) -> None:
        self._document = document
        self._words = words
        self._title = title

    def make(self, message: Message, voice: int) -> Bubble:
        """The empty bubble of a message."""
        element = self._document.create(
            "article",
            f"bubble bubble-{message.kind}",
            data_message_id=message.message_id,
            data_run_id=message.run_id,
            data_source=message.source,
            data_kind=message.kind,
            data_voice=str(voice),
        )
        return (
            self._make_fold(message, element)
            if message.kind in ("tool", "reasoning")
            else self._make_open(message, element)
        )

    def is_other(self, bubble: Bubble, message: Message) -> bool:
        """Whether what is drawn once in a bubble is another one now."""
        return bubble.head != self._head_of(message)

    def _head_of(self, message: Message) -> tuple[str | None, ...]:
        known = (message.message_id, message.source, message.kind)
        if message.kind in ("tool", "reasoning"):
            return known
        title = self._title(message.node_id) if message.node_id else None
        return (*known, message.name, message.node_id, title, time_of_day(message.started_at))

    def update(self, bubble: Bubble, message: Message) -> None:
        """Draw what is new of the message."""
        if bubble.message is not message:
            self._follow(bubble, message)
        bubble.serial = message.serial
        bubble.element.setAttribute("aria-busy", "true" if message.busy else "false")
        if message.kind == "html":
            if bubble.shown != message.text:
                bubble.shown = message.text
                self._document.html(bubble.body, message.text)
            return
        if message.kind == "tool":
            self._tell_tool(bubble, message)
        elif message.kind == "reasoning":
            self._tell_reasoning(bubble, message)
        if message.kind == "text" or self._is_open(bubble):
            self.fill(bubble, message)

    def _follow(self, bubble: Bubble, message: Message) -> None:
        """The run was told anew: where its text begins with what is drawn, the bubble goes on."""
        before, bubble.message = bubble.message, message
        drawn, text = "".join(before.chunks[: bubble.drawn]), message.text
        steps = bubble.drawn_steps
        certain = before.replaced == bubble.replaced and len(before.chunks) >= bubble.drawn
        if not (certain and text.startswith(drawn) and before.steps[:steps] == message.steps[:steps]):
            bubble.replaced = message.replaced - 1  # void: it is drawn anew
            return
        bubble.replaced = message.replaced
        if bubble.stream is not None and not bubble.ended:
            bubble.stream.write(text[len(drawn) :])
        if not bubble.ended or text == drawn:
            bubble.drawn = len(message.chunks) if bubble.stream is not None else 0

    def fill(self, bubble: Bubble, message: Message) -> None:
        """Draw what is inside."""
        if message.kind == "tool":
            self._fill_tool(bubble, message)
        else:
            self._fill_text(bubble, message)

    # -- text and reasoning -------------------------------------------------------------------------
    def _make_open(self, message: Message, element: Element) -> Bubble:
        create = self._document.create
        head, body = create("header", "bubble-head"), create("div", "bubble-body markdown")
        report = message.kind == "html"
        name = message.name or self._words("chat.report" if report else "chat.somebody")
        head.append(icon(self._document, "file-text" if report else "bot"), create("strong", text=name))
        if message.node_id:
            title, show = self._title(message.node_id), self._words("chat.show_node")
            link = create("button", "quiet node-link", title, type="button", data_show_node=message.node_id, title=show)
            if title != message.name:
                head.append(link)
        copy = button(self._document, self._words("output.copy"), "copy", "quiet copy", data_copy=message.key)
        head.append(create("time", text=time_of_day(message.started_at)), copy)
        element.append(head, body)
        return Bubble(element, body, message, self._head_of(message), message.serial)

    def _fill_text(self, bubble: Bubble, message: Message) -> None:
        late = bubble.ended and len(message.chunks) > bubble.drawn  # words that came after the end
        if late or len(message.chunks) < bubble.drawn or bubble.replaced != message.replaced:
            if bubble.stream is not None:
                bubble.stream.end()  # what it still meant to paint is painted now, not over the new text
            bubble.body.replaceChildren()
            if bubble.cut is not None:
                bubble.cut.remove()
            bubble.stream, bubble.ended, bubble.drawn, bubble.replaced = None, False, 0, message.replaced
            bubble.drawn_steps, bubble.cut = 0, None
        if bubble.stream is None:
            inside = self._document.create("div", "markdown") if message.kind == "reasoning" else bubble.body
            if inside is not bubble.body:
                bubble.body.append(inside)
            bubble.stream = self._document.stream(inside)
        if bubble.drawn < len(message.chunks):
            bubble.stream.write("".join(message.chunks[bubble.drawn :]))
            bubble.drawn = len(message.chunks)
        for step in message.steps[bubble.drawn_steps :]:
            bubble.body.append(self._step(step))
        bubble.drawn_steps = len(message.steps)
        if message.cut and bubble.cut is None:
            bubble.cut = self._document.create("p", "facts", self._words("chat.cut"))
            bubble.element.append(bubble.cut)
        if not message.busy and not bubble.ended:
            bubble.stream.end()
            bubble.ended = True

    def _step(self, step: dict[str, Any]) -> Element:
        create = self._document.create
        element = create("dl", "step")
        if step.get("title"):
            element.append(create("dt", "step-title", text_of(step["title"])))
        for part in STEP_PARTS:
            value = step.get(part)
            if value not in (None, ""):
                element.append(create("dt", text=self._words(f"step.{part}")), create("dd", text=text_of(value)))
        return element

    def _tell_reasoning(self, bubble: Bubble, message: Message) -> None:
        """The running summary: the title of the last step, else the end of what is being thought."""
        self._tell(bubble, self._words("chat.thinking" if message.busy else "chat.thought"), message)
        if bubble.preview is not None:
            title = text_of(message.steps[-1].get("title")) if message.steps else ""
            tail = " ".join("".join(message.chunks[-24:])[-4 * PREVIEW_CHARS :].split())
            bubble.preview.textContent = one_line(title or tail[-PREVIEW_CHARS:], PREVIEW_CHARS)

    # -- folds --------------------------------------------------------------------------------------
    def _make_fold(self, message: Message, element: Element) -> Bubble:
        create = self._document.create
        fold, summary, body = create("details", "bubble-fold"), create("summary"), create("div", "bubble-body")
        summary.setAttribute("data-fold", message.key)
        symbol = icon(self._document, "wrench" if message.kind == "tool" else "info")
        label, preview, time = create("span", "fold-name"), create("span", "fold-preview"), create("span", "fold-time")
        summary.append(symbol, label, preview, time)
        fold.append(summary, body)
        element.append(fold)
        return Bubble(
            element, body, message, self._head_of(message), message.serial, fold, symbol, label, preview, time
        )

    def _is_open(self, bubble: Bubble) -> bool:
        return bubble.fold is not None and isinstance(bubble.fold.getAttribute("open"), str)

    def _tell(self, bubble: Bubble, words: str, message: Message) -> None:
        if bubble.label is not None and bubble.time is not None:
            bubble.label.textContent = words
            seconds = message.duration_s
            bubble.time.textContent = "" if seconds is None else duration(self._words, seconds)

    def _tell_tool(self, bubble: Bubble, message: Message) -> None:
        name, status = message.name or self._words("chat.tool"), self._words(f"status.{message.status}")
        self._tell(bubble, f"{name} · {status}", message)
        if bubble.preview is not None:
            bubble.preview.textContent = one_line(message.args or message.error or "", PREVIEW_CHARS)
        if bubble.symbol is not None:
            symbol = status_icon(self._document, message.status)
            bubble.symbol.replaceWith(symbol)
            bubble.symbol = symbol

    def _fill_tool(self, bubble: Bubble, message: Message) -> None:
        parts: list[Element] = []
        for name, key, value in (
            ("args", "chat.arguments", message.args),
            ("result", "chat.result", message.result),
            ("error", "chat.error", message.error),
        ):
            if value in (None, {}, ""):
                continue
            head = self._document.create("div", "part-head")
            copy = self._words("output.copy")
            attributes = {"data_copy": message.key, "data_part": name}
            head.append(
                self._document.create("span", text=self._words(key)),
                button(self._document, copy, "copy", "quiet", **attributes),
            )
            error = name == "error"
            drawn = (
                draw_plain(self._document, self._words, text_of(value), "output-error")
                if error
                else draw_value(self._document, self._words, value)
            )
            parts += [head, drawn]
        bubble.body.replaceChildren(*parts)
