"""What the relay's tests share: short words for events, and logs that are opened and closed."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from flowglow.relay.drafts import draft
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import KEEP, Batch, Draft, EventLog, Follower, Page, Retention
from flowglow.relay.log.sqlite import SqliteLog

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
    async def opened(name: str | None = None, retention: Retention = KEEP) -> AsyncIterator[EventLog]:
        log = MemoryLog(retention)
        yield log
        await log.close()

    return opened


def sqlite_logs(folder: Path) -> Opened:
    @contextlib.asynccontextmanager
    async def opened(name: str | None = None, retention: Retention = KEEP) -> AsyncIterator[EventLog]:
        log = await SqliteLog.opened(folder / f"{name or next(_paths)}.db", retention)
        yield log
        await log.close()

    return opened
