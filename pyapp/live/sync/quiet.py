"""Quiet: an open link over which nothing comes may be dead, where its server promised no heartbeat: HTTP is asked then.

A run that is known is asked about when it is silent (`runs.py`). This is for runs that nobody here has heard of.
"""

from __future__ import annotations

from ...clock import Timer, drop
from ...stores.link import LinkState
from ..shared import Shared
from .listing import Listing

QUIET_S = 30.0
"""Silence of an open link behind which the list of runs is asked for, and again for as long as it lasts."""


class Quiet:
    """Owns one timer, while the link is open. Where frames come, a ping of the server's say, nothing is asked."""

    def __init__(self, shared: Shared, listing: Listing) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._listing = listing
        self._timers: dict[str, Timer] = {}
        self._received: int | None = None
        """How many frames had come when this was looked at last."""
        self._stores.link.listen(self._linked)

    def look(self) -> None:
        """Ask, unless something came since, or the link is away: its return asks."""
        if not self._timers:
            return
        if self._received == self._stores.metrics.get("received") and not self._listing.none:
            self._listing.ask()
        self._watch()

    # -- inside -----------------------------------------------------------------------------------
    def _linked(self, link: LinkState) -> None:
        if link.phase == "open":
            self._watch()
        else:
            drop(self._timers, "quiet")

    def _watch(self) -> None:
        drop(self._timers, "quiet")
        self._received = self._stores.metrics.get("received")
        self._timers["quiet"] = self._shared.clock.call_later(QUIET_S, self.look)
