"""Which log an address names: `memory`, `sqlite:PATH` or `redis://HOST`."""

from __future__ import annotations

from pathlib import Path

from .memory import MemoryLog
from .port import KEEP, EventLog, Retention, Unavailable
from .redis import RedisLog
from .sqlite import SqliteLog


async def open_log(address: str, retention: Retention = KEEP) -> EventLog:
    """The log of that address. Raises Unavailable, also for an address that names none."""
    kind, _, rest = address.partition(":")
    if address == "memory":
        return MemoryLog(retention)
    if kind == "sqlite" and rest:
        return await SqliteLog.opened(Path(rest.removeprefix("//")), retention)
    if kind in ("redis", "rediss", "unix"):
        return await RedisLog.opened(address, retention)
    raise Unavailable(f"{address!r:.200} names no event log. Use memory, sqlite:PATH or redis://HOST:PORT/0.")
