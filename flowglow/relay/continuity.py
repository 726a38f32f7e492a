"""Whether a log still has what was told of it: one behind a lost connection may lack its last moments."""

from __future__ import annotations

from collections.abc import Iterable

from .log.port import EventLog, UnknownRun
from .watched import Watched


async def lacks_told(event_log: EventLog, followed: Iterable[Watched]) -> bool:
    """Whether one of these runs ends sooner than it was told, or has another event, or none, in the place of the last.

    A run that is not known any more counts as lost, also one that retention took. Raises Unavailable.
    """
    for run in tuple(followed):
        seq, mark = run.seq, run.mark
        if seq < 0:
            continue
        try:
            page = await event_log.read(run.run_id, seq - 1, limit=1)
        except UnknownRun:
            return True
        there = [hash(entry.text) for entry in page.entries if entry.seq == seq]
        if page.last < seq or (page.first <= seq and mark is not None and there != [mark]):
            return True
    return False
