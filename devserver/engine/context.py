"""What the function of a node gets in hand: its run's input, tools, log, text and variables."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from ..errors import describe
from .runs import Level, RunHandle
from .voice import Voice

T = TypeVar("T")


class Killed(Exception):
    """The node is not to go on: its run was stopped, or another node of it failed."""


@dataclass(frozen=True, slots=True)
class Output:
    """A value for the nodes behind this one, and what the page shows in its place."""

    value: Any
    content: Any
    only: frozenset[str] | None = None
    """Of the nodes behind this one only these go on; None is all."""

    @classmethod
    def of(cls, value: Any) -> Output:
        """What a function returned; a bare value is shown as it is."""
        return value if isinstance(value, cls) else cls(value, value)


class NodeContext:
    """One execution of one node. Used by the node's own thread; after `close` nothing comes out of it."""

    def __init__(self, run: RunHandle, node_id: str, order: int, input: Any, parent: str | None = None) -> None:
        self.node_id = node_id
        self.order = order
        self.input = input
        self.variables: dict[str, Any] = {}
        self._run = run
        self._reference = {"node_id": node_id} | ({"parent_node_id": parent} if parent else {})
        self._numbers = itertools.count()
        self._open_tools: dict[str, str] = {}
        self._closed = False

    def check(self) -> None:
        """Raise Killed when the work is of no use any more. Long loops call this often."""
        if self._closed or self._run.ended:
            raise Killed(f"The node {self.node_id} was stopped.")

    def tool(
        self,
        name: str,
        function: Callable[..., T | Output],
        voice: Mapping[str, Any] = MappingProxyType({}),
        /,
        **args: Any,
    ) -> T:
        """Call a tool: `function(**args)`, with its start and end on the page. Its exception comes through.

        `voice` says who calls it, where several speak in one node.
        """
        self.check()
        call_id = f"{self._run.run_id}-{self.node_id}-{self.order}-{next(self._numbers)}"
        call = {"tool_call_id": call_id, "tool_name": name, **voice}
        self._open_tools[call_id] = name
        self._emit("start_tool", **call, tool_args=args)
        began = time.perf_counter()
        end: dict[str, Any] = {}
        try:
            output = Output.of(function(**args))
            end = {"status": "success", "result": output.content}
        except Exception as error:
            end = {"status": "error", "error": describe(error)}
            raise
        finally:
            if self._open_tools.pop(call_id, None) is not None:
                self._emit("end_tool", **call, **end, duration=time.perf_counter() - began)
        value: T = output.value
        return value

    def log(self, level: Level, text: str) -> None:
        """Write a line to the run's log."""
        if not self._closed:
            self._run.log(level, text, self.node_id)

    def say(self, text: str) -> None:
        """Stream a piece of text to the page."""
        self._emit("RunContent", content=text, name=self.node_id)

    def voice(self, name: str, *, team: bool = False) -> Voice:
        """Somebody who speaks in this node, beside others: text, thoughts and tools of their own."""
        return Voice(self, f"{self._run.run_id}-{self.node_id}-{self.order}-{name}", name, team=team)

    def show(self, html: str, message_id: str) -> None:
        """Put a report into the chat; the same id again replaces it."""
        self._emit("ChatHTML", html=html, message_id=f"{self._run.run_id}-{message_id}")

    def tell(self, event: str, **fields: Any) -> None:
        """Send any event of the contract, with this node as its place."""
        self._emit(event, **fields)

    async def ask(
        self, *requirements: Mapping[str, Any], content: Any = None, within_s: float | None = None
    ) -> dict[str, dict[str, Any]] | None:
        """Pause the run until people have answered these requirements: the answers by id.

        With `within_s` the run goes on by itself after so many seconds; then the answer is None.
        """
        self.check()
        expiry = {} if within_s is None else {"expires_at": time.time() + within_s}
        extra = {} if content is None else {"content": content}
        needs = [{**each, **expiry} for each in requirements]
        self._emit("AgentPaused", requirements=needs, pause_scope="node", **extra)
        ids = [str(each["id"]) for each in requirements]
        answers: dict[str, dict[str, Any]] | None
        try:
            async with asyncio.timeout(within_s):
                answers = await self._run.answered(*ids)
        except TimeoutError:
            answers = None
        told = {"answers": list(answers.values())} if answers is not None else {}
        self._emit("resume_start", resolved=ids, **told)
        return answers

    async def came_back(self, state: str, within_s: float) -> dict[str, str]:
        """Wait until the window in which somebody signs in comes back with `state`. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            return await self._run.came_back(state)

    @property
    def run_id(self) -> str:
        return self._run.run_id

    @property
    def origin(self) -> str:
        """Where this server is to be found: `http://host:port`."""
        return self._run.origin

    def set(self, name: str, value: Any) -> None:
        """Name a value that the page shows beside the node's output."""
        self.variables[name] = value

    def close(self) -> None:
        """End the calls that are under way, and be silent from now on."""
        for call_id, name in list(self._open_tools.items()):
            if self._open_tools.pop(call_id, None) is not None:
                self._emit("end_tool", tool_call_id=call_id, tool_name=name, status="killed")
        self._closed = True

    def started(self, fields: Mapping[str, Any]) -> None:
        """Tell that the node begins."""
        self._emit("start_node", order=self.order, **fields)

    def ended(self, status: str, **fields: Any) -> None:
        """Tell how the node ended, and be silent from now on."""
        self.close()
        variables = {"variables": dict(self.variables)} if self.variables else {}
        self._run.emit(self._event("end_node", order=self.order, status=status, **fields, **variables))

    def _emit(self, event: str, **fields: Any) -> None:
        if not self._closed:
            self._run.emit(self._event(event, **fields))

    def _event(self, event: str, **fields: Any) -> dict[str, Any]:
        return {"event": event, **self._reference, **fields}
