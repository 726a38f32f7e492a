"""Telling: what of the bars the page was not told yet. Pure; only what changed is told, in its latest form."""

from __future__ import annotations

from typing import Any

from .bars import Bar
from .nesting import Nesting


class Telling:
    """Owns the bars of one run, and which of them changed since they were last told."""

    def __init__(self) -> None:
        self._nesting = Nesting()
        self._bars: dict[str, Bar] = {}
        self._changed: dict[str, None] = {}
        self._anew = True

    def put(self, key: str, bar: Bar | None) -> None:
        """The bar of a key; None where it has none."""
        if bar is not None:
            if self._bars.get(key) == bar:
                return
            self._bars[key] = bar
            moved = self._nesting.put(bar)
        elif self._bars.pop(key, None) is not None:
            moved = self._nesting.drop(key)
        else:
            return
        self._changed[key] = None
        for each in moved:
            self._changed[each] = None

    def get(self, key: str) -> Bar | None:
        return self._bars.get(key)

    def clear(self) -> None:
        """Another run, or the same one anew: what was told before is void."""
        self._nesting.clear()
        self._bars.clear()
        self._changed.clear()
        self._anew = True

    def news(self) -> dict[str, Any]:
        """What is to be told now: `bars` by their wire form, keys that are `gone`, and whether all is told `anew`."""
        changed, self._changed = self._changed, {}
        anew, self._anew = self._anew, False
        known = self._bars
        bars = [known[key].wire(self._nesting.parent(key)) for key in changed if key in known]
        return {"anew": anew, "bars": bars, "gone": [] if anew else [key for key in changed if key not in known]}

    def __len__(self) -> int:
        return len(self._bars)
