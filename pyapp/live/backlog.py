"""Backlog: accepted events that wait because more come than can be handled. Words are merged, nothing else is."""

from __future__ import annotations

from collections import deque
from typing import Any

from ..contract.events import BaseEvent, Event, Reasoning, Text


class Waiting:
    """One event, or the text of several that say more of the same."""

    __slots__ = ("_parts", "catching_up", "count", "event", "last_seq")

    def __init__(self, event: Event, catching_up: bool) -> None:
        self.event = event
        self.catching_up = catching_up
        self.count = 1
        """How many events it stands for."""
        self.last_seq = event.seq
        self._parts: list[str] | None = None

    def take(self, event: Text, text: str) -> None:
        """Add what another event says."""
        if self._parts is None:
            self._parts = [getattr(self.event, "content", "")]
        self._parts.append(text)
        self.count += 1
        if event.seq is not None:
            self.last_seq = event.seq

    def merged(self) -> Event:
        """The event that says all of it; its number is the last one's, `merged` how many it is."""
        if self._parts is None:
            return self.event
        said = {"content": "".join(self._parts), "seq": self.last_seq, "merged": self.count}
        return self.event.model_copy(update=said)


class Backlog:
    """Owns the order of what waits. Text is added to the last text of its source while its run does nothing else."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._open: dict[str, dict[tuple[Any, ...], Waiting]] = {}
        """By run: the texts to which more may be added."""

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, event: Event, catching_up: bool) -> bool:
        """Let the event wait; True when it was merged into one that waits already."""
        key = _key(event, catching_up)
        if key is None:
            self._open.pop(event.run_id, None)
            self._waiting.append(Waiting(event, catching_up))
            return False
        known = self._open.setdefault(event.run_id, {}).get(key)
        if known is not None and isinstance(event, Text) and event.mode != "snapshot":
            known.take(event, event.content)
            return True
        waiting = self._open[event.run_id][key] = Waiting(event, catching_up)
        self._waiting.append(waiting)
        return False

    def pop(self) -> Waiting:
        """The one that has waited longest."""
        first = self._waiting.popleft()
        texts = self._open.get(first.event.run_id, {})
        key = _key(first.event, first.catching_up)
        if key is not None and texts.get(key) is first:
            del texts[key]
        if not self._waiting:
            self._open.clear()
        return first

    def forget(self, run_id: str) -> None:
        """What waits of a run is void."""
        self._open.pop(run_id, None)
        self._waiting = deque(each for each in self._waiting if each.event.run_id != run_id)


def _key(event: BaseEvent, catching_up: bool) -> tuple[Any, ...] | None:
    """What two texts must have in common to be one; None for what is never merged."""
    if not isinstance(event, Text) or not isinstance(event.content, str):
        return None
    if isinstance(event, Reasoning) and event.step is not None:
        return None
    return (event.event, event.source_run_id, event.agent_id, event.team_id, event.node_id, event.name, catching_up)
