"""What runs in Redis amount to: a cache beside each run, brought up to date by whoever finds that it is behind."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from redis.asyncio import Redis

from pyapp.run.bounded import BoundedDict

from ...reading import held
from ...wire import to_text
from . import redis_raw as raw
from . import redis_scripts as scripts
from .kept import KeptRun, is_over, new_run, taken_up
from .port import Clock, Full, NewRun, Retention, UnknownRun, UsedUp
from .redis_asking import ODD, WrongKind, asked, asked_each
from .redis_keys import GONE, INDEX, LIVE, STARTS, STARTS_KEPT, id_of, run_key, seq_of

REMEMBERED = 500
"""Runs whose picture is kept in memory, so that it need not be read for each event."""
FOLLOWED = 1_000
"""So many events a picture that is remembered is brought up to date with; behind more of them it is read anew."""
STARTED = 1_000
"""New runs that are looked at together."""
log = logging.getLogger("flowglow.relay")


@dataclass(frozen=True, slots=True)
class Known:
    """What a run amounts to before the number that comes next. `born` tells it from another run of that name."""

    kept: KeptRun
    following: int
    born: str


class Pictures:
    """Owns what is remembered here; what is in Redis is everybody's."""

    def __init__(self, redis: Redis, retention: Retention, clock: Clock) -> None:
        self._redis = redis
        self._retention = retention
        self._clock = clock
        self._remembered: BoundedDict[str, Known] = BoundedDict(REMEMBERED)
        self._shared: BoundedDict[str, None] = BoundedDict(REMEMBERED)
        """Runs that others tell of, too: what is remembered of them is brought up to date before it is built on."""
        self._adopted = "0-0"
        """The id in the stream of new runs up to which all are in the lists."""
        self._picture = redis.register_script(scripts.PICTURE)
        self._fold = redis.register_script(scripts.FOLD)
        self._begin = redis.register_script(scripts.BEGIN)

    async def open(self, kept: KeptRun) -> bool:
        """Give a run its place in the lists, and begin its picture; False where somebody did before."""
        keys = [*INDEX, GONE, run_key(kept.run_id, "run"), run_key(kept.run_id, "events"), STARTS]
        facts = [kept.flow_id or "", kept.status, to_text(kept.head())]
        given = ["long_input" if kept.is_long else "input", kept.given()]
        args: list[Any] = [kept.run_id, self._clock(), STARTS_KEPT, *facts, *given]
        return bool(await asked(self._begin(keys=keys, args=args)))

    async def adopt(self) -> None:
        """Take in the runs that producers told of in Redis itself, after their first event."""
        while True:
            told = await asked(self._redis.xrange(STARTS, min=f"({self._adopted}", count=STARTED))
            flows: dict[str, str | None] = {}
            for each in raw.started(told):
                flows[each.run_id] = each.flow_id or flows.get(each.run_id)
            async with self._redis.pipeline(transaction=False) as questions:
                for name in flows:
                    questions.hget(run_key(name, "run"), "flow_id")
                    questions.xrevrange(run_key(name, "events"), count=1)
                known = await asked_each(questions)
            for (name, flow), known_flow, last in zip(flows.items(), known[::2], known[1::2], strict=True):
                try:
                    if ODD in (known_flow, last) or (last and seq_of(last[0][0]) >= scripts.LAST):
                        log.error("The run %r is told wrongly in Redis: it is in no list", name)
                        continue
                    if known_flow is None and last:
                        await self._adopt(name, flow)
                    elif known_flow == "" and flow is not None:
                        await self._name_flow(name, flow)
                except Full:  # what cannot be taken in now is taken in later
                    return
            if not told:
                return
            self._adopted = told[-1][0]

    async def of(self, run_id: str) -> Known:
        """What the run amounts to. Raises UnknownRun, Unavailable."""
        while True:
            keys = [run_key(run_id, "run"), run_key(run_id, "events")]
            try:
                folded, head, born, following, count, given = await asked(self._picture(keys=keys))
            except WrongKind:
                raise UnknownRun(run_id) from None
            if following > scripts.LAST:
                raise UsedUp(run_id)
            if head is None:
                if not count:
                    raise UnknownRun(run_id)
                await self.adopt()  # where it was told of, its flow is known
                await self._adopt(run_id, None)
                continue
            if following == int(folded):
                known = await self._up_to_date(run_id, born, following)
                if known is not None:
                    return known
            async with self._redis.pipeline(transaction=False) as questions:
                questions.hgetall(run_key(run_id, "waiting"))
                questions.hgetall(run_key(run_id, "results"))
                waiting, results = await asked(questions.execute())
            kept = taken_up(run_id, held(head), given, waiting, {node: held(text) for node, text in results.items()})
            known = Known(kept, following, born)
            if int(folded) == following:
                if run_id in self._shared:
                    self._remembered[run_id] = known
                return known
            if await self._catch_up(known, int(folded)):
                return known

    async def last_known(self, run_id: str) -> Known:
        """The same, as it was when it was written here last: whoever builds on it must look whether it still is."""
        known = None if run_id in self._shared else self._remembered.get(run_id)
        return known or await self.of(run_id)

    async def shared(self, run_id: str) -> Known:
        """What the run amounts to, of which others tell, too. Raises UnknownRun, Unavailable."""
        self._shared[run_id] = None
        return await self.of(run_id)

    async def summaries(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Those runs as a list gives them; what is gone, or is no run any more, is left out."""
        async with self._redis.pipeline(transaction=False) as questions:
            for name in names:
                questions.hmget(run_key(name, "run"), "folded", "head", "input")
                questions.hgetall(run_key(name, "waiting"))
                questions.xrevrange(run_key(name, "events"), count=1)
            told = await asked_each(questions)
        found: list[dict[str, Any]] = []
        for name, facts, waiting, last in zip(names, told[::3], told[1::3], told[2::3], strict=True):
            if ODD in (facts, waiting, last):
                continue
            folded, head, given = facts
            following = seq_of(last[0][0]) + 1 if last else int(folded or 0)
            if following > scripts.LAST:
                continue
            if head is not None and int(folded) == following:
                found.append(taken_up(name, held(head), given, waiting).summary(following - 1))
            elif head is not None:
                with suppress(UnknownRun):  # swept meanwhile
                    known = await self.of(name)
                    found.append(known.kept.summary(known.following - 1))
        return found

    def parts(self, kept: KeptRun) -> list[str]:
        """The run's picture as a script takes it in."""
        waiting = kept.waiting()
        results = ((node_id, to_text(kept.result(node_id))) for node_id in sorted(kept.touched))
        facts = [kept.flow_id or "", kept.status, to_text(kept.head()), str(len(waiting))]
        return [*facts, *chain.from_iterable(waiting.items()), *chain.from_iterable(results)]

    def remember(self, known: Known) -> None:
        """Redis has taken over this picture."""
        known.kept.is_kept()
        self._remembered[known.kept.run_id] = known
        self._remembered.move_to_end(known.kept.run_id)

    def forget(self, run_id: str) -> None:
        self._remembered.pop(run_id, None)

    def begin_again(self) -> None:
        """It is another Redis, where other runs may have the same names and numbers."""
        self._remembered.clear()
        self._adopted = "0-0"

    async def _up_to_date(self, run_id: str, born: str, following: int) -> Known | None:
        """What is remembered, with what others told of the run since; None where it has to be read."""
        known = self._remembered.get(run_id)
        if known is None or known.born != born or not 0 <= following - known.following <= FOLLOWED:
            return None
        if known.following == following:
            return known
        self.forget(run_id)  # what is changed here is nobody else's
        first, last = id_of(known.following), id_of(following - 1)
        entries = await asked(self._redis.xrange(run_key(run_id, "events"), min=first, max=last))
        if len(entries) != following - known.following:
            return None
        for entry_id, fields in entries:
            event = raw.folded(run_id, seq_of(entry_id), fields, self._clock())
            if event is not None:
                known.kept.apply(event)
        known = replace(known, following=following)
        self.remember(known)
        return known

    async def _catch_up(self, known: Known, folded: int) -> bool:
        """Fold what came since, as far as it is kept; False where somebody else was quicker, or the run is gone."""
        kept = known.kept
        entries = await asked(self._redis.xrange(run_key(kept.run_id, "events"), min=id_of(folded)))
        for entry_id, fields in entries:
            event = raw.folded(kept.run_id, seq_of(entry_id), fields, self._clock())
            if event is not None:
                kept.apply(event)
        following = seq_of(entries[-1][0]) + 1 if entries else known.following
        with suppress(Full):  # then it is folded for whoever reads now, and kept another time
            return await self._keep(known, folded, following)
        return True

    async def _keep(self, known: Known, folded: int, following: int) -> bool:
        """Put the picture into Redis in the place of that of `folded`; False where that is gone. Raises Full."""
        kept = known.kept
        keys = [*(run_key(kept.run_id, name) for name in ("run", "results", "waiting", "events", "ids")), STARTS]
        bounds = self._retention.events, self._retention.event_bytes, STARTS_KEPT
        args: list[Any] = [known.born, folded, following, self._clock(), *bounds, kept.run_id, *self.parts(kept)]
        taken = bool(await asked(self._fold(keys=keys, args=args)))
        if taken and is_over(kept.status):
            await asked(self._redis.zrem(LIVE, kept.run_id))
        return taken

    async def _adopt(self, run_id: str, flow_id: str | None) -> None:
        """A producer wrote of a run that is not in the lists: of that flow, unless its first event says another."""
        first = await asked(self._redis.xrange(run_key(run_id, "events"), count=1))
        events = [raw.folded(run_id, seq_of(entry_id), fields, self._clock()) for entry_id, fields in first]
        usable = [each for each in events if each is not None]
        run = new_run(run_id, usable) if usable else NewRun(run_id, None, self._clock())
        await self.open(KeptRun(replace(run, flow_id=run.flow_id or flow_id)))

    async def _name_flow(self, run_id: str, flow_id: str) -> None:
        """A producer told of the flow of a run that is in the lists without one."""
        named = False
        with suppress(UnknownRun):  # swept meanwhile
            while not named:
                self.forget(run_id)  # what is changed here is nobody else's
                known = await self.of(run_id)
                known.kept.flow_id = known.kept.flow_id or flow_id
                named = await self._keep(known, known.following, known.following)
