"""History: whether a server still tells the run that it told before. A restarted one may begin again from 0."""

from __future__ import annotations

from ..contract.control import CatchUp
from ..contract.events import Event
from ..run.tracking_old import ExecutionTracking


class History:
    """Owns the doubts about runs: each is settled by the next numbered event of its run, and costs nothing else."""

    def __init__(self, tracking: ExecutionTracking) -> None:
        self._tracking = tracking
        self._compare: set[str] = set()
        """Runs whose next number, if it is taken, may be that of another event."""
        self._ended: dict[str, int] = {}
        """Runs whose history is gone, and the number with which the new one begins."""

    def distrust(self, run_id: str) -> None:
        """The link is new, or the server names a lower number than before: look at what it says next."""
        self._compare.add(run_id)

    def distrusts(self, run_id: str) -> bool:
        return run_id in self._compare

    def vouches(self, event: Event) -> bool:
        """Whether the event is one that is known, of a run in doubt: then there is no doubt any more."""
        if event.run_id not in self._compare or self._differs(event, otherwise=True):
            return False
        self._compare.discard(event.run_id)
        return True

    def caught_up(self, frame: CatchUp, position: int) -> bool:
        """Note what an incomplete catch-up says of numbers up to `position`; True when the old history is over."""
        nothing = frame.to_seq < frame.from_seq <= position + 1
        over = position >= 0 and (nothing or frame.to_seq < position or frame.from_seq <= 0)
        if over:
            self._ended[frame.run_id] = 0 if nothing else max(0, frame.from_seq)
        return over

    def is_over(self, run_id: str) -> bool:
        """Whether the server said that its history of a run is gone, and has not begun another one."""
        return run_id in self._ended

    def begins_anew(self, event: Event, position: int) -> int | None:
        """The first number of the new history, if this event shows that there is one."""
        run_id = event.run_id
        if event.seq is None:
            return None
        first, compare = self._ended.pop(run_id, None), run_id in self._compare
        self._compare.discard(run_id)
        if first is None and compare and event.seq <= position and self._differs(event):
            return 0
        return first

    def forget(self, run_id: str) -> None:
        self._compare.discard(run_id)
        self._ended.pop(run_id, None)

    def _differs(self, event: Event, *, otherwise: bool = False) -> bool:
        """Whether the number of the event was another event's; `otherwise` where the journal does not know.

        Of the first one even the moment counts: the same flow begins the same way each time.
        """
        if self._tracking.find(event.run_id) is None:
            return otherwise
        known = next((each for each in self._tracking.journal(event.run_id) if each.seq == event.seq), None)
        if known is None or hasattr(known, "merged"):  # several in one (core/backlog.py) are comparable with none
            return otherwise
        return _told(known) != _told(event)


def _told(event: Event) -> dict[str, object]:
    return event.model_dump(exclude=set() if event.seq == 0 else {"ts"})
