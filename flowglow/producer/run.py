"""A run, as whoever executes it tells of it: every event of the contract by its name, typed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Literal

from pyapp.contract.events import BaseEvent

from ..errors import Refused
from ..relay.drafts import MAX_ID_CHARS, draft, line_text
from ..relay.log.port import NewRun
from .feed import Feed, HttpFeed
from .halves import Halves
from .outgoing import UNKNOWN_RUN, Outgoing

Status = Literal["success", "error", "killed"]
FLUSH_S = 30.0
"""How long the end of a run waits until everything was taken, and that of a node that failed until there is room."""

AGAIN_S = 0.5
"""Before a run that the log lost is made known again, by whoever hears what is wanted of it."""


class Stopped(Exception):
    """Somebody stopped the run."""


class Run:
    """Owns the ids of its events, so that what is sent again is known again.

    Two that tell the same under the same `writer` (a worker that was started again, say) tell it once. After the
    block everything was taken by the relay, or TimeoutError says that it was not.
    """

    def __init__(self, feed: Feed, new: NewRun, writer: str | None = None) -> None:
        self.run_id = new.run_id
        self.stopped = asyncio.Event()
        """Somebody wants the run to end."""
        self._new = new
        self._feed = feed
        self._outgoing = Outgoing(feed, new)
        self._writer = writer or secrets.token_hex(4)
        self._numbers = itertools.count()
        self._orders = itertools.count()
        self._halves = Halves()
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}
        """By the event that asked, and requirement."""
        self._answered = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None
        self._refused: Refused | None = None
        self._ended = False

    @property
    def away(self) -> str | None:
        """Why nothing can be sent just now; None while it can. What is told meanwhile is kept."""
        return self._outgoing.away

    async def __aenter__(self) -> Run:
        self._outgoing.start()
        self._listening = asyncio.create_task(self._listen())
        await self.emit("run_start", flow_id=self._new.flow_id)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        stopped = isinstance(error, Stopped | asyncio.CancelledError)
        try:
            async with asyncio.timeout(FLUSH_S):
                if not self._ended:
                    status: Status = "success" if error is None else "killed" if stopped else "error"
                    words = {} if error is None or stopped else {"error": f"{type(error).__name__}: {error}"}
                    await self.end(status, **words)
                await self.flush()
        except TimeoutError:
            left = f"{self._outgoing.waiting} events and lines of the run {self.run_id} were not taken"
            raise TimeoutError(f"{left} within {FLUSH_S:g} s. {self.away or 'The relay is slow.'}") from None
        finally:
            if self._listening is not None:
                self._listening.cancel()
                await asyncio.gather(self._listening, return_exceptions=True)
            await self._outgoing.close()
            await self._feed.close()
        return isinstance(error, Stopped)

    # -- what happens -------------------------------------------------------------------------------
    async def emit(self, event: str | BaseEvent, **fields: Any) -> str:
        """Tell any event of the contract, by its name and fields or as its model: its id. Raises Refused."""
        said = event.model_dump(exclude_none=True) if isinstance(event, BaseEvent) else {"event": event, **fields}
        event_id = f"{self.run_id}:{self._writer}:{next(self._numbers)}"
        full = {key: value for key, value in said.items() if value is not None}
        full = self._halves.joined({"event_id": event_id, "ts": time.time(), **full, "run_id": self.run_id})
        told = draft(self.run_id, full, full["ts"])
        await self._outgoing.put(told)
        return told.event_id

    async def start_node(self, node_id: str, *, order: int | None = None, input: Any = None, **more: Any) -> int:
        """A node begins: its order, the next one where none is given."""
        number = next(self._orders) if order is None else order
        await self.emit("start_node", node_id=node_id, order=number, input=input, **more)
        return number

    async def end_node(
        self, node_id: str, status: Status = "success", *, order: int | None = None, content: Any = None, **more: Any
    ) -> None:
        await self.emit("end_node", node_id=node_id, status=status, order=order, content=content, **more)

    @contextlib.asynccontextmanager
    async def node(self, node_id: str, **more: Any) -> AsyncIterator[dict[str, Any]]:
        """A node from its start to its end; what is put into the dictionary (`content`, `variables`) its end tells."""
        order = await self.start_node(node_id, **more)
        end: dict[str, Any] = {}
        try:
            yield end
        except BaseException as error:
            killed = isinstance(error, Stopped | asyncio.CancelledError)
            words = {} if killed else {"error": f"{type(error).__name__}: {error}"}
            with contextlib.suppress(TimeoutError):  # no room for more: the end of the run says so
                async with asyncio.timeout(FLUSH_S):
                    await self.end_node(node_id, "killed" if killed else "error", order=order, **end, **words)
            raise
        await self.end_node(node_id, order=order, **end)

    async def start_tool(self, node_id: str, tool_name: str, tool_call_id: str | None = None, **args: Any) -> str:
        """A tool begins; the id of the call, for its end."""
        call = tool_call_id or f"{self.run_id}-call-{secrets.token_hex(4)}"
        await self.emit("start_tool", node_id=node_id, tool_name=tool_name, tool_call_id=call, tool_args=args or None)
        return call

    async def end_tool(self, node_id: str, tool_call_id: str, status: str = "success", **more: Any) -> None:
        await self.emit("end_tool", node_id=node_id, tool_call_id=tool_call_id, status=status, **more)

    async def say(self, content: str, **more: Any) -> None:
        """A piece of text."""
        await self.emit("RunContent", content=content, **more)

    async def think(self, content: str, **more: Any) -> None:
        """A piece of reasoning."""
        await self.emit("RunReasoningContent", content=content, **more)

    async def show(self, html: str, message_id: str | None = None, **more: Any) -> None:
        """A report; the same id again replaces it."""
        await self.emit("ChatHTML", html=html, message_id=message_id, **more)

    async def log(self, text: str, level: str = "info", node_id: str | None = None) -> None:
        """A line of the run's log."""
        where = {} if node_id is None else {"node_id": node_id}
        await self._outgoing.put(line_text({"level": level, "text": text, **where}, time.time()))

    async def flush(self) -> None:
        """Wait until the relay has taken everything that was told so far. Raises Refused."""
        await self._outgoing.flush()

    async def end(self, status: Status = "success", **more: Any) -> None:
        """The run is over; the end of the block says so by itself."""
        self._ended = True
        await self.emit("run_end", status=status, **more)

    # -- what is wanted -----------------------------------------------------------------------------
    async def ask(self, *requirements: Mapping[str, Any], **more: Any) -> dict[str, dict[str, Any]]:
        """Pause until people have answered these requirements: the answers by id. Raises Stopped."""
        asked = await self.emit("AgentPaused", requirements=[dict(each) for each in requirements], **more)
        keys = [(asked, str(each["id"])) for each in requirements]
        async with self._answered:
            await self._answered.wait_for(lambda: self._is_settled(keys))
        if self._refused is not None:
            raise self._refused
        self.check()
        answers = [self._answers[key] for key in keys]
        await self.emit("resume_start", resolved=[key[1] for key in keys], answers=answers)
        return {key[1]: answer for key, answer in zip(keys, answers, strict=True)}

    def _is_settled(self, keys: Sequence[tuple[str, str]]) -> bool:
        given = all(key in self._answers for key in keys)
        return given or self.stopped.is_set() or self._refused is not None

    def check(self) -> None:
        """Raise Stopped once somebody stopped the run; long work calls this often."""
        if self.stopped.is_set():
            raise Stopped(f"The run {self.run_id} was stopped.")

    async def _listen(self) -> None:
        """Hear what is wanted of the run, for as long as it goes on."""
        cursor = 0
        await self._outgoing.known.wait()
        while self._refused is None:
            try:
                orders, cursor = await self._outgoing.insist(partial(self._wanted, cursor))
                self._take(orders)
            except Refused as error:
                self._refused = error
            async with self._answered:
                self._answered.notify_all()

    async def _wanted(self, cursor: int) -> tuple[list[dict[str, Any]], int]:
        """What is wanted of the run; one that the log lost is made known again, and heard from its beginning."""
        try:
            return await self._feed.orders(self.run_id, cursor)
        except Refused as error:
            if error.code != UNKNOWN_RUN or self._ended:
                raise
            await asyncio.sleep(AGAIN_S)
            await self._feed.open(self._new)
            return [], 0

    def _take(self, orders: Sequence[Mapping[str, Any]]) -> None:
        for order in orders:
            if order.get("type") == "stop":
                self.stopped.set()
            elif order.get("type") == "answer":
                self._answers[str(order.get("asked")), str(order.get("id"))] = dict(order.get("answer") or {})


def run(
    flow_id: str | None,
    *,
    url: str | None = None,
    key: str = "",
    feed: Feed | None = None,
    run_id: str | None = None,
    input: Any = None,
    writer: str | None = None,
) -> Run:
    """A run of that flow, for `async with`: told to the relay at `url`, by key, or to another `feed`.

    `run_id` is the one that a relay gave with a start; without it a new one is made. With a `writer` that stays the
    same, a worker that tells a run anew from its beginning tells nothing twice.
    """
    if feed is None and url is None:
        raise ValueError("A run needs the `url` of a relay, or a `feed`.")
    name = run_id or f"run-{secrets.token_hex(8)}"
    if "/" in name or name in (".", "..") or len(name) > MAX_ID_CHARS or not name.isprintable():
        words = f"no `/`, not `.` or `..`, nothing that cannot be printed, and at most {MAX_ID_CHARS} characters"
        raise ValueError(f"{name!r:.80} can be no run's id, as an id is a part of paths: {words}.")
    return Run(feed or HttpFeed(str(url), key), NewRun(name, flow_id, time.time(), input), writer)
