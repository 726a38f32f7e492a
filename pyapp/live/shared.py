"""Shared: what every live part of one page uses. Nothing in it is global: two pages can coexist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..clock import Clock
from ..contract.own import OwnTypes
from ..errors import ApiError, ErrorReporter
from ..locale.catalogue import Catalogue
from ..ports import Seam
from ..stores.rows import MAX_QUARANTINE, Quarantined
from ..stores.stores import Stores
from .memory import Memory
from .server_clock import ServerClock

Wish = Literal["events", "first", "state", "results", "log", "alive"]
"""events: the numbers that are missing. first: event 0 and all behind it, of a history that begins anew. state: how the
run is. results: what it gave, now that it is over. log: its log lines, until it is over. alive: that its silence is
noticed."""


class Wishes:
    """What somebody wants of a server. Handlers and the intake say so; `Sync` alone asks."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str, Wish], None]] = []

    def listen(self, listener: Callable[[str, Wish], None]) -> None:
        """Call `listener(run_id, wish)` for each, in the order in which they are made."""
        self._listeners.append(listener)

    def want(self, run_id: str, wish: Wish) -> None:
        """Wanting what is wanted already changes nothing."""
        for listener in self._listeners:
            listener(run_id, wish)


@dataclass(frozen=True, slots=True)
class Shared:
    """Time, words, stores, wishes, what is remembered, and where failures go."""

    clock: Clock
    server_clock: ServerClock
    stores: Stores
    reporter: ErrorReporter
    words: Catalogue
    seam: Seam
    memory: Memory
    wishes: Wishes = field(default_factory=Wishes)
    own: OwnTypes = field(default_factory=OwnTypes)
    """The types of messages of a portal's own."""

    def say(self, words: str) -> None:
        """Tell a person for a moment what was just done, or was not."""
        number, _ = self.stores.toast.get()
        self.stores.toast.set((number + 1, self.words(words)))

    def put_aside(self, reason: str, text: str = "") -> None:
        """Keep something that could not be used where a person can see it, with the reason."""
        kept = (*self.stores.quarantine.get(), Quarantined(reason, text))
        self.stores.quarantine.set(kept[-MAX_QUARANTINE:])

    def say_delayed(self, notice: str, words: str, error: ApiError) -> None:
        """Something is late and asked for again; while the link is lost everything is, and that is said already."""
        if not self.stores.link.get().lost:
            self.stores.notices.say(notice, self.words(words, reason=error))
