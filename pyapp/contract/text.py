"""Values from the wire as text, and Markdown as it is read where nothing is drawn."""

from __future__ import annotations

import json
import re
from typing import Any

MOST_MARKED = 2000
"""So much of a text is looked through for marks; what follows stays as it is."""
_LINE = re.compile(
    r"^[ \t]*(?:(?:```|~~~).*|([-*_])(?:[ \t]*\1){2,}[ \t]*$|#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)", re.MULTILINE
)
_OUTMOST = re.compile(r"^(?:[ |]*\| ?)?([^\s|+].*)", re.MULTILINE)
"""Lines that are not indented, in a group of errors within its bars."""
_MARK = re.compile(
    r"\\([!-/:-@\[-`{-~])|`([^`\n]+)`"
    r"|!?\[([^\[\]\n]*)\]\([^()\n]*\)"
    r"|(\*{1,3}|~~)(?=\S)([^\n]+?)(?<=\S)\4|(?<!\w)(_{1,3})(?=\S)([^\n]+?)(?<=\S)\6(?!\w)"
)


def text_of(value: Any) -> str:
    """Text as it is, None as nothing, any other JSON pretty-printed. Never raises."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return repr(value)


def gist(text: str) -> str:
    """What of an error says it: of a trace of Python the line behind its last frame, else the last that is not indented
    as frames are; where none of those has a word, all of it in one.
    """
    _, trace, behind = text.rpartition("Traceback (most recent call last):")
    lines = [line for line in _OUTMOST.findall(behind) if any(map(str.isalnum, line))]
    return str(lines[0 if trace else -1]).rstrip() if lines else " ".join(text.split())


def unmarked(markdown: str) -> str:
    """The words of Markdown without its marks, for a line, a notification or a voice. Never shorter by a word."""
    marked, rest = markdown[:MOST_MARKED], markdown[MOST_MARKED:]
    return _words(_LINE.sub("", marked)).strip() + rest


def _words(marked: str) -> str:
    """Each kind of mark ends at its first end, so that few are in one another."""
    return _MARK.sub(lambda mark: mark[1] or mark[2] or _words(mark[3] or mark[5] or mark[7] or ""), marked)
