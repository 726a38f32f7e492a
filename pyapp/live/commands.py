"""Commands: what a person at the page can do. Views call these; nothing else starts work for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Protocol

from ..errors import ApiError, ErrorReporter
from ..locale.catalogue import Catalogue
from ..stores.interactions import CardKey, CardState
from ..stores.runs import RunRow
from ..stores.stores import Stores


class Backend(Protocol):
    """What commands need of whatever runs flows: a portal, or a recording that stands in for one."""

    async def start(self, flow_id: str, text: str | None) -> str:
        """Start a run of the flow; its id. Raises ApiError."""

    async def stop(self, run_id: str) -> None:
        """Ask that a run be killed. Raises ApiError."""

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """Answer a requirement of a paused run. Raises ApiError."""

    async def load_flow(self, flow_id: str) -> None:
        """Put a flow on the canvas. Raises ApiError."""

    async def restore(self, run_id: str) -> None:
        """Fetch what is known of a run of which no event was seen. Raises ApiError."""


class Commands:
    """Owns no state: reads and writes stores, asks the backend."""

    def __init__(
        self,
        stores: Stores,
        backend: Backend,
        reporter: ErrorReporter,
        words: Catalogue,
        *,
        bring: Callable[[str | None], None],
        queued: Callable[[str, str], None],
        reconnect: Callable[[], None],
        retry: Callable[[str], None],
        repair: Callable[[], None],
        flow_id: Callable[[], str | None],
    ) -> None:
        self._stores = stores
        self._backend = backend
        self._reporter = reporter
        self._words = words
        self._bring = bring
        self._queued = queued
        self._reconnect = reconnect
        self._retry = retry
        self._repair = repair
        self._flow_id = flow_id
        self._tasks: set[asyncio.Task[None]] = set()

    def play(self, text: str | None = None) -> None:
        """Start a run of the flow on the canvas; does nothing while the editor is locked."""
        flow_id = self._flow_id()
        if flow_id is None or self._stores.editor.get().locked:
            return
        self._edit(starting=True)
        self._spawn("play", self._play(flow_id, text))

    def stop(self) -> None:
        """Ask the server to kill the run in front; the row says stopping until a terminal event."""
        row = self._front_row()
        if row is None or row.over or row.stopping:
            return
        self._stores.runs.set(row.run_id, replace(row, stopping=True))
        self._spawn("stop", self._stop(row.run_id))

    def show_run(self, run_id: str) -> None:
        """Bring a run to the front, its flow along with it."""
        row = self._stores.runs.get(run_id)
        if row is not None:
            self._spawn("show_run", self._show_run(row))

    def choose_flow(self, flow_id: str) -> None:
        """Put another flow on the canvas; no run is in front until one is shown."""
        if flow_id != self._flow_id():
            self._bring(None)
            self._spawn("choose_flow", self._backend.load_flow(flow_id))

    def choose_node(self, node_id: str | None) -> None:
        """Choose a node: its output entry opens, the canvas marks it."""
        self._stores.selected.set(node_id)

    def fold(self, group_id: str) -> None:
        """Fold a group to the size of a node, or unfold it."""
        self._stores.folded.set(self._stores.folded.get() ^ {group_id})

    def answer(self, key: CardKey, answer: dict[str, Any]) -> None:
        """Send a person's answer to a card, once; should it not arrive, the card says why and can be sent again."""
        card = self._stores.interactions.get(key)
        if card is not None and card.wanted is not None and card.state == "open":
            self._stores.interactions.set(key, replace(card, state="sending", error=None))
            full = {"id": card.wanted.requirement.id, **answer}
            self._spawn("answer", self._answer(key, card.wanted.continue_run_id or card.run_id, full))

    def put_away(self, key: CardKey) -> None:
        """Put a sign-in away; the run goes on waiting for it."""
        self._stores.interactions.dismiss(key)

    def unlock(self) -> None:
        """Let a person edit although the run in front is not known to be over."""
        row = self._front_row()
        if row is not None and row.status == "unverified":
            self._edit(unlocked_run=row.run_id)

    def reconnect(self) -> None:
        """Try to connect now."""
        self._reconnect()

    def retry(self, handler: str) -> None:
        """Let a handler try once more what it failed on."""
        self._retry(handler)

    def check(self) -> None:
        """Compare what the page shows with what it knows, and repair it."""
        self._repair()

    def dismiss(self, notice: str) -> None:
        """Put a notice away."""
        self._stores.notices.delete(notice)

    def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _play(self, flow_id: str, text: str | None) -> None:
        try:
            run_id = await self._backend.start(flow_id, text)
            self._queued(run_id, flow_id)
        finally:
            self._edit(starting=False)

    async def _stop(self, run_id: str) -> None:
        try:
            await self._backend.stop(run_id)
        except ApiError:
            row = self._stores.runs.get(run_id)
            if row is not None:
                self._stores.runs.set(run_id, replace(row, stopping=False))
            raise

    async def _answer(self, key: CardKey, run_id: str, answer: dict[str, Any]) -> None:
        sending = self._stores.interactions.get(key)
        failure: str | None = None
        try:
            await self._backend.answer(run_id, answer)
        except ApiError as error:
            failure = self._words("failed.answer", reason=str(error))
        if sending is not None and self._stores.interactions.get(key) == sending:  # not closed or asked again meanwhile
            state: CardState = "sent" if failure is None else "open"
            self._stores.interactions.set(key, replace(sending, state=state, error=failure))

    async def _show_run(self, row: RunRow) -> None:
        if row.flow_id is not None and row.flow_id != self._flow_id():
            self._bring(None)
            await self._backend.load_flow(row.flow_id)
        self._bring(row.run_id)
        if not row.seen:
            await self._backend.restore(row.run_id)

    def _front_row(self) -> RunRow | None:
        front = self._stores.front.get()
        return self._stores.runs.get(front) if front is not None else None

    def _edit(self, **changes: Any) -> None:
        self._stores.editor.set(replace(self._stores.editor.get(), **changes))

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._guard(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
            self._stores.notices.delete(name)
        except ApiError as error:
            self._stores.notices.alert(name, self._words(f"failed.{name}", reason=str(error)))
        except Exception as error:
            self._reporter.failed("Commands", name, error)
            self._stores.notices.alert(name, self._words(f"failed.{name}", reason=str(error)))
