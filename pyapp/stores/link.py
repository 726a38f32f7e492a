"""How the link is, and what is so of a run that nothing is heard of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LinkPhase = Literal["connecting", "open", "waiting", "offline", "closed"]


@dataclass(frozen=True, slots=True)
class LinkState:
    """`retry_at`: the monotonic moment of the next attempt while waiting. `reason`: why; `said`: by the server.

    `heard_at`: the monotonic moment as of which it was last known to be well; None where it never was.
    """

    phase: LinkPhase = "closed"
    reason: str | None = None
    attempt: int = 0
    retry_at: float | None = None
    said: str = ""
    heard_at: float | None = None

    @property
    def gone(self) -> bool:
        """It was open and is not: nothing is heard over it."""
        return self.phase != "open" and self.heard_at is not None

    @property
    def lost(self) -> bool:
        """It was there and is away; the page says so at its top, and nobody has to say it twice."""
        return self.phase in ("offline", "waiting") or (self.phase == "connecting" and self.attempt > 0)


@dataclass(frozen=True, slots=True)
class Away:
    """A run that nothing is heard of: its time stands at `at`. `heard_at`: when it was heard of last, if that is said.

    Both by the server's clock.
    """

    at: float
    heard_at: float | None = None

    @property
    def said(self) -> bool:
        return self.heard_at is not None
