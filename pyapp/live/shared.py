"""Shared: what every live part of one page uses. Nothing in it is global: two pages can coexist."""

from __future__ import annotations

from dataclasses import dataclass

from ..clock import Clock
from ..errors import ErrorReporter
from ..locale.catalogue import Catalogue
from ..ports import Seam
from ..stores.rows import MAX_QUARANTINE, Quarantined
from ..stores.stores import Stores
from .server_clock import ServerClock


@dataclass(frozen=True, slots=True)
class Shared:
    """Time, words, stores, and where failures go."""

    clock: Clock
    server_clock: ServerClock
    stores: Stores
    reporter: ErrorReporter
    words: Catalogue
    seam: Seam

    def put_aside(self, reason: str, text: str = "") -> None:
        """Keep something that could not be used where a person can see it, with the reason."""
        kept = (*self.stores.quarantine.get(), Quarantined(reason, text))
        self.stores.quarantine.set(kept[-MAX_QUARANTINE:])
