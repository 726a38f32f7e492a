"""So many sockets lose their relay at once: how they come back, and that none of them lacks anything then."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

from .crowd import Crowd
from .load import go, line_of, running
from .parts import Stage
from .producer import Task

COUNT, RATE = 40, 2.0
BEFORE_S = 4.0
"""So long everybody watches in peace."""


@dataclass(frozen=True, slots=True)
class Comeback:
    """What came of it. `peak` is how many opened within the busiest tenth of a second."""

    sockets: int
    whole: int
    reopened: int
    peak: int
    within_s: float


def come_back(stage: Stage, sockets: int, *, spread: bool = True) -> Comeback:
    """Kill every relay at once, and start them again."""
    runs = [f"comeback{'' if spread else '-control'}-{number}" for number in range(4)]
    told = Crowd(stage.ws, runs, sockets, COUNT, 90.0, spread=spread).text()
    with ExitStack() as ended:
        crowd = ended.enter_context(running("bench.scale.crowd", told))
        line_of(crowd)
        task = Task(stage.redis_url, runs, RATE, COUNT, time.time() + 1.0)
        ended.enter_context(running("bench.scale.producer", task.text()))
        go(crowd)
        time.sleep(BEFORE_S)
        for part in stage.relays:
            part.stop(signal.SIGKILL)
        for part in stage.relays:
            part.start()
        said = json.loads(line_of(crowd))
    opened = Counter({int(tenth): count for tenth, count in said["came_back"].items()})
    times = sorted(opened)
    within_s = (times[-1] - times[0] + 1) / 10 if times else 0.0
    return Comeback(sockets, said["whole"], opened.total(), max(opened.values(), default=0), within_s)
