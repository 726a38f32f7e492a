"""What decides a stream: kinds of events, each with a number that is read as decisions; and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Choice = tuple[str, int]
"""A kind of event, and a number that decides its details."""
KINDS = (
    "start", "start", "start", "end", "end", "end", "again", "group", "tool", "tool_end", "text", "text", "text",
    "emoji", "snapshot", "thought", "html", "pause", "resume", "pause_again", "sign_in", "signed_in", "unknown",
    "malformed", "beside",
)  # fmt: skip
ENDINGS = ("none", "run_end", "resume_end")
WORD = re.compile(r"[a-z]\d*w\d+z|😀|\ufffd")


def words(text: str) -> list[str]:
    """What the streams say in a text; all else on a page is the page's own words."""
    return WORD.findall(text)


class Picker:
    """Takes decisions out of one number, the first option for 0."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, options: Sequence[Any]) -> Any:
        self._number, place = divmod(self._number, len(options))
        return options[place]
