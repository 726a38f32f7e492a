"""The words of one message, and the halves of characters in them: a producer may cut UTF-16 anywhere."""

from __future__ import annotations

from ...contract.text import text_of
from ..record import Message
from .step import MAX_CHARS

LOST = "\N{REPLACEMENT CHARACTER}"


def say(message: Message, text: str) -> None:
    """Add to the text; half a character waits for its other half."""
    if message.half:
        text, message.half = _joined(message.half, text), ""
    if text and "\ud800" <= text[-1] <= "\udbff":
        text, message.half = text[:-1], text[-1]
    text = _whole(text)
    kept = text[: max(0, MAX_CHARS - message.chars)]
    message.cut = message.cut or len(kept) < len(text)
    if kept:
        message.chunks.append(kept)
        message.chars += len(kept)


def replace(message: Message, text: str) -> None:
    """Another text, of which nothing was drawn; the same one changes nothing."""
    if text == message.text and not message.half:
        return
    message.chunks, message.chars, message.half, message.cut = [], 0, "", False
    message.replaced += 1
    say(message, text)


def complete(message: Message) -> bool:
    """Nothing will be added; whether half a character was waiting for its other half."""
    half, message.half = message.half, ""
    if half:
        message.chunks.append(LOST)
        message.chars += 1
    return bool(half)


def as_code(content: object) -> str:
    """JSON that is not text is shown as code."""
    return "" if content is None else f"\n```json\n{text_of(content)}\n```\n"


def _joined(half: str, text: str) -> str:
    if text and "\udc00" <= text[0] <= "\udfff":
        return (half + text[0]).encode("utf-16", "surrogatepass").decode("utf-16") + text[1:]
    return LOST + text if text else half


def _whole(text: str) -> str:
    """The text, with U+FFFD for each half character in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(LOST if "\ud800" <= each <= "\udfff" else each for each in text)
    return text
