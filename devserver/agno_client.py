"""Runs a shape on a real AgentOS as a client would, over SSE or the workflow WebSocket, and gives all that came.

Each pause is answered, each shape that wants to be cancelled is cancelled.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from typing import Any

import httpx
from websockets.asyncio.client import connect

from .agno_answers import answer_steps, answer_tool
from .agno_shapes.shape import AGNO, Shape

Json = dict[str, Any]
Heard = Callable[[Json], None]
ENDS = ("WorkflowCompleted", "WorkflowError", "WorkflowCancelled")
TEXTS = ("RunContent", "TeamRunContent")
STARTS = ("RunStarted", "TeamRunStarted")
FOREVER = httpx.Timeout(30.0)


class Client:
    """One conversation with the AgentOS at `address` (host:port) about one shape."""

    def __init__(self, address: str, shape: Shape, session: str) -> None:
        self._base = f"http://{address}"
        self._socket = f"ws://{address}/workflows/ws"
        self._shape = shape
        self._session = session
        self._cancelled = False
        self._silence_s = 30.0
        self.events: list[Json] = []

    async def run(self, silence_s: float) -> list[Json]:
        """All events of one run, through every pause; TimeoutError when nothing comes for `silence_s`."""
        self._silence_s = silence_s
        async with httpx.AsyncClient(base_url=self._base, timeout=FOREVER) as http:
            await (self._workflow(http) if self._shape.kind == "workflows" else self._entity(http))
        return self.events

    # -- agents and teams, over SSE ---------------------------------------------------------------
    async def _entity(self, http: httpx.AsyncClient) -> None:
        path: str | None = f"/{self._shape.kind}/{self._shape.name}/runs"
        form = {"message": "Go"}
        root = ""
        while path is not None:
            form |= {"session_id": self._session, "stream": "true"}
            if AGNO >= (2, 9):
                form["background"] = "true"
            path = None
            paused: Json | None = None
            async for event in self._stream(http, form, root):
                root = root or str(event.get("run_id") or "")
                if str(event.get("event")).endswith("RunPaused") and event.get("run_id") == root:
                    paused = event
            if paused is not None:
                path = f"/{self._shape.kind}/{self._shape.name}/runs/{root}/continue"
                form = self._answers(paused)

    async def _stream(self, http: httpx.AsyncClient, form: Json, root: str) -> AsyncIterator[Json]:
        path = f"/{self._shape.kind}/{self._shape.name}/runs" + (f"/{root}/continue" if root else "")
        async with http.stream("POST", path, data=form) as answer:
            if answer.status_code >= 400:
                raise RuntimeError(f"{path}: {answer.status_code} {(await answer.aread()).decode()[:500]}")
            async for line in answer.aiter_lines():
                if line.startswith("data:"):
                    event = json.loads(line[5:])
                    self.events.append(event)
                    await self._cancel(http, event, root or str(event.get("run_id")))
                    yield event

    def _answers(self, paused: Json) -> Json:
        if self._shape.kind == "teams":
            needs = deepcopy(paused["requirements"])
            for each in needs:
                answer_tool(each["tool_execution"], each)
            return {"requirements": json.dumps(needs)}
        tools = deepcopy(paused["tools"])
        for each in tools:
            answer_tool(each)
        return {"tools": json.dumps(tools)}

    # -- workflows, over the socket ---------------------------------------------------------------
    async def _workflow(self, http: httpx.AsyncClient) -> None:
        async with connect(self._socket, max_size=None) as socket:
            await socket.recv()  # connected
            start = {"action": "start-workflow", "workflow_id": self._shape.name, "message": "Go"}
            await socket.send(json.dumps({**start, "session_id": self._session}))
            root = ""
            while True:
                try:
                    async with asyncio.timeout(self._silence_s):
                        event = read(str(await socket.recv()))
                except TimeoutError:  # Agno 2.9 pauses for a review without a word of the workflow
                    if self.events[-1].get("event") != "StepOutputReview":
                        raise
                    await socket.send(json.dumps(self._go_on(root, await self._needs(http, root))))
                    continue
                self.events.append(event)
                name = event.get("event")
                root = root or (str(event["run_id"]) if name == "WorkflowStarted" else "")
                await self._cancel(http, event, root)
                if name == "WorkflowPaused" and event.get("run_id") == root:
                    if not event.get("step_requirements"):
                        return  # a step failed: what to do about it an AgentOS cannot be told
                    await socket.send(json.dumps(self._go_on(root, event["step_requirements"])))
                elif name == "error" or (name in ENDS and event.get("run_id") == root):
                    return

    def _go_on(self, root: str, needs: list[Json]) -> Json:
        go_on = {"action": "continue-workflow", "workflow_id": self._shape.name, "run_id": root}
        return {**go_on, "session_id": self._session, "step_requirements": answer_steps(deepcopy(needs))}

    async def _needs(self, http: httpx.AsyncClient, root: str) -> list[Json]:
        """What the run waits for, as the server keeps it."""
        path = f"/workflows/{self._shape.name}/runs/{root}"
        answer = await http.get(path, params={"session_id": self._session})
        answer.raise_for_status()
        needs: list[Json] = answer.json()["step_requirements"]
        return needs

    async def _cancel(self, http: httpx.AsyncClient, event: Json, root: str) -> None:
        wanted = {"": (), "at once": STARTS, "in the middle": TEXTS}[self._shape.cancel]
        if event.get("event") in wanted and not self._cancelled:
            self._cancelled = True
            answer = await http.post(f"/{self._shape.kind}/{self._shape.name}/runs/{root}/cancel")
            answer.raise_for_status()


def read(text: str) -> Json:
    """A frame of the socket: SSE text, or JSON."""
    if text.startswith("event:"):
        text = "".join(line[5:].strip() for line in text.splitlines() if line.startswith("data:"))
    event: Json = json.loads(text)
    return event
