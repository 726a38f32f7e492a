"""What the relay's tests share: short words for events, logs that are opened and closed, a relay on a free port."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from flowglow.relay.app import Relay, create_relay
from flowglow.relay.direct import DirectSockets
from flowglow.relay.drafts import draft
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import KEEP, Batch, Clock, Draft, EventLog, Follower, Page, Retention
from flowglow.relay.log.redis import RedisLog
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.portal import Portal
from flowglow.relay.settings import DEFAULT, Settings
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.serving import SocketPage, served, socket_page

NOW = 1_000_000.0
_paths = itertools.count()


def said(name: str, event_id: str | None = None, *, run_id: str = "r", ts: float = NOW, **fields: Any) -> Draft:
    """An event of the run `r`, ready for a log."""
    extra = {} if event_id is None else {"event_id": event_id}
    return draft(run_id, {"event": name, "ts": ts, **extra, **fields}, NOW)


def text(word: str, event_id: str | None = None, **fields: Any) -> Draft:
    return said("RunContent", event_id, content=word, **fields)


def seqs(page: Page) -> list[int]:
    return [entry.seq for entry in page.entries]


def words(page: Page | list[Any]) -> list[Any]:
    """What the text events in it say."""
    entries = page.entries if isinstance(page, Page) else page
    return [json.loads(entry.text).get("content") for entry in entries]


async def heard(follower: Follower, count: int) -> list[Any]:
    """The next entries of whatever is watched, once that many are there."""
    entries: list[Any] = []
    while len(entries) < count:
        for news in await follower.next():
            entries += news.entries if isinstance(news, Batch) else []
    return entries


Opened = Callable[..., contextlib.AbstractAsyncContextManager[EventLog]]
"""Opens a log; twice with the same `name` is the same log from two places, where it can be shared."""


def memory_logs() -> Opened:
    @contextlib.asynccontextmanager
    async def opened(
        name: str | None = None, retention: Retention = KEEP, clock: Clock = lambda: NOW
    ) -> AsyncIterator[EventLog]:
        log = MemoryLog(retention, clock)
        yield log
        await log.close()

    return opened


def sqlite_logs(folder: Path) -> Opened:
    @contextlib.asynccontextmanager
    async def opened(
        name: str | None = None, retention: Retention = KEEP, clock: Clock = lambda: NOW
    ) -> AsyncIterator[EventLog]:
        log = await SqliteLog.opened(folder / f"{name or next(_paths)}.db", retention, clock)
        yield log
        await log.close()

    return opened


def redis_logs(server: RedisServer) -> Opened:
    known: set[str | None] = set()

    @contextlib.asynccontextmanager
    async def opened(
        name: str | None = None, retention: Retention = KEEP, clock: Clock = lambda: NOW
    ) -> AsyncIterator[EventLog]:
        if name is None or name not in known:
            server.ask("FLUSHALL")
        known.add(name)
        log = await RedisLog.opened(server.url, retention, clock)
        yield log
        await log.close()

    return opened


class Served:
    """A relay that is served."""

    def __init__(self, address: str, relay: Relay) -> None:
        self.address = address
        self.relay = relay
        self.log = relay.log

    def client(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://{self.address}", headers=headers)

    def page(self, *protocols: str, **options: Any) -> contextlib.AbstractAsyncContextManager[SocketPage]:
        return socket_page(f"ws://{self.address}/ws", *protocols, **options)

    async def closed(self, *protocols: str, **options: Any) -> int:
        """The code with which such a socket is closed."""
        async with self.page(*protocols, **options) as page:
            with pytest.raises(ConnectionClosed):
                await page.next()
            assert page.socket.close_code is not None
            return page.socket.close_code

    async def ticket(self, **headers: str) -> str:
        """A fresh ticket, as a subprotocol."""
        async with self.client(**headers) as client:
            return as_protocol((await client.post("/api/tickets")).json()["ticket"])


def as_protocol(ticket: str) -> str:
    return f"ticket.{base64.urlsafe_b64encode(ticket.encode()).decode().rstrip('=')}"


@contextlib.asynccontextmanager
async def relaying(
    log: EventLog | None = None, portal: Portal | None = None, settings: Settings = DEFAULT, *, direct: bool = True
) -> AsyncIterator[Served]:
    """A relay on a free port, over that log or one in memory; `direct`: under our own server's sockets."""
    app = create_relay(MemoryLog() if log is None else log, portal, settings)
    async with served(app, sockets=DirectSockets if direct else "auto") as address:
        yield Served(address, app.state.relay)
