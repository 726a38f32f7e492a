"""The health store: how each handler is doing, for the inspector."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandlerHealth:
    """`failures` since the page was loaded; `streak` in a row until now; times in milliseconds."""

    handler: str
    failures: int = 0
    streak: int = 0
    slow: int = 0
    aside: bool = False
    """It fails again and again: its events wait, and it is tried now and then."""
    kept: int = 0
    """Events it failed on that can be tried again."""
    last_event: str | None = None
    last_error: str | None = None
    costs: str = ""
    """What the user misses when this handler fails, in words."""
