"""The lines of docs/scaling.md for Agno, as they are written there, with nothing imported but by themselves."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import relaying
from tests.flowglow.serving import PATIENCE_S

pytest.importorskip("agno")

from devserver.flows.agno_model import Call

from .agno_agents import agent
from .test_run import until_status

DOC = Path(__file__).parents[3] / "docs" / "scaling.md"
LINES = re.compile(r"^```python\n(import flowglow\n.*?)^```$", re.M | re.S)


@pytest.mark.tree("docs/scaling.md")
async def test_the_ten_lines_for_agno_work_as_they_are_written() -> None:
    """Also with an agent that asks; the answer comes over HTTP."""
    (lines,) = LINES.findall(DOC.read_text(encoding="utf-8"))
    assert len(lines.splitlines()) <= 10 and "tell(run, " in lines
    async with relaying(portal=Portal(keys=("k",))) as relay, relay.client() as client, asyncio.timeout(PATIENCE_S):
        clerk = agent("clerk", Call("publish", {"title": "Lanes"}))
        names: dict[str, Any] = {"RELAY": f"http://{relay.address}", "KEY": "k", "agent": clerk}
        code = compile(lines, str(DOC), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        running = eval(code, names)
        assert inspect.iscoroutine(running)
        task = asyncio.create_task(running)
        run_id = None
        while run_id is None and not task.done():
            run_id = next((each["run_id"] for each in (await client.get("/api/runs")).json()), None)
        assert run_id is not None, task.exception()
        await until_status(relay.log, run_id, "paused")
        (need,) = (await client.get(f"/api/runs/{run_id}")).json()["requirements"]
        body = {"requirements": [{"id": need["id"], "confirmed": True}]}
        assert (await client.post(f"/api/runs/{run_id}/continue", json=body)).status_code == 202
        await task
        assert (await relay.log.run(run_id))["status"] == "success"
