"""Server-sent events out of a stream of bytes, as the HTML standard reads them. Pure.

Chunks may be cut anywhere: in a line end, in a character, in a field.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MAX_MESSAGE_CHARS = 8 * 1024 * 1024
"""Of a message that is longer the rest is let go, and it is told as `cut`."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class SseMessage:
    """One message: `name` is its field `event` ("" for none), `id` the last id that the stream has told so far."""

    data: str
    name: str = ""
    id: str = ""
    cut: bool = False


class SseParser:
    """Owns what of the stream is not whole yet. Never raises."""

    def __init__(self) -> None:
        self.last_id = ""
        """What the next request says as `Last-Event-ID`."""
        self.retry_s: float | None = None
        """The pause before the next attempt that the server asked for."""
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._begun = False
        self._after_cr = False
        self._line: list[str] = []
        """The parts of the line that is not whole."""
        self._data: list[str] = []
        self._name = ""
        self._size = 0
        self._cut = False

    def feed(self, chunk: bytes) -> list[SseMessage]:
        """The messages that are whole with this chunk. What the stream ends in the middle of is no message."""
        text = self._decode(chunk)
        if not text:
            return []
        if not self._begun:
            self._begun = True
            text = text.removeprefix("\ufeff")
        if self._after_cr:
            text = text.removeprefix("\n")
        self._after_cr = text.endswith("\r")
        lines = _LINE_END.split(text)
        messages: list[SseMessage] = []
        for line in lines[:-1]:
            self._keep(line)
            if self._line:
                self._field("".join(self._line))
                self._line = []
            elif (message := self._end()) is not None:
                messages.append(message)
        self._keep(lines[-1])
        return messages

    # -- inside -----------------------------------------------------------------------------------
    def _keep(self, part: str) -> None:
        """One more part of a line, as far as there is room; a line that has none left is still no empty one."""
        if not part:
            return
        kept = part[: MAX_MESSAGE_CHARS - self._size]
        self._cut = self._cut or len(kept) < len(part)
        self._size += len(kept)
        if kept or not self._line:
            self._line.append(kept)

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._name = value
            case "id" if "\0" not in value:
                self.last_id = value
            case "retry" if value.isascii() and value.isdigit():
                self.retry_s = int(value[:9]) / 1000

    def _end(self) -> SseMessage | None:
        """An empty line: what was said so far is a message, if it has data."""
        message = SseMessage("\n".join(self._data), self._name, self.last_id, self._cut) if self._data else None
        self._data, self._name, self._size, self._cut = [], "", 0, False
        return message
