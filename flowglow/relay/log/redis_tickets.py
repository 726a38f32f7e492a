"""Tickets in Redis: good once, on whichever relay. Who watches is served though there is no room for another event."""

from __future__ import annotations

import contextlib

from redis.asyncio import Redis

from .held_tickets import HeldTickets
from .port import Full, Unavailable
from .redis_asking import asked
from .redis_keys import SPARE, ticket_key
from .redis_scripts import BEYOND

TICKET_S = 120
"""How long Redis keeps a ticket that nobody used; it is void long before."""
SPARE_BYTES = 4 << 20
"""What tickets may take beyond `maxmemory` in TICKET_S: some 16,000 of them."""
OVERHEAD = 200
"""Bytes that a ticket takes beside what is said of it."""
_ISSUE_SPARE = (
    BEYOND
    + """
local taken = redis.call('INCRBY', KEYS[2], #ARGV[1] + ARGV[2])
if taken == #ARGV[1] + ARGV[2] then redis.call('EXPIRE', KEYS[2], ARGV[3]) end
if taken > tonumber(ARGV[4]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
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

    async def issue(self, ticket: str, user: str, until: float) -> None:
        """Keep it until that moment (seconds since the epoch). Raises Unavailable, Full."""
        key, kept = ticket_key(ticket), f"{until} {user}"
        try:
            await asked(self._redis.set(key, kept, ex=TICKET_S))
        except Full:
            try:
                is_kept = await self._is_kept_beyond(key, kept)
            except Full:  # it writes nothing at all, so no relay can use a ticket up there: only who holds it knows it
                self._held.issue(ticket, user, until)
                return
            if not is_kept:
                raise

    async def redeem(self, ticket: str, now: float) -> str | None:
        """Use it up: its user; None for one that is not good (any more). Raises Unavailable, Full."""
        if ticket in self._held:
            return self._held.redeem(ticket, now)
        kept = await asked(self._redis.getdel(ticket_key(ticket)))
        until, _, user = str(kept or "0 ").partition(" ")
        return user if now < float(until) else None

    def sweep(self, now: float) -> None:
        """Let go of those held here that are too old."""
        self._held.sweep(now)

    async def _is_kept_beyond(self, key: str, kept: str) -> bool:
        """Whether it is kept though there is no room; False where there is none left beyond it. Raises Full where
        nothing is written any more."""
        with contextlib.suppress(Unavailable):
            return bool(await asked(self._issue_spare(keys=[key, SPARE], args=[kept, OVERHEAD, TICKET_S, SPARE_BYTES])))
        return False
