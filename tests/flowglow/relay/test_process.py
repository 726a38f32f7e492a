"""The command itself, in a process of its own: started, told to stop, and killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

import flowglow
from tests.flowglow.serving import PATIENCE_S, SocketPage, socket_page

ROOT = Path(__file__).resolve().parents[3]
START_S = 60.0


class Process:
    """A relay in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self._process = process
        self.address = address

    def page(self) -> contextlib.AbstractAsyncContextManager[SocketPage]:
        return socket_page(f"ws://{self.address}/ws")

    async def end(self, how: signal.Signals) -> int:
        self._process.send_signal(how)
        async with asyncio.timeout(START_S):
            return await self._process.wait()


@contextlib.asynccontextmanager
async def relay(log: str, port: int = 0, *words: str) -> AsyncIterator[Process]:
    """The relay of that log, ended at the latest at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "flowglow", "relay", "--log", log, "--port", str(port), "--key", "k", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            told = await process.stdout.readline()
        found = re.search(rb"http://([0-9.:]+)/", told)
        assert found is not None, told
        yield Process(process, found[1].decode())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_relay_that_is_killed_and_started_again_has_everything(tmp_path: Path) -> None:
    """A producer tells on through it; whoever comes back gets what was missed: nothing lost, nothing twice."""
    log = f"sqlite:{tmp_path / 'log.db'}"
    seqs: list[int] = []
    async with relay(log) as first:
        run = flowglow.run("f", url=f"http://{first.address}", key="k", run_id="r")
        await run.__aenter__()
        async with first.page() as page:
            instance = (await page.next())["instance"]
            await page.send({"type": "resume", "runs": {"r": -1}})
            for number in range(50):
                await run.say(str(number))
            seqs += [each["seq"] for each in await page.until(content="30") if "seq" in each]
            assert await first.end(signal.SIGKILL) == -signal.SIGKILL
            for number in range(50, 80):
                await run.say(str(number))
            with contextlib.suppress(ConnectionClosed):  # what was on its way still comes
                while True:
                    seqs.append((await page.next())["seq"])
    async with relay(log, int(first.address.rpartition(":")[2])) as again:
        await run.__aexit__(None, None, None)  # all of it is there before anybody is back: nothing comes by itself
        async with again.page() as page:
            assert (await page.next())["instance"] == instance
            await page.send({"type": "resume", "runs": {"r": seqs[-1]}})
            seqs += [each["seq"] for each in await page.until(event="run_end") if "seq" in each]
    assert seqs == list(range(82))


async def test_two_relays_on_one_file_tell_a_run_under_its_flow(tmp_path: Path) -> None:
    """Also where the other one learns of the flow, later: before, nobody is told of it, and then the whole of it."""
    log = f"sqlite:{tmp_path / 'log.db'}"
    async with relay(log) as here, relay(log) as there, there.page() as page, there.page() as everything:
        await page.next()
        await page.send({"type": "subscribe", "flow_id": "g"})
        await page.send({"type": "resume", "runs": {"none": -1}})
        await page.until(run_id="none")
        address = f"http://{here.address}"
        async with httpx.AsyncClient(base_url=address, headers={"authorization": "Bearer k"}) as client:

            async def tell(run_id: str, **event: object) -> None:
                body = json.dumps({"run_id": run_id, **event})
                (await client.post(f"/ingest/runs/{run_id}/events", content=body)).raise_for_status()

            await tell("r", event="RunContent", content="of which flow?")
            await tell("s", event="RunContent", content="of which flow?")
            await everything.until(run_id="s", content="of which flow?")
            await tell("r", event="run_start", flow_id="f")
            await tell("r", event="RunContent", content="of another flow")
            await tell("s", event="run_start", flow_id="g")
            heard = await page.until(run_id="s", event="run_start")
        assert [(each["run_id"], each["event"]) for each in heard] == [("s", "RunContent"), ("s", "run_start")]


async def test_a_relay_that_is_told_to_stop_sends_its_pages_elsewhere(tmp_path: Path) -> None:
    """With 1012, and it ends well."""
    async with relay("memory", 0, "--spread", "0.2") as process, process.page() as page:
        await page.next()
        ending = asyncio.create_task(process.end(signal.SIGTERM))
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_S):
                await page.until(never=1)
        assert page.socket.close_code == 1012
        assert await ending == 0


async def test_what_cannot_be_started_is_said_in_a_sentence(tmp_path: Path) -> None:
    """On standard error, with exit status 1; everything else there is a JSON object a line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "flowglow", "relay", "--log", f"sqlite:{tmp_path}", "--port", "0"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(START_S):
        _, told = await process.communicate()
    sentence = [line for line in told.decode().splitlines() if not line.startswith("{")][-1]
    assert process.returncode == 1 and str(tmp_path) in sentence and sentence.endswith(".")
    assert all(json.loads(line) for line in told.decode().splitlines() if line.startswith("{"))
