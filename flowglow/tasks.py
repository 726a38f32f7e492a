"""Ending tasks: those that are told to, and those that belong together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

AGAIN_S = 0.5


async def ended(*tasks: asyncio.Task[Any]) -> list[Any]:
    """Cancel them until each is over; what they gave, or raised. They are asked again: a cancellation that comes in the
    moment in which a client library gives something up by a time-out can be lost in it.
    """
    while under_way := [each for each in tasks if not each.done()]:
        for each in under_way:
            each.cancel()
        await asyncio.wait(under_way, timeout=AGAIN_S)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def until_one_ends(*works: Coroutine[Any, Any, Any]) -> None:
    """Do them side by side until the first is over, whatever became of it; the others end with it."""
    tasks = [asyncio.ensure_future(each) for each in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(*tasks)
