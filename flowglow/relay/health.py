"""How a relay's log is: what it could not do lately, in words for whoever operates it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from ..errors import Refused
from .log.port import Full, Unavailable

LAPSES_S = 120.0
"""So long it is told that something could not be done: whatever is tried again fails again by then, or is done."""


class Health:
    """Owns what could not be done, and why; what is done again is well again."""

    def __init__(self) -> None:
        self._troubles: dict[str, tuple[float, str]] = {}

    @property
    def troubles(self) -> list[str]:
        """A sentence for each."""
        oldest = time.monotonic() - LAPSES_S
        return [f"{what}: {why}" for what, (at, why) in self._troubles.items() if at >= oldest]

    @contextlib.contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Know by this name whether the log can do it; what is raised is raised."""
        try:
            yield
        except Exception as error:
            if not isinstance(error, Refused) or isinstance(error, Full | Unavailable):  # else it was not the log's
                why = str(error) if isinstance(error, Refused) else "This relay's own log says why."
                self._troubles[what] = (time.monotonic(), why)
            raise
        self._troubles.pop(what, None)
