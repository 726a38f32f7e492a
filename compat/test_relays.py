"""Two relays behind a real nginx with the example of the docs, one Redis: a backend that falls short in nothing."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from httpx import AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.scale.parts import redis_part, relay_part
from flowglow.check.conduct import conduct
from flowglow.check.findings import Outcome
from flowglow.check.options import Options
from flowglow.relay.log.opening import open_log
from flowglow.relay.portal import Portal
from tests.flowglow.relay.executing import FLOW, LogExecutor
from tests.flowglow.relay.support import relaying
from tests.flowglow.serving import served, socket_page

from .nginx import page_and_relays_behind_nginx, relays_behind_nginx


def test_two_relays_behind_nginx_fall_short_in_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as apart:  # the browser of other tests here keeps a loop in this thread
        outcomes = apart.submit(asyncio.run, checked(tmp_path)).result()
    assert {f"{each.code}: {each.seen}" for outcome in outcomes for each in outcome.findings} == set()
    assert all(each.done for each in outcomes if each.name != "policy")


async def checked(tmp_path: Path) -> list[Outcome]:
    redis = redis_part(tmp_path)
    url = f"redis://127.0.0.1:{redis.port}/0"
    (tmp_path / "flows.json").write_text(json.dumps([FLOW]))
    redis.start()
    parts = [redis]
    log = await open_log(url)
    executor = LogExecutor(log)

    async def called(request: Request) -> JSONResponse:
        order = await request.json()
        if order["action"] == "start":
            await executor.start(order["flow_id"], order["run_id"], order["input"], request)
        return JSONResponse({})

    try:
        async with served(Starlette(routes=[Route("/", called, methods=["POST"])])) as hook:
            relays = [relay_part(number, url, tmp_path) for number in range(2)]
            for each in relays:
                each.command += ["--flows", str(tmp_path / "flows.json"), "--webhook", f"http://{hook}/"]
                each.command += ["--need-ticket", "--heartbeat", "1"]
            parts += relays
            for each in relays:
                each.start()
            with relays_behind_nginx((relays[0].port, relays[1].port), tmp_path / "nginx") as where:
                options = Options(f"ws://{where}/ws", f"http://{where}/api", ("asks",), patience_s=10.0)
                return await conduct(options)
    finally:
        await executor.close()
        await log.close()
        for each in reversed(parts):
            each.stop()


def test_a_page_and_its_relays_have_one_address(tmp_path: Path) -> None:
    """Whatever an id of a run ends with: no rule for the page's own files takes it away from the relays."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, at_one_address(tmp_path)).result()


async def at_one_address(folder: Path) -> None:
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text("The page.")
    folder.chmod(0o755)
    async with relaying(portal=Portal(keys=("k",))) as relay:
        port = int(relay.address.rpartition(":")[2])
        with page_and_relays_behind_nginx(site, (port, port), folder / "nginx") as where:
            async with AsyncClient(base_url=f"http://{where}", headers={"authorization": "Bearer k"}) as client:
                assert (await client.get("/")).text == "The page."
                assert (await client.get("/api/flows")).json() == []
                for run_id in ("r", ".hidden", "a.0123456789.js"):
                    assert (await client.put(f"/ingest/runs/{run_id}", json={})).status_code == 201
                    assert (await client.get(f"/api/runs/{run_id}")).json()["run_id"] == run_id
                assert (await client.get("/healthz")).status_code == 404
            async with socket_page(f"ws://{where}/ws", origin=f"http://{where}") as page:
                assert (await page.next())["type"] == "hello"
