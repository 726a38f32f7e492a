"""What of a run waits for a person, each question kept by itself: many that are open cost an event nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..wire import to_text


class Waiting(Mapping[str, dict[str, Any]]):
    """Owns what was asked, by id, oldest first, and by which event. `changed` names what came, went, or is another
    since it was kept."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[int, str, dict[str, Any]]] = {}
        """Place, the event that asked, and what it said."""
        self._next = 0
        self.changed: set[str] = set()

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self._open[name][2]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    @property
    def asked(self) -> dict[str, str]:
        """By id, the event that asked for it last."""
        return {name: event_id for name, (_, event_id, _) in self._open.items()}

    def put(self, name: str, said: Mapping[str, Any], event_id: str) -> None:
        """It waits; what waits already keeps its place."""
        place = self._open[name][0] if name in self._open else self._next
        self._next = max(self._next, place + 1)
        self._open[name] = (place, event_id, dict(said))
        self.changed.add(name)

    def drop(self, names: Iterable[str]) -> None:
        """They wait no longer."""
        for name in names:
            if self._open.pop(name, None) is not None:
                self.changed.add(name)

    def drop_where(self, is_over: Callable[[Mapping[str, Any]], bool]) -> None:
        """Nothing can be done any more about those of which that is true."""
        self.drop([name for name, (_, _, said) in self._open.items() if is_over(said)])

    def part(self, name: str) -> str:
        """One of them as JSON can hold it; "" for what does not wait."""
        return to_text(self._open[name]) if name in self._open else ""

    def take_up(self, parts: Mapping[str, Any]) -> None:
        """Go on from the parts that were kept, read."""
        for name, (place, event_id, said) in sorted(parts.items(), key=lambda part: int(part[1][0])):
            self._open[name] = (place, event_id, said)
            self._next = place + 1
