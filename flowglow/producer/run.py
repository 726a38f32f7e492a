"""A run, as whoever executes it tells of it: every event of the contract by its name, typed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from types import TracebackType
from typing import Any, Literal

from pyapp.contract.events import BaseEvent

from ..errors import Refused
from ..relay.drafts import MAX_ID_CHARS, draft, line_text
from ..relay.log.port import Draft, NewRun
from ..wire import repaired
from .asking import Asking
from .ending import ending
from .feed import Feed, HttpFeed, Line
from .outgoing import Outgoing
from .wishes import Wishes

Status = Literal["success", "error", "killed"]
FLUSH_S = 30.0
"""How long the end of a run waits until everything was taken, and that of a node that failed until there is room."""
MAX_NAME, MAX_WRITER = 80, 80
"""Characters of a run's id, and of a writer, in the ids of events: with a number they stay below MAX_ID_CHARS."""


class Stopped(Exception):
    """Somebody stopped the run."""


class Run:
    """Owns the ids of its events, its log lines and the calls of its tools, so that what is sent again is known again.

    Two that tell the same under the same `writer` (a worker that was started again, say) tell it once. After the
    block everything was taken by the relay, or TimeoutError says that it was not: a note, where the block failed.
    """

    def __init__(self, feed: Feed, new: NewRun, writer: str | None = None) -> None:
        self.run_id = new.run_id
        self._new = new
        self._feed = feed
        self._outgoing = Outgoing(feed, new)
        self._wishes = Wishes(feed, new, self._outgoing)
        self._asking = Asking(self._outgoing, self._wishes)
        self._writer = writer or secrets.token_hex(4)
        self._name = new.run_id if len(new.run_id) <= MAX_NAME else sha256(new.run_id.encode()).hexdigest()
        """What the ids of its events and calls begin with."""
        self._numbers = itertools.count()
        self._orders = itertools.count()
        self._calls = itertools.count()
        self._lines = itertools.count()

    @property
    def stopped(self) -> asyncio.Event:
        """Somebody wants the run to end."""
        return self._wishes.stopped

    @property
    def away(self) -> str | None:
        """Why nothing can be sent just now; None while it can. What is told meanwhile is kept."""
        return self._outgoing.away

    async def __aenter__(self) -> Run:
        self._outgoing.start()
        self._wishes.start()
        try:
            await self.emit("run_start", flow_id=self._new.flow_id)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            await self._conclude(error)
        except (TimeoutError, Refused) as untold:
            if error is None or isinstance(error, Stopped):
                raise
            _note(error, untold)
        finally:
            await self._close()
        return isinstance(error, Stopped)

    async def _close(self) -> None:
        await self._wishes.close()
        await self._outgoing.close()
        await self._feed.close()

    async def _conclude(self, error: BaseException | None) -> None:
        """Tell the end, where nobody did, and wait until everything was taken. Raises TimeoutError, Refused."""
        stopped = isinstance(error, Stopped | asyncio.CancelledError)
        status: Status = "success" if error is None else "killed" if stopped else "error"
        words = {} if error is None or stopped else {"error": f"{type(error).__name__}: {error}"}
        try:
            async with asyncio.timeout(FLUSH_S):
                if not self._wishes.over:
                    await self.end(status, **words)
                await self.flush()
        except TimeoutError:
            left = f"{self._outgoing.waiting} events and lines of the run {self.run_id} were not taken"
            raise TimeoutError(f"{left} within {FLUSH_S:g} s. {self.away or 'The relay is slow.'}") from None

    # -- what happens -------------------------------------------------------------------------------
    async def emit(self, event: str | BaseEvent, **fields: Any) -> str:
        """Tell any event of the contract, by its name and fields or as its model: its id. Raises Refused."""
        return await self._tell(event, fields)

    async def _tell(self, event: str | BaseEvent, fields: Mapping[str, Any]) -> str:
        told = self._draft(event, fields)
        await self._outgoing.put(told)
        return told.event_id

    def _draft(self, event: str | BaseEvent, fields: Mapping[str, Any]) -> Draft:
        said = event.model_dump(exclude_none=True) if isinstance(event, BaseEvent) else {"event": event, **fields}
        event_id = f"{self._name}:{self._writer}:{next(self._numbers)}"
        given = {key: value for key, value in said.items() if value is not None}
        full = {"event_id": event_id, "ts": time.time(), **given, "run_id": self.run_id}
        return draft(self.run_id, full, full["ts"])

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
        """A node from its start to its end; what is put into the dictionary (`content`, `variables`) its end tells.

        Which node it is, and that and how it failed, is not for the dictionary to say. Of what the contract refuses in
        it the end tells that it could not be told, and Refused is raised.
        """
        which = {"event": "end_node", "node_id": node_id, "order": await self.start_node(node_id, **more)}
        end: dict[str, Any] = {}
        try:
            yield end
        except BaseException as error:
            killed = isinstance(error, Stopped | asyncio.CancelledError)
            how = {"status": "killed"} if killed else {"status": "error", "error": f"{type(error).__name__}: {error}"}
            try:
                async with asyncio.timeout(FLUSH_S):
                    await self._end_node({**end, **how}, which)
            except TimeoutError:
                pass  # no room for more: the end of the run says so
            except Refused as untold:
                _note(error, untold)
            raise
        await self._end_node({"status": "success", **end}, which)

    async def _end_node(self, said: Mapping[str, Any], which: Mapping[str, Any]) -> None:
        """Tell the end of a node in any case. Raises Refused where not all of it could be told."""
        ended, fault = ending(lambda fields: self._draft("end_node", fields), said, which)
        await self._outgoing.put(ended)
        if fault is not None:
            raise fault

    async def start_tool(
        self, node_id: str, tool_name: str, args: Mapping[str, Any] | None = None, *, tool_call_id: str | None = None
    ) -> str:
        """A tool begins, with those arguments of its own; the id of the call, for its end."""
        call = tool_call_id or f"{self._name}-call-{self._writer}-{next(self._calls)}"
        await self.emit(
            "start_tool", node_id=node_id, tool_name=tool_name, tool_call_id=call, tool_args=dict(args or {}) or None
        )
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
        line = line_text({"level": level, "text": text, **where}, time.time())
        await self._outgoing.put(Line(f"{self._writer}:{next(self._lines)}", line))

    async def flush(self) -> None:
        """Wait until the relay has taken everything that was told so far. Raises Refused."""
        await self._outgoing.flush()

    async def end(self, status: Status = "success", **more: Any) -> None:
        """The run is over; the end of the block says so by itself."""
        told = self._draft("run_end", {"status": status, **more})
        self._wishes.over = True
        await self._outgoing.put(told)

    # -- what is wanted -----------------------------------------------------------------------------
    async def ask(self, *requirements: Mapping[str, Any], **more: Any) -> dict[str, dict[str, Any]]:
        """Pause until people have answered these requirements: the answers by id. Raises Stopped, Refused."""
        return await self.ask_together({"requirements": [dict(each) for each in requirements], **more})

    async def ask_together(self, *pauses: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The same for several AgentPaused at once, of nodes side by side, say: the run goes on behind all of them."""
        answers = await self._asking.answers([self._draft("AgentPaused", each) for each in pauses])
        self.check()
        ids = [str(each["id"]) for pause in pauses for each in pause["requirements"]]
        await self.emit("resume_start", resolved=ids, answers=answers)
        return dict(zip(ids, answers, strict=True))

    def check(self) -> None:
        """Raise Stopped once somebody stopped the run; long work calls this often."""
        if self.stopped.is_set():
            raise Stopped(f"The run {self.run_id} was stopped.")


def _note(error: BaseException, untold: Exception) -> None:
    """What kept a failure from being told stands beside it, once, and never in its place."""
    words = f"The relay was not told: {untold}"
    if untold is not error and words not in getattr(error, "__notes__", ()):
        error.add_note(words)


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
    if writer is not None and len(writer) > MAX_WRITER:
        raise ValueError(
            f"The writer {writer!r:.80} is too long: it is a part of ids, and has at most {MAX_WRITER} characters."
        )
    name = run_id or f"run-{secrets.token_hex(8)}"
    if "/" in name or name in (".", "..") or len(name) > MAX_ID_CHARS or not name.isprintable():
        words = f"no `/`, not `.` or `..`, nothing that cannot be printed, and at most {MAX_ID_CHARS} characters"
        raise ValueError(f"{name!r:.80} can be no run's id, as an id is a part of paths: {words}.")
    new = NewRun(name, repaired(flow_id), time.time(), input)
    return Run(feed or HttpFeed(str(url), key), new, repaired(writer))
