"""GrowingText: the text of a message that streams. Draws only what is new, however long the text is."""

from __future__ import annotations

from typing import Any

from ...contract.text import text_of
from ...ports import Element, TextStream
from ...run.record import Message
from ..parts import Parts

STEP_PARTS = ("action", "result", "reasoning", "next_action", "confidence")


class GrowingText:
    """Owns what is in `body`: the text as Markdown and, of a thought, its steps; and how much of it is drawn.

    It begins again where the message is not what it was with more behind it: replaced, shorter, told anew with other
    words, or speaking again after its end. Else a selection in it stays.
    """

    def __init__(self, parts: Parts, body: Element) -> None:
        self._parts = parts
        self._body = body
        self._message: Message | None = None
        self._stream: TextStream | None = None
        self._ended = self._cut = False
        self._replaced = self._chunks = self._steps = 0
        """What of the message is drawn: so many chunks of the text after so many replacements, and so many steps."""

    def draw(self, message: Message) -> None:
        """Bring it in line with the message."""
        rest = self._rest(message)
        if rest is None or (rest and self._ended):
            self._begin_again()
            rest = message.text
        self._message, self._replaced, self._chunks = message, message.replaced, len(message.chunks)
        if self._stream is None:
            inside = self._body
            if message.kind == "reasoning":  # its steps stand below
                inside = self._parts.create("div", "markdown")
                self._body.append(inside)
            self._stream = self._parts.document.stream(inside)
        if rest:
            self._stream.write(rest)
        for step in message.steps[self._steps :]:
            self._body.append(self._step(step))
        self._steps = len(message.steps)
        if message.cut and not self._cut:
            self._cut = True
            self._body.append(self._parts.create("p", "facts", self._parts.words("chat.cut")))
        if not message.busy and not self._ended:
            self._stream.end()
            self._ended = True

    def _begin_again(self) -> None:
        if self._stream is not None:
            self._stream.end()  # what it still meant to paint is painted now, not over the new text
        self._body.replaceChildren()
        self._stream, self._ended, self._cut, self._steps = None, False, False, 0

    def _rest(self, message: Message) -> str | None:
        """What comes behind what is drawn; None where that is another text."""
        before = self._message
        if before is message or before is None:
            if message.replaced != self._replaced or len(message.chunks) < self._chunks:
                return None
            return "".join(message.chunks[self._chunks :])
        drawn, text = "".join(before.chunks[: self._chunks]), message.text
        known = before.replaced == self._replaced and len(before.chunks) >= self._chunks
        same = known and text.startswith(drawn) and before.steps[: self._steps] == message.steps[: self._steps]
        return text[len(drawn) :] if same else None

    def _step(self, step: dict[str, Any]) -> Element:
        create, inside = self._parts.create, list[Element]()
        if step.get("title"):
            inside.append(create("dt", "step-title", text_of(step["title"])))
        for part in STEP_PARTS:
            value = step.get(part)
            if value not in (None, ""):
                inside += [create("dt", "", self._parts.words(f"step.{part}")), create("dd", "", text_of(value))]
        return create("dl", "step", *inside)
