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


def unmarked(markdown: str) -> str:
    """The words of Markdown without its marks, for a line, a notification or a voice. Never shorter by a word."""
    marked, rest = markdown[:MOST_MARKED], markdown[MOST_MARKED:]
    return _words(_LINE.sub("", marked)).strip() + rest


def _words(marked: str) -> str:
    """Each kind of mark ends at its first end, so that few are in one another."""
    return _MARK.sub(lambda mark: mark[1] or mark[2] or _words(mark[3] or mark[5] or mark[7] or ""), marked)
