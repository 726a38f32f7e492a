"""Which log an address names: `memory`, `sqlite:PATH` or `redis://HOST`."""

from __future__ import annotations

from pathlib import Path

from . import redis_address
from .memory import MemoryLog
from .port import KEEP, EventLog, Retention, Unavailable
from .redis import RedisLog
from .sqlite import SqliteLog

FORMS = "Use memory, sqlite:PATH or redis://HOST:PORT/0"


def complaint_of(address: str) -> str:
    """Why this address names no log, as what is said of it; "" where it does.

    It is not repeated, as there may be a password in it.
    """
    kind, _, rest = address.partition(":")
    if kind in redis_address.SCHEMES:
        return redis_address.complaint_of(address)
    return "" if address == "memory" or (kind == "sqlite" and rest) else f"names no event log. {FORMS}."


async def open_log(address: str, retention: Retention = KEEP) -> EventLog:
    """The log of that address. Raises Unavailable, also for an address that names none."""
    if complaint := complaint_of(address):
        raise Unavailable(f"The address {complaint}")
    kind, _, rest = address.partition(":")
    if kind == "sqlite":
        return await SqliteLog.opened(Path(rest.removeprefix("//")), retention)
    if kind in redis_address.SCHEMES:
        return await RedisLog.opened(address, retention)
    return MemoryLog(retention)
