"""A producer that is killed while it tells, and started again: a real process, ended by SIGKILL."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from flowglow.errors import Refused
from flowglow.relay.log.port import EventLog
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import relaying

ROOT = Path(__file__).resolve().parents[3]
COUNT, ENOUGH = 60, 20
WITHIN_S = 60.0


async def worker(url: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.flowglow.producer.worker", url, str(COUNT))
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT)


async def told(log: EventLog) -> list[str]:
    """The words that are kept of the run."""
    with suppress(Refused):
        events = [json.loads(entry.text) for entry in (await log.read("r")).entries]
        return [event["content"] for event in events if event["event"] == "RunContent"]
    return []


async def test_a_producer_killed_in_the_middle_and_started_again(tmp_path: Path) -> None:
    """It begins with the first word again, as it knows nothing of how far it was; each word is there once, in order."""
    log = await SqliteLog.opened(tmp_path / "log.db")
    async with asyncio.timeout(WITHIN_S), relaying(log, Portal(keys=("k",))) as relay:
        url = f"http://{relay.address}"
        first = await worker(url)
        while len(await told(log)) < ENOUGH:
            await asyncio.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        assert await first.wait() == -signal.SIGKILL
        assert len(await told(log)) < COUNT and (await log.run("r"))["status"] == "executing"
        assert await (await worker(url)).wait() == 0
        assert await told(log) == [str(number) for number in range(COUNT)]
        assert (await log.run("r"))["status"] == "success"
    await log.close()
