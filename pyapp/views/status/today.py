"""TodayView: at midnight all that says when something was says it anew: a time without a day is today's."""

from __future__ import annotations

from ...clock import Timer
from ...locale.display import day_of
from ..context import View, ViewContext

MINUTE_S = 60.0
"""Days begin with a minute, wherever one is."""


class TodayView(View):
    """Owns one timer, which asks once a minute which day it is: a machine may sleep, and clocks are set."""

    rank = 9

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._timer: Timer | None = None
        self._look()
        self.shows(self._draw, self.stores.today)

    def close(self) -> None:
        super().close()
        if self._timer is not None:
            self._timer.cancel()

    def _draw(self) -> None:
        self.document.say_times(lambda ts, exact: self.parts.when(ts, exact=exact))

    def _look(self) -> None:
        now = self.context.shared.server_clock.now()
        self.stores.today.set(day_of(now))
        self._timer = self.context.shared.clock.call_later(MINUTE_S - now % MINUTE_S, self._look)
