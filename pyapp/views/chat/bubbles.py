"""One bubble of the chat: made once, then brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...contract.text import text_of
from ...locale.catalogue import Catalogue
from ...locale.display import duration, one_line, time_of_day
from ...ports import Document, Element
from ...run.record import Message
from ..parts import button, icon, status_icon
from ..values import draw_plain, draw_value
from .growing import GrowingText

PREVIEW_CHARS = 90
FOLDED = ("tool", "reasoning")


@dataclass(slots=True)
class Bubble:
    """One bubble on the page."""

    element: Element
    body: Element
    message: Message
    """The one that is drawn; told anew, a message is another object."""
    head: tuple[object, ...]
    """What is drawn once, and never brought up to date."""
    text: GrowingText
    serial: int = -1
    fold: Fold | None = None
    shown: Any = None
    """What is drawn of what does not grow: HTML, or the parts of a tool call."""


@dataclass(slots=True)
class Fold:
    """What a tool call or a thought says while it is closed."""

    element: Element
    symbol: Element
    label: Element
    preview: Element
    time: Element


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
        fold, body = None, self._document.create("div", "bubble-body")
        if message.kind in FOLDED:
            fold = self._fold(message, body)
            element.append(fold.element)
        else:
            body.classList.add("markdown")
            element.append(self._head(message), body)
        text = GrowingText(self._document, self._words, body)
        return Bubble(element, body, message, self._head_of(message), text, fold=fold)

    def is_other(self, bubble: Bubble, message: Message) -> bool:
        """Whether what is drawn once in a bubble is another one now."""
        return bubble.head != self._head_of(message)

    def _head_of(self, message: Message) -> tuple[object, ...]:
        known = (message.message_id, message.source, message.kind)
        if message.kind in FOLDED:
            return known
        title = self._title(message.node_id) if message.node_id else None
        return (*known, message.name, message.node_id, title, message.started_at)

    def update(self, bubble: Bubble, message: Message) -> None:
        """Draw what is new of the message; what is in a fold only once a person has opened it."""
        bubble.message, bubble.serial = message, message.serial
        bubble.element.setAttribute("aria-busy", "true" if message.busy else "false")
        if bubble.fold is not None:
            self._tell(bubble.fold, message)
        if bubble.fold is None or isinstance(bubble.fold.element.getAttribute("open"), str):
            self.fill(bubble)

    def fill(self, bubble: Bubble) -> None:
        """Draw what is inside."""
        message = bubble.message
        if message.kind in ("text", "reasoning"):
            bubble.text.draw(message)
            return
        shown = message.text if message.kind == "html" else (message.args, message.result, message.error)
        if shown != bubble.shown:
            bubble.shown = shown
            if message.kind == "html":
                self._document.html(bubble.body, message.text)
            else:
                bubble.body.replaceChildren(*self._parts(message))

    def _head(self, message: Message) -> Element:
        create = self._document.create
        head, report = create("header", "bubble-head"), message.kind == "html"
        name = message.name or self._words("chat.report" if report else "chat.somebody")
        head.append(icon(self._document, "file-text" if report else "bot"), create("strong", text=name))
        title = self._title(message.node_id) if message.node_id else None
        if message.node_id and title and title != message.name:
            show = {"data_show_node": message.node_id, "title": self._words("chat.show_node")}
            head.append(create("button", "quiet node-link", title, type="button", **show))
        copy = button(self._document, self._words("output.copy"), "copy", "quiet copy", data_copy=message.key)
        head.append(create("time", text=time_of_day(message.started_at)), copy)
        return head

    # -- folds ----------------------------------------------------------------------------------------
    def _fold(self, message: Message, body: Element) -> Fold:
        create = self._document.create
        element, summary = create("details", "bubble-fold"), create("summary", data_fold=message.key)
        label, preview, time = create("span", "fold-name"), create("span", "fold-preview"), create("span", "fold-time")
        symbol = icon(self._document, "info")
        summary.append(symbol, label, preview, time)
        element.append(summary, body)
        return Fold(element, symbol, label, preview, time)

    def _tell(self, fold: Fold, message: Message) -> None:
        """A tool: what it is asked, and how it went. A thought: the last step's title, else its end."""
        if message.kind == "tool":
            name, status = message.name or self._words("chat.tool"), self._words(f"status.{message.status}")
            label, preview = f"{name} · {status}", one_line(message.args or message.error or "", PREVIEW_CHARS)
            symbol = status_icon(self._document, message.status)
            fold.symbol.replaceWith(symbol)
            fold.symbol = symbol
        else:
            label = self._words("chat.thinking" if message.busy else "chat.thought")
            title = text_of(message.steps[-1].get("title")) if message.steps else ""
            tail = " ".join("".join(message.chunks[-24:])[-4 * PREVIEW_CHARS :].split())
            preview = one_line(title or tail[-PREVIEW_CHARS:], PREVIEW_CHARS)
        fold.label.textContent, fold.preview.textContent = label, preview
        seconds = message.duration_s
        fold.time.textContent = "" if seconds is None else duration(self._words, seconds)

    def _parts(self, message: Message) -> list[Element]:
        """What a tool was given and what it gave, each with a way to copy it."""
        document, words, parts = self._document, self._words, list[Element]()
        for name, key in (("args", "chat.arguments"), ("result", "chat.result"), ("error", "chat.error")):
            value = getattr(message, name)
            if value in (None, {}, ""):
                continue
            head, copy = document.create("div", "part-head"), words("output.copy")
            head.append(
                document.create("span", text=words(key)),
                button(document, copy, "copy", "quiet", data_copy=message.key, data_part=name),
            )
            plain = name == "error"
            drawn = (
                draw_plain(document, words, text_of(value), "output-error")
                if plain
                else draw_value(document, words, value)
            )
            parts += [head, drawn]
        return parts
