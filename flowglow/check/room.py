"""Room: how much of what comes over the sockets of one check is kept, all of them together.

It counts and keeps nothing itself. What JSON takes in memory is estimated before it is parsed, as a few bytes of it can
become many objects.
"""

from __future__ import annotations

import re

ROOM_BYTES = 256 << 20
ANSWER_BYTES = 512 << 20
"""About what one answer over HTTP may take in memory once it is parsed."""
FRAME = 100
VALUE, OBJECT = 64, 240
"""About what a value, and an object, take in memory beside their text."""
MATTERS = 1 << 20
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.S)


class Room:
    """Owns a count. Whoever keeps something takes of it, and gives it back with what was kept."""

    def __init__(self, total: int) -> None:
        self._left = total

    def take(self, weight: int) -> bool:
        """Whether there is so much left; if so it is taken."""
        if weight > self._left:
            return False
        self._left -= weight
        return True

    def give_back(self, weight: int) -> None:
        self._left += weight


def weight(text: str) -> int:
    """About how many bytes a frame or an answer takes in memory, with its text, once it is parsed."""
    rough = FRAME + len(text) + _parts(text)
    if rough - len(text) < MATTERS:
        return rough
    return FRAME + len(text) + _parts(_STRING.sub("", text))  # a comma in a text is none between two values


def _parts(text: str) -> int:
    return VALUE * (text.count(",") + text.count("[")) + OBJECT * text.count("{")
