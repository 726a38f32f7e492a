"""Which tool calls are open: Agno tells the end of one that failed twice, and uses ids again."""

from __future__ import annotations

from collections import Counter

MAX_KNOWN = 10_000
Key = tuple[str | None, str | None, str | None]
"""Run id, id of the call, name where the call has no id."""


class Calls:
    """Owns what is open, and what has ended. A call whose start was missed has no end yet."""

    def __init__(self) -> None:
        self._open: Counter[Key] = Counter()
        self._ended: dict[Key, None] = {}

    def start(self, run: str | None, call: str | None, name: str | None) -> bool:
        """False for one that is open already, by its id."""
        key = _key(run, call, name)
        if call is not None and self._open[key]:
            return False
        self._open[key] += 1
        self._ended.pop(key, None)
        return True

    def end(self, run: str | None, call: str | None, name: str | None) -> bool:
        """False for one that has ended already."""
        key = _key(run, call, name)
        if self._open[key]:
            self._open[key] -= 1
        elif key in self._ended:
            return False
        if len(self._ended) >= MAX_KNOWN:
            self._ended.pop(next(iter(self._ended)))
        self._ended[key] = None
        if not self._open[key]:
            del self._open[key]
        return True


def _key(run: str | None, call: str | None, name: str | None) -> Key:
    return run, call, name if call is None else None
