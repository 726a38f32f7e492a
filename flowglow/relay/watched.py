"""A run that is followed: who watches it, how far it is, and what happened next in it, made once for all of them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Protocol

from pyapp.contract.decode import parse

from .log.port import Appeared, Entry
from .outbox import Part, parts_of

_TURN = re.compile(r'"event":\s*"(?:run_end|resume_end|resume_start|AgentPaused)"')
"""May begin or end a run; in what a node gave it stands just as well."""
MAX_TIMED = 64 << 10
"""Characters of an event that is read for its time."""


class Bundle:
    """What happened next in a run: numbers, and the text that most sockets get as it is."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.first, self.last = entries[0].seq, entries[-1].seq
        self.parts = parts_of([entry.text for entry in entries])

    def behind(self, seq: int) -> list[Part]:
        """What of it stands behind a number."""
        if seq < self.first:
            return self.parts
        return parts_of([entry.text for entry in self.entries if entry.seq > seq])

    @property
    def ts(self) -> float | None:
        """The time that the last of it bears; None also for a long one, which costs too much to read."""
        text = self.entries[-1].text
        ts = parse(text).get("ts") if len(text) <= MAX_TIMED else None
        return float(ts) if isinstance(ts, int | float) else None


class Watcher(Protocol):
    """One socket, as the hub sees it."""

    def wants(self, news: Appeared) -> bool:
        """Whether a run that is new is to be watched for it."""

    def admit(self, run_id: str, flow_id: str | None, seq: int) -> None:
        """A run is watched for it from behind that number on."""

    def bring_up_to_date(self, run_id: str, flow_id: str | None) -> None:
        """A run that has a past is to be watched for it: it asks for what it was not told, and to watch it."""

    def was_told_of(self, run_id: str) -> bool:
        """Whether it was told of a run that is not watched for it now."""

    def still_wants(self, flow_id: str | None) -> bool:
        """Whether it wants what is under way of that flow, or (None) of all."""

    def passed(self, run_id: str) -> None:
        """A run is not watched for it any more."""

    def deliver(self, run_id: str, bundle: Bundle) -> int:
        """Something happened in a run: how many events it is told of now; `flush` follows. Never blocks or raises."""

    def flush(self) -> None:
        """Send what is due. Never blocks and never raises."""

    def begun_again(self) -> None:
        """The log is another one: numbers begin again."""


class Watched:
    """A run that is followed."""

    def __init__(self, run_id: str, seq: int) -> None:
        self.run_id = run_id
        self.seq = seq
        self.mark: int | None = None
        """Tells the event of that number from another one; None where it was not told here."""
        self.over_at: float | None = None
        self.watchers: dict[Watcher, bool] = {}
        """Who watches it, and whether it was named."""

    def happened(self, bundle: Bundle) -> int:
        """Take in how far it is, and hand it to everybody who watches: how many events they are told of, together."""
        self.seq, self.mark = bundle.last, hash(bundle.entries[-1].text)
        for over in [over_with(entry.text) for entry in bundle.entries if _TURN.search(entry.text)]:
            if over is not None:
                self.over_at = time.monotonic() if over else None
        return sum(watcher.deliver(self.run_id, bundle) for watcher in list(self.watchers))


def over_with(text: str) -> bool | None:
    """Whether a run is over with that event; None where it changes nothing."""
    event = parse(text)
    match event.get("event"):
        case "run_end" | "resume_end":
            return bool(event.get("status") != "paused")
        case "resume_start" | "AgentPaused":
            return False
    return None
