"""The server's clock, estimated: what time it is there, whatever this machine's clock says."""

from __future__ import annotations

from ..clock import Clock

WINDOW_S = 300.0
"""How long an estimate counts: a server whose clock was set back is believed after two of these."""
JUMP_S = 30.0
BELIEVED_AFTER = 3
"""A moment that lies so far ahead of the estimate counts only as the third of its kind in a row, unless the machine
slept so long."""
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
        self._at_least: float | None = None
        """So far ahead, or further: of use until a message says it better."""
        self._wall_ahead = self._wall_heard = clock.wall() - clock.now()
        """How far the wall clock was ahead of the monotonic one, which stands still while the machine sleeps: when a
        sleep was believed last, and when the server was heard last."""
        self._since = clock.now()
        self._jumps = 0

    def heard(self, moment: float) -> None:
        """A server said that it was `moment` (seconds since the epoch) when it sent what came now."""
        if not 0 < moment < LATEST_MOMENT:
            return
        now = self._clock.now()
        if now - self._since > WINDOW_S:
            self._before, self._ahead, self._since = self._ahead, None, now
        ahead, wall_ahead = moment - now, self._clock.wall() - now
        known = self._known()
        if known is not None and ahead > known + JUMP_S:
            slept_s = max(0.0, wall_ahead - self._wall_ahead)
            self._jumps += 1
            if self._jumps < BELIEVED_AFTER and ahead > known + slept_s + JUMP_S:
                return
            self._wall_ahead = wall_ahead
        self._jumps, self._wall_heard = 0, wall_ahead
        if self._ahead is None or ahead > self._ahead:
            self._ahead = ahead

    def set(self, moment: float) -> None:
        """It is this moment there, whatever was said before: a recording begins again, and leaves out long pauses."""
        if 0 < moment < LATEST_MOMENT:
            self._ahead, self._before, self._since = None, None, self._clock.now()
            self.heard(moment)

    def told(self, moment: float) -> None:
        """Something happened at `moment` by the server's clock, it may be long ago: it is no earlier there now."""
        if not self.at(self._clock.now()) < moment < LATEST_MOMENT:
            return
        if self._known() is not None:
            self.heard(moment)
        else:
            self._at_least = moment - self._clock.now()

    def now(self) -> float:
        """Seconds since the epoch by the server's clock; while no server said what time it is, by this machine's, but
        no earlier than what happened there.
        """
        known = self._known()
        if known is not None:
            return self._clock.now() + known + self._slept_s()
        wall = self._clock.wall()
        return wall if self._at_least is None else max(wall, self._clock.now() + self._at_least)

    def at(self, moment: float) -> float:
        """What time it was there at a monotonic moment: none of a sleep that was noticed since the server was heard."""
        return self.now() - self._slept_s() - (self._clock.now() - moment)

    def _slept_s(self) -> float:
        """For how long the machine slept since the server was heard; what is too short for that is no sleep."""
        slept_s = self._clock.wall() - self._clock.now() - self._wall_heard
        return slept_s if slept_s > JUMP_S and self._known() is not None else 0.0

    def _known(self) -> float | None:
        """How far it is ahead of the monotonic clock: the most that was heard."""
        if self._ahead is None or self._before is None:
            return self._before if self._ahead is None else self._ahead
        return max(self._ahead, self._before)
