"""What many sockets ask at the same time is asked of the log once."""

from __future__ import annotations

import asyncio

from flowglow.relay.hub import Hub
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, NewRun, Page, Retention, Stream
from flowglow.relay.metrics import Metrics
from flowglow.relay.outbox import Outbox
from flowglow.relay.watcher import SocketWatcher
from tests.flowglow.relay.support import NOW, said, text

SOCKETS = 1_000


class Asked(MemoryLog):
    """Counts what is read, and answers as late as one that is asked over a network."""

    reads = 0

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        self.reads += 1
        await asyncio.sleep(0)
        return await super().read(run_id, after, stream, limit)


async def test_a_thousand_that_come_back_at_once_are_no_storm() -> None:
    """All resume the same run: each gets all that it missed, and the log is asked as if they were one."""
    log = Asked()
    await log.append("r", [said("run_start", flow_id="f"), *(text(str(number)) for number in range(50))])
    hub = Hub(log, Metrics())
    await hub.start()
    boxes = [Outbox() for _ in range(SOCKETS)]
    watchers = [SocketWatcher(hub, box, None, lambda code, reason: None) for box in boxes]
    await asyncio.gather(*(each.catch_up("r", 10) for each in watchers))
    frames = [[frame for _ in range(2) for frame in await box.take()] for box in boxes]
    assert all('"complete":true' in said for said, _ in frames)
    assert all(missed.count('"seq":') == 40 and '"seq":50,' in missed for _, missed in frames)
    assert log.reads <= 2 + 1  # how far the run is, and what was missed; and the hub's own follower
    await hub.close()


async def test_the_flow_of_another_run_of_that_name_is_another() -> None:
    """It is remembered of a run, and the run may be gone meanwhile."""
    log = MemoryLog(Retention(age_s=1), lambda: NOW)
    hub = Hub(log, Metrics())
    await hub.start()
    for flow_id in ("f", "g"):
        await log.open(NewRun("r", flow_id, NOW))
        await asyncio.sleep(0.01)
        assert await hub.ask.flow_of("r") == flow_id
        await log.sweep(NOW + 10)
    await hub.close()
