"""Which Redis it is: one that comes back empty, or without its last moments, is another one."""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from . import redis_scripts as scripts
from .port import FORM, Full, OtherForm, Unavailable
from .redis_asking import asked
from .redis_keys import FORM_KEY, INSTANCE, TAKEN

Moment = tuple[str, int]
"""The word of a Redis, and how often that had taken something in."""
log = logging.getLogger("flowglow.relay")


class RedisInstance:
    """Owns how far Redis was known to be here; `begun_again` is called where it is another one than before."""

    def __init__(self, redis: Redis, begun_again: Callable[[], None]) -> None:
        self._redis = redis
        self._begun_again = begun_again
        self._renew = redis.register_script(scripts.RENEW)
        self._renew_full = redis.register_script(scripts.BEYOND + scripts.RENEW)
        self.known: Moment = ("", 0)
        self._behind_s = 0.0
        """How far our clock is behind that of Redis."""

    def now(self) -> float:
        """Seconds since the epoch by the clock of Redis: relays whose own are wrong take nothing away too soon."""
        return time.time() + self._behind_s

    async def word(self) -> str:
        """The word that it is known by now. Raises OtherForm, too."""
        before = self.known
        async with self._redis.pipeline(transaction=False) as questions:
            questions.mget(INSTANCE, TAKEN, FORM_KEY)
            questions.time()
            (word, taken, form), (seconds, more) = await asked(questions.execute())
        self._behind_s = seconds + more / 1e6 - time.time()
        if form not in (None, str(FORM)):
            raise OtherForm(form)
        if word is None:  # a Redis that is full takes no word, also not one that it has
            await asked(self._redis.set(FORM_KEY, FORM, nx=True))
            await asked(self._redis.set(INSTANCE, secrets.token_hex(8), nx=True))
            word = await asked(self._redis.get(INSTANCE))
        if word != self.known[0]:
            self.known = str(word), int(taken or 0)
            self._begun_again()
        else:
            await self.see(before, int(taken or 0))
        return self.known[0]

    async def renew(self, instance: str) -> str:
        """Another word in the place of that one; the word that it is now."""
        words: dict[str, Any] = {"keys": [INSTANCE], "args": [instance, secrets.token_hex(8)]}
        try:
            await asked(self._renew(**words))
        except Full:
            await asked(self._renew_full(**words))
        return await self.word()

    async def see(self, before: Moment, taken: int, more: int = 0) -> None:
        """So often it has taken something in, `more` of it since it was known to be at `before`. Where that is less, it
        lacks its last moments, and is another one: whether or not somebody watches what is lost."""
        word, known = self.known
        if word != before[0]:
            return
        self.known = word, max(known, taken)
        if taken < before[1] + more:
            log.warning("Redis lacks what it had taken in: all relays and pages begin anew")
            await self.renew(word)

    async def see_that_it_fits(self) -> None:
        """Raises Unavailable where a log cannot be kept: on a node of a cluster, which has a part of all keys, and
        where Redis throws away any key when it has no room: a run would begin anew under way, and nobody be told."""
        if (await self._facts("cluster")).get("cluster_enabled"):
            words = "This Redis is a node of a Redis Cluster, and a log is kept in one Redis that has all of it"
            raise Unavailable(f"{words}. Give it one of its own; docs/scaling.md says how to go beyond it.")
        memory = await self._facts("memory")
        policy = str(memory.get("maxmemory_policy"))
        if memory.get("maxmemory") and policy.startswith("allkeys"):
            words = f"This Redis throws away what it has no room for (maxmemory-policy {policy})"
            raise Unavailable(f"{words}: events would be lost. Set the policy to noeviction.")

    async def _facts(self, about: str) -> dict[str, Any]:
        """What it says of itself; nothing where it may not be asked: then who forbids it must know."""

        async def told() -> dict[str, Any]:
            with contextlib.suppress(ResponseError):
                return dict(await self._redis.info(about))
            return {}

        return dict(await asked(told()))
