"""What many sockets ask at the same time is asked of the log once."""

from __future__ import annotations

import asyncio

from flowglow.relay.hub import Hub
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, Page, Stream
from flowglow.relay.metrics import Metrics
from flowglow.relay.outbox import Outbox
from flowglow.relay.watcher import SocketWatcher
from tests.flowglow.relay.support import said, text

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
