"""An executor for tests: it tells a small flow into the log, waits for answers there, and hears a stop there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from flowglow.relay.drafts import draft, line_text
from flowglow.relay.log.port import EventLog

KINDS: tuple[Mapping[str, Any], ...] = (
    {"kind": "confirmation", "prompt": "Shall it?"},
    {"kind": "user_input", "input_schema": [{"name": "title", "type": "str"}]},
    {"kind": "user_feedback", "choices": ["good", "bad"]},
    {"kind": "external_execution", "tool_name": "print"},
    {"kind": "route_selection", "choices": [{"value": "left"}, "right"]},
    {"kind": "output_review", "output": "text"},
)
FLOW = {
    "id": "asks",
    "name": "Asks",
    "nodes": [{"id": each, "handle": each, "path": f"test.{each.upper()}"} for each in ("a", "b")],
    "edges": [{"source": "a", "target": "b"}],
}
LOOK_S = 0.01


class Stopped(Exception):
    """Somebody wants the run to end."""


class LogExecutor:
    """Executes by telling the log; any relay over that log may have been asked."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        task = asyncio.create_task(self._execute(run_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, run_id: str) -> None:
        """It stands in the log, too."""

    async def answered(self, run_id: str) -> None:
        """It stands in the log, too."""

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _execute(self, run_id: str) -> None:
        numbers = iter(range(1_000))

        async def tell(event: str, **fields: Any) -> None:
            told = {"event": event, "event_id": f"{run_id}/{next(numbers)}", **fields}
            await self._log.append(run_id, [draft(run_id, told, time.time())])

        await tell("run_start", flow_id="asks")
        await tell("start_node", node_id="a", order=0)
        await self._log.write(run_id, [line_text({"text": "asking", "node_id": "a"}, time.time())])
        try:
            await self._ask(run_id, tell)
        except Stopped:
            await tell("end_node", node_id="a", order=0, status="killed", implied=True)
            await tell("run_end", status="killed")
            return
        await tell("end_node", node_id="a", order=0, status="success", content="answered")
        await tell("start_node", node_id="b", order=1)
        await tell("end_node", node_id="b", order=1, status="success", content="b")
        await tell("run_end", status="success")

    async def _ask(self, run_id: str, tell: Any) -> None:
        for number, each in enumerate(KINDS):
            name = f"{run_id}-{number}"
            await tell("RunContent", node_id="a", content=f"question {number} ")
            await tell("AgentPaused", node_id="a", requirements=[{"id": name, **each}])
            answer = await self._answer(run_id, name)
            await tell("resume_start", resolved=[name], answers=[answer])

    async def _answer(self, run_id: str, name: str) -> Any:
        after = -1
        while True:
            page = await self._log.read(run_id, after, "orders")
            for entry in page.entries:
                order = json.loads(entry.text)
                if order["type"] == "stop":
                    raise Stopped
                if order["id"] == name:
                    return order["answer"]
                after = entry.seq
            await asyncio.sleep(LOOK_S)


class OneFlow:
    """The flow that is executed here."""

    async def all(self) -> Sequence[dict[str, Any]]:
        return [FLOW]

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        return FLOW if flow_id == FLOW["id"] else None
