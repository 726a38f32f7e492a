"""The server's clock, estimated: what time it is there, whatever this machine's clock says."""

from __future__ import annotations

from ..clock import Clock

WINDOW_S = 300.0
"""How long an estimate counts: a server whose clock was set back is believed after two of these."""
JUMP_S = 30.0
BELIEVED_AFTER = 3
"""A moment that lies so far ahead of the estimate counts only as the third of its kind in a row."""
LATEST_MOMENT = 1e11
"""Seconds since the epoch; a later moment is no time of a server."""


class ServerClock:
    """Owns the difference between the server's clock and the monotonic one. Knows no network.

    A message can only be late, never early: of all samples the greatest is the nearest to the truth.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: float | None = None
        self._before: float | None = None
        self._since = clock.now()
        self._jumps = 0

    def heard(self, moment: float) -> None:
        """A server said that it was `moment` (seconds since the epoch) when it sent what came now."""
        if not 0 < moment < LATEST_MOMENT:
            return
        now = self._clock.now()
        if now - self._since > WINDOW_S:
            self._before, self._ahead, self._since = self._ahead, None, now
        ahead = moment - now
        if now + ahead > self.now() + JUMP_S and self._known():
            self._jumps += 1
            if self._jumps < BELIEVED_AFTER:
                return
        self._jumps = 0
        if self._ahead is None or ahead > self._ahead:
            self._ahead = ahead

    def now(self) -> float:
        """Seconds since the epoch by the server's clock; by this machine's while no server said anything."""
        known = self._known()
        return self._clock.now() + max(known) if known else self._clock.wall()

    def _known(self) -> list[float]:
        return [each for each in (self._ahead, self._before) if each is not None]
