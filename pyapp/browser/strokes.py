"""Strokes: what is written to the page. Outside a frame each is drawn at once, in a frame all of them in one call.

A crossing into JavaScript costs more than most strokes do, so they cross together, as one text. Whoever reads what was
written and is not drawn yet has it drawn first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from operator import attrgetter
from typing import Any

import js

from ..errors import describe

_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=attrgetter("number"))
"""An element in a stroke is written as its number."""

NOTHING = ("free", 0)
"""A stroke that does nothing."""


class DrawingError(Exception):
    """The browser refused a stroke."""


class Strokes:
    """Owns what is not drawn yet, and the numbers by which web/js/draw.mjs knows what it draws on."""

    def __init__(self) -> None:
        drawer: Any = js.flowglow.drawer()
        self._draw, self._know, self.raw = drawer.draw, drawer.know, drawer.get
        """`raw(number)`: what the browser has under a number."""
        self.find, self.forget_nodes = drawer.find, js.flowglow.forgetNodes
        """The canvas element of a node, or its part with a class, else null; other elements than before are there."""
        self.forget_nodes()
        self.number = count(1).__next__
        """A number that nothing has yet."""
        self._waiting: list[tuple[Any, ...]] = []
        self.write: Callable[[tuple[Any, ...]], None] = self._draw_one
        """Add a stroke; DrawingError where it fails at once. While strokes are kept it is the list's own `append`."""
        self._free: list[int] = []
        """Numbers of which Python let go: that is told behind the next strokes."""
        self.free = self._free.append
        self._held = False
        self._authors: list[tuple[int, str]] = []
        """From which of the waiting strokes on they are whose."""
        self._failed: dict[str, Exception] = {}

    def know(self, node: Any) -> int:
        """The number, from now on, of something that the browser has."""
        number = self.number()
        self._know(number, node)
        return number

    def _draw_one(self, stroke: tuple[Any, ...]) -> None:
        self._waiting.append(stroke)
        self.draw()
        if self._failed:
            raise self._failed.popitem()[1]

    def hold(self, author: str) -> None:
        """Keep strokes from now on; they are the author's."""
        self._held, self.write = True, self._waiting.append
        self._authors.append((len(self._waiting), author))

    def release(self) -> dict[str, Exception]:
        """Draw what was kept, and from now on each stroke at once. Whose strokes failed, and why."""
        self._held, self.write = False, self._draw_one
        self.draw()
        failed, self._failed = self._failed, {}
        return failed

    def draw(self) -> None:
        """Draw what waits."""
        waiting = self._waiting.copy()
        self._waiting.clear()
        authors, self._authors = self._authors, self._authors[-1:] if self._held else []
        if self._authors:
            self._authors = [(0, self._authors[0][1])]
        if self._free:
            waiting.append(("free", 0, *self._free))
            self._free.clear()
        if not waiting:
            return
        text, unsaid = _as_text(waiting)
        for place, why in (*unsaid, *json.loads(self._draw(text) or "[]")):
            author = next((name for first, name in reversed(authors) if first <= place), "")
            self._failed.setdefault(author, DrawingError(why))


def _as_text(strokes: list[tuple[Any, ...]]) -> tuple[str, list[tuple[int, str]]]:
    """All of them; of those that JSON has no words for (a view of a portal may write anything), the place and why."""
    try:
        return _ENCODER.encode(strokes), []
    except Exception:
        texts, unsaid = [], []
    for place, stroke in enumerate(strokes):
        try:
            texts.append(_ENCODER.encode(stroke))
        except Exception as error:
            texts.append(_ENCODER.encode(NOTHING))
            unsaid.append((place, f"{stroke[0]} was given what JSON cannot say: {describe(error)}"))
    return f"[{','.join(texts)}]", unsaid
