"""One bubble of the chat: made once, then brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...contract.text import text_of
from ...locale.display import duration, one_line
from ...ports import Element, Sketch
from ...run.record import Message
from ..parts import Parts, Told
from ..values import draw_plain, draw_value
from .growing import GrowingText

MAX_TAGS = 10_000
"""A report with more of them is shown as text."""
PREVIEW_CHARS = 90
FOLDED = ("tool", "reasoning")
VOICES = 8
"""Colours that tell speakers apart."""


class Bubble:
    """Owns the element of one message. `title` names a node for people."""

    def __init__(self, parts: Parts, title: Callable[[str], str], message: Message) -> None:
        self._parts = parts
        self._words = parts.words
        self._title = title
        self._known = self._head_of(message)
        """What is drawn once, and never brought up to date."""
        self._shown: Any = None
        """What is drawn of what does not grow: HTML, or the parts of a tool call."""
        self.message = message
        """The one that is drawn; told anew, a message is another object."""
        folded = message.kind in FOLDED
        self._body = parts.create("div", "bubble-body" if folded else "bubble-body markdown")
        self._text = GrowingText(parts, self._body)
        self.fold = self._make_fold(message) if folded else None
        self.element = parts.create(
            "article",
            f"bubble bubble-{message.kind}",
            *((self._head(message), self._body) if self.fold is None else (self.fold,)),
            data_message_id=message.message_id,
            data_run_id=message.run_id,
            data_source=message.source,
            data_kind=message.kind,
        )
        self._told = Told(self.element)

    def is_other(self, message: Message) -> bool:
        """Whether what is drawn once is another one now."""
        return self._known != self._head_of(message)

    def _head_of(self, message: Message) -> tuple[object, ...]:
        known = (message.message_id, message.source, message.kind)
        if message.kind in FOLDED:
            return known
        title = self._title(message.node_id) if message.node_id else None
        return (*known, message.name, message.node_id, title, message.started_at)

    def update(self, message: Message) -> None:
        """Draw what is new of the message; what is in a fold only once a person has opened it."""
        self.message = message
        self._told.note("data-voice", str(message.voice % VOICES))
        self._told.note("aria-busy", message.busy)
        if self.fold is not None:
            self._tell(message)
        if self.fold is None or isinstance(self.fold.getAttribute("open"), str):
            self.fill()

    def fill(self) -> None:
        """Draw what is inside."""
        message = self.message
        if message.kind in ("text", "reasoning"):
            self._text.draw(message)
            return
        shown = message.text if message.kind == "html" else (message.args, message.result, message.error)
        if shown != self._shown:
            self._shown = shown
            if message.kind == "html":
                self._report(message.text)
            else:
                self._body.replaceChildren(*self._call(message))

    def _report(self, text: str) -> None:
        """Foreign HTML, unless it has so many parts that the browser would stand still over them."""
        if text.count("<") <= MAX_TAGS:
            self._parts.document.html(self._body, text)
            return
        said = self._parts.create("p", "facts", self._words("chat.too_many", count=MAX_TAGS))
        self._body.replaceChildren(said, draw_plain(self._parts, text, "output-text"))

    def _head(self, message: Message) -> Element:
        create, report = self._parts.create, message.kind == "html"
        name = message.name or self._words("chat.report" if report else "chat.somebody")
        inside = [self._parts.icon("file-text" if report else "bot"), create("strong", "", name)]
        title = self._title(message.node_id) if message.node_id else None
        if message.node_id and title and title.casefold() != name.casefold():
            show = {"data_show_node": message.node_id, "title": self._words("chat.show_node")}
            inside.append(create("button", "quiet node-link", title, type="button", **show))
        inside.append(self._parts.moment("", message.started_at))
        return create("header", "bubble-head", *inside, self._copy("quiet copy", message))

    def _copy(self, class_name: str, message: Message, **attributes: str) -> Element:
        words = self._words("output.copy")
        return self._parts.button(words, "copy", class_name, data_copy=message.key, **attributes)

    # -- folds ----------------------------------------------------------------------------------------
    def _make_fold(self, message: Message) -> Element:
        create = self._parts.create
        self._symbol = self._parts.icon("info")
        self._label, self._preview, self._time = (
            create("span", f"fold-{name}") for name in ("name", "preview", "time")
        )
        inside = self._symbol, self._label, self._preview, self._time
        return create("details", "bubble-fold", create("summary", "", *inside, data_fold=message.key), self._body)

    def _tell(self, message: Message) -> None:
        """A tool: what it is asked, and how it went. A thought: the last step's title, else its end."""
        if message.kind == "tool":
            name, status = message.name or self._words("chat.tool"), self._words(f"status.{message.status}")
            label, preview = f"{name} · {status}", one_line(message.args or message.error or "", PREVIEW_CHARS)
            symbol = self._parts.status_icon(message.status)
            self._symbol.replaceWith(symbol)
            self._symbol = symbol
        else:
            label = self._words("chat.thinking" if message.busy else "chat.thought")
            title = text_of(message.steps[-1].get("title")) if message.steps else ""
            tail = " ".join("".join(message.chunks[-24:])[-4 * PREVIEW_CHARS :].split())
            preview = one_line(title or tail[-PREVIEW_CHARS:], PREVIEW_CHARS)
        self._label.textContent, self._preview.textContent = label, preview
        seconds = message.duration_s
        self._time.textContent = "" if seconds is None else duration(self._words, seconds)

    def _call(self, message: Message) -> list[Element | Sketch]:
        """What a tool was given and what it gave, each with a way to copy it."""
        create, drawn = self._parts.create, list[Element | Sketch]()
        for name, key in (("args", "chat.arguments"), ("result", "chat.result"), ("error", "chat.error")):
            value = getattr(message, name)
            if value not in (None, {}, ""):
                copy = self._copy("quiet", message, data_part=name)
                drawn.append(create("div", "part-head", create("span", "", self._words(key)), copy))
                error = name == "error"
                drawn.append(
                    draw_plain(self._parts, text_of(value), "output-error") if error else draw_value(self._parts, value)
                )
        return drawn
