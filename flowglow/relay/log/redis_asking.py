"""Asking Redis: its errors in the words of the port."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from redis.exceptions import RedisError

from .port import Full, Unavailable

_NO_ROOM = ("OOM", "maxmemory", "MISCONF", "unable to persist")
"""How Redis says that it has no room in memory, or on its disk."""


async def asked(answer: Awaitable[Any] | Any) -> Any:
    """The answer. Raises Unavailable, or Full where Redis has no room."""
    try:
        return await answer
    except (RedisError, OSError) as error:
        words = str(error).rstrip(".") or type(error).__name__
        if any(each in words for each in _NO_ROOM):
            raise Full(f"Redis has no room for more events: {words}. Make room, then send it again.") from None
        raise Unavailable(f"Redis cannot be reached or used now: {words}.") from None
