"""The health stores: how each handler and each view is doing, for the inspector."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandlerHealth:
    """`failures` since the page was loaded; `streak` in a row until now; `slow` how often it kept the page busy."""

    handler: str
    failures: int = 0
    streak: int = 0
    slow: int = 0
    aside: bool = False
    """It fails again and again: it hears of no event, and is tried now and then."""
    last_event: str | None = None
    last_error: str | None = None
    costs: str = ""
    """What the user misses when this handler fails, in words."""
    kept: int = 0


@dataclass(frozen=True, slots=True)
class ViewHealth:
    """`failures` since the page was loaded; `streak` in a row until now."""

    view: str
    failures: int = 0
    streak: int = 0
    last_error: str | None = None
