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
_TS = re.compile(r'"ts":\s*([0-9]+(?:\.[0-9]+)?)')


class Bundle:
    """What happened next in a run: numbers, and the text that most sockets get as it is."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.first, self.last = entries[0].seq, entries[-1].seq
        self._parts = parts_of([entry.text for entry in entries])

    def behind(self, seq: int) -> list[Part]:
        """What of it stands behind a number."""
        if seq < self.first:
            return self._parts
        return parts_of([entry.text for entry in self.entries if entry.seq > seq])

    @property
    def ts(self) -> float | None:
        """The time that the last of it bears."""
        ts = _TS.search(self.entries[-1].text)
        return float(ts[1]) if ts is not None else None


class Watcher(Protocol):
    """One socket, as the hub sees it."""

    def wants(self, news: Appeared) -> bool:
        """Whether a run that is new is to be watched for it."""

    def admit(self, run_id: str, flow_id: str | None, seq: int) -> None:
        """A run is watched for it from behind that number on."""

    def deliver(self, run_id: str, bundle: Bundle) -> None:
        """Something happened in a run; `flush` follows. Never blocks and never raises."""

    def flush(self) -> None:
        """Send what is due. Never blocks and never raises."""

    def begun_again(self) -> None:
        """The log is another one: numbers begin again."""


class Watched:
    """A run that is followed."""

    def __init__(self, run_id: str, seq: int) -> None:
        self.run_id = run_id
        self.seq = seq
        self.over_at: float | None = None
        self.watchers: dict[Watcher, bool] = {}
        """Who watches it, and whether it was named."""

    def happened(self, bundle: Bundle) -> None:
        """Take in how far it is, and hand it to everybody who watches."""
        self.seq = bundle.last
        for over in [over_with(entry.text) for entry in bundle.entries if _TURN.search(entry.text)]:
            if over is not None:
                self.over_at = time.monotonic() if over else None
        for watcher in list(self.watchers):
            watcher.deliver(self.run_id, bundle)


def over_with(text: str) -> bool | None:
    """Whether a run is over with that event; None where it changes nothing."""
    event = parse(text)
    match event.get("event"):
        case "run_end" | "resume_end":
            return bool(event.get("status") != "paused")
        case "resume_start" | "AgentPaused":
            return False
    return None
