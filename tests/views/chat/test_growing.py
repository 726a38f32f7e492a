from __future__ import annotations

from pyapp.locale.catalogue import Catalogue
from pyapp.ports import Element
from pyapp.run.record import Message
from pyapp.testing.dom import FakeDocument, FakeElement, FakeStream
from pyapp.views.chat.growing import GrowingText
from pyapp.views.parts import Parts
from tests.views.support import write


class Writes(FakeDocument):
    """A document that notes what is written into its streams."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def stream(self, element: Element) -> FakeStream:
        stream, written = super().stream(element), self.written

        class Noted(FakeStream):
            def write(self, text: str) -> None:
                written.append(text)
                stream.write(text)

            def end(self) -> None:
                stream.end()

        return Noted(element)


def said(*chunks: str) -> Message:
    return Message("k", "m", "r", "s", "text", chunks=list(chunks))


def growing() -> tuple[Writes, FakeElement, GrowingText]:
    document = Writes()
    body = document.create("div")
    return document, body, GrowingText(Parts(document, Catalogue(), lambda: 0.0), body)


def test_only_what_is_new_is_written() -> None:
    """In place, and of a message that was told anew; nothing where nothing is new."""
    document, body, text = growing()
    message = said("one ")
    text.draw(message)
    message.chunks.extend(["two ", "three "])
    text.draw(message)
    text.draw(message)
    text.draw(said("one two ", "three ", "four"))
    assert document.written == ["one ", "two three ", "four"] and body.textContent == "one two three four"


def test_another_text_begins_again() -> None:
    """Replaced, shorter, or other words; what comes after the end is added to the whole."""
    document, body, text = growing()
    message = said("one ", "two")
    text.draw(message)
    write(message, chunks=["new"], replaced=1)
    text.draw(message)
    assert body.textContent == "new"
    text.draw(said("no", "one"))
    assert body.textContent == "noone"
    last = said("no")
    text.draw(last)
    assert body.textContent == "no"
    write(last, busy=False)
    text.draw(last)
    last.chunks.append(" more")
    text.draw(last)
    assert body.textContent == "no more" and document.written[-1] == "no more"
