"""An answer over HTTP, as a page reads it: always UTF-8, whatever the answer says of itself, and JSON within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pyapp.contract.decode import parse

from .room import ANSWER_BYTES, weight

MAX_BRIEF_CHARS = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP. `value` is its JSON, None where it is none; `flaw` is why it is none, in words."""

    status: int
    text: str
    value: Any
    headers: Mapping[str, str]
    flaw: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def absent(self) -> bool:
        """This backend has no such call."""
        return self.status in (404, 405, 501)

    @property
    def brief(self) -> str:
        """What it was, for people: its status, how it begins, and what is wrong with it."""
        flaw = f" ({self.flaw})" if self.flaw else ""
        return f"{self.status} {self.text[:MAX_BRIEF_CHARS]}{flaw}"


def reply_of(status: int, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Read an answer; never raises for what it is."""
    text = body.decode("utf-8-sig", "replace")
    value, flaw = value_of(text)
    return Reply(status, text, value, headers, flaw)


def value_of(text: str) -> tuple[Any, str]:
    """The JSON that a text is, and why it is none: no text at all is none either, and needs no reason."""
    if not text.strip():
        return None, ""
    if weight(text) > ANSWER_BYTES:
        return None, f"it would take more than {ANSWER_BYTES >> 20} MiB of memory, and was not read as JSON"
    try:
        return parse(text), ""
    except ValueError as error:
        return None, f"it is not JSON that a page can read: {error}"


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part(text: str) -> str:
    """A part of a path."""
    return quote(text, safe="")
