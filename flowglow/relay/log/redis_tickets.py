"""Tickets in Redis: good once, on whichever relay. Who watches is served though there is no room for another event.

How long they are good is measured by Redis: no two relays need clocks that agree.
"""

from __future__ import annotations

import contextlib

from redis.asyncio import Redis

from .held_tickets import HeldTickets
from .port import Full, Unavailable
from .redis_asking import asked
from .redis_keys import SPARE, ticket_key
from .redis_scripts import BEYOND

SPARE_BYTES = 4 << 20
"""What tickets may take beyond `maxmemory` for as long as one is good: some 16,000 of them."""
OVERHEAD = 200
"""Bytes that a ticket takes beside what is said of it."""
_ISSUE_SPARE = (
    BEYOND
    + """
local taken = redis.call('INCRBY', KEYS[2], #ARGV[1] + ARGV[2])
if taken == #ARGV[1] + ARGV[2] then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
if taken > tonumber(ARGV[4]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""
)
"""As SET, while there is no room."""


class RedisTickets:
    """The tickets of a RedisLog."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._held = HeldTickets()
        """Those that Redis could not write down: another relay cannot say whether they are good."""
        self._issue_spare = redis.register_script(_ISSUE_SPARE)

    async def issue(self, ticket: str, user: str, good_s: float) -> None:
        """Keep it for so many seconds. Raises Unavailable, Full."""
        key, good_ms = ticket_key(ticket), int(good_s * 1000)
        try:
            await asked(self._redis.set(key, user, px=good_ms))
        except Full:
            try:
                is_kept = await self._is_kept_beyond(key, user, good_ms)
            except Full:  # it writes nothing at all, so no relay can use a ticket up there: only who holds it knows it
                self._held.issue(ticket, user, good_s)
                return
            if not is_kept:
                raise

    async def redeem(self, ticket: str) -> str | None:
        """Use it up: its user; None for one that is not good (any more). Raises Unavailable, Full."""
        if ticket in self._held:
            return self._held.redeem(ticket)
        kept = await asked(self._redis.getdel(ticket_key(ticket)))
        return None if kept is None else str(kept)

    def sweep(self) -> None:
        """Let go of those held here that are too old."""
        self._held.sweep()

    async def _is_kept_beyond(self, key: str, user: str, good_ms: int) -> bool:
        """Whether it is kept though there is no room; False where there is none left beyond it. Raises Full where
        nothing is written any more."""
        with contextlib.suppress(Unavailable):
            return bool(await asked(self._issue_spare(keys=[key, SPARE], args=[user, OVERHEAD, good_ms, SPARE_BYTES])))
        return False
