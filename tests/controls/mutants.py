"""Mutants of the three event logs: each is a way to write one of them wrong, and the state machine must find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`right` stands once in the module of `flowglow.relay.log`; with `wrong` in its place that log is another."""

    what: str
    module: str
    right: str
    wrong: str


MUTANTS = (
    # -- memory: what the others are held against, so here the others say that it is wrong
    Mutant("memory: a number is left out", "memory", "        self.next += 1\n", "        self.next += 2\n"),
    Mutant(
        "memory: ids are no matter",
        "memory",
        "            if draft.event_id not in run.ids:\n",
        "            if True:\n",
    ),
    Mutant(
        "memory: too much is kept",
        "memory",
        "len(events.entries) > retention.events or",
        "len(events.entries) > retention.events + 1 or",
    ),
    Mutant(
        "memory: an id is remembered for ever",
        "memory",
        "            run.ids = events.kept(run.ids)\n",
        "            pass\n",
    ),
    Mutant(
        "memory: another order takes the place of the first",
        "memory",
        "            if run.said.get(key, text) != text:\n",
        "            if False:\n",
    ),
    Mutant(
        "memory: a list begins with the run that it was to begin behind",
        "memory",
        "            older = older or run_id == query.before\n",
        "            older = True\n",
    ),
    # -- SQLite
    Mutant(
        "sqlite: numbers begin again with each call",
        "sqlite_writing",
        "seq = fresh[draft.event_id] = last_seq + 1 + len(entries)\n",
        "seq = fresh[draft.event_id] = max(last_seq, 2) + 1 + len(entries)\n",
    ),
    Mutant(
        "sqlite: ids are no matter within a call",
        "sqlite_writing",
        '            seq = fresh.get(draft.event_id, self._seq_of(born, "events", draft.event_id))\n',
        '            seq = self._seq_of(born, "events", draft.event_id)\n            draft = draft if seq is None else draft\n'
        "            seq = None if draft.event_id in fresh else seq\n",
    ),
    Mutant(
        "sqlite: half of the orders are taken",
        "sqlite_writing",
        "                raise Conflict(key)\n",
        "                continue\n",
    ),
    Mutant(
        "sqlite: what nodes gave is not written",
        "sqlite_writing",
        "        for node_id in kept.touched:\n",
        "        for node_id in ():\n",
    ),
    Mutant(
        "sqlite: a limit is one too many",
        "sqlite_tables",
        "ORDER BY runs.born DESC LIMIT ?",
        "ORDER BY runs.born DESC LIMIT ? + 1",
    ),
    Mutant(
        "sqlite: a page begins with what is known",
        "sqlite_tables",
        "AND seq > ? ORDER BY seq",
        "AND seq >= ? ORDER BY seq",
    ),
    # -- Redis
    Mutant("redis: ids are no matter", "redis_scripts", "  if not known then\n", "  if true then\n"),
    Mutant(
        "redis: what was dropped is still counted",
        "redis_scripts",
        "  bytes = redis.call('HINCRBY', run, 'bytes', -dropped)\n",
        "",
    ),
    Mutant(
        "redis: the id of what was dropped stays", "redis_scripts", "  if id then redis.call('HDEL', ids, id) end\n", ""
    ),
    Mutant(
        "redis: a picture that is behind is taken over",
        "redis_scripts",
        "if base == began and following - began == count then\n",
        "if base == began then\n",
    ),
    Mutant(
        "redis: another order takes the place of the first",
        "redis_scripts",
        "  if said and said ~= ARGV[place + 1] then return {place} end\n",
        "",
    ),
    Mutant("redis: lines are never trimmed", "redis_scripts", "  redis.call('XTRIM', lines, 'MAXLEN', ARGV[1])\n", ""),
    Mutant(
        "redis: a ticket opens twice",
        "redis_tickets",
        "self._redis.getdel(ticket_key(ticket))",
        "self._redis.get(ticket_key(ticket))",
    ),
)
