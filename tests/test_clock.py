from __future__ import annotations

import asyncio

import pytest

from pyapp.clock import sleep
from pyapp.testing.clock import FakeClock


async def test_sleeping_takes_its_time() -> None:
    """Not a moment less, by the clock it was given."""
    clock = FakeClock()
    sleeping = asyncio.ensure_future(sleep(clock, 2.0))
    await asyncio.sleep(0)
    clock.advance(1.9)
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.advance(0.1)
    await sleeping
    assert clock.pending == 0


async def test_a_sleep_that_is_cancelled_leaves_no_timer() -> None:
    clock = FakeClock()
    sleeping = asyncio.ensure_future(sleep(clock, 2.0))
    await asyncio.sleep(0)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    assert clock.pending == 0
    clock.advance(5.0)
