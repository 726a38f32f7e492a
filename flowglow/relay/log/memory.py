"""MemoryLog: a log that lasts as long as its process. What the other logs are measured by."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...wire import size
from ..drafts import numbered
from .held_tickets import HeldTickets
from .kept import KeptRun, is_over, new_run
from .local import LocalFollower
from .port import (
    CLOCK,
    KEEP,
    PAGE,
    Appeared,
    Batch,
    Clock,
    Conflict,
    Draft,
    Entry,
    NewRun,
    News,
    Page,
    Query,
    Retention,
    Stream,
    UnknownRun,
    fitting,
)


class _Numbered:
    """One stream: what is kept of it, and the number that comes next."""

    def __init__(self, following: int) -> None:
        self.entries: deque[Entry] = deque()
        self.next = following
        self.bytes = 0

    def add(self, text: str) -> Entry:
        entry = Entry(self.next, text)
        self.entries.append(entry)
        self.next += 1
        self.bytes += size(text)
        return entry

    def drop(self) -> None:
        self.bytes -= size(self.entries.popleft().text)

    @property
    def first(self) -> int:
        """The first number that is kept."""
        return self.next - len(self.entries)

    def kept(self, ids: Mapping[str, int]) -> dict[str, int]:
        """Of numbers by id, those that are kept."""
        first = self.first
        return {name: seq for name, seq in ids.items() if seq >= first}

    def page(self, after: int, limit: int) -> Page:
        first = self.first
        start = max(0, after + 1 - first)
        found = [self.entries[place] for place in range(start, min(len(self.entries), start + limit))]
        return Page(first, self.next - 1, found)


FROM_0: Mapping[Stream, int] = {"events": 0, "orders": 0, "lines": 0}


class _Run:
    def __init__(self, run: NewRun, now: float, numbers: Mapping[Stream, int]) -> None:
        self.kept = KeptRun(run)
        self.touched_at = now
        self.streams = {name: _Numbered(following) for name, following in numbers.items()}
        self.ids: dict[str, int] = {}
        self.line_ids: dict[str, int] = {}
        self.said: dict[str, str] = {}
        """What was ordered, by key."""

    @property
    def last_seq(self) -> int:
        return self.streams["events"].next - 1

    @property
    def numbers(self) -> dict[Stream, int]:
        """The numbers that come next."""
        return {name: stream.next for name, stream in self.streams.items()}


class MemoryLog:
    """An EventLog in this process's memory. Used on one event loop."""

    def __init__(self, retention: Retention = KEEP, clock: Clock = CLOCK) -> None:
        self._retention = retention
        self._clock = clock
        self._instance = secrets.token_hex(8)
        self._runs: dict[str, _Run] = {}
        self._gone: dict[str, tuple[float, Mapping[Stream, int]]] = {}
        """Of runs that are gone: when they went, and the numbers that come next."""
        self._tickets = HeldTickets()
        self._followers: set[LocalFollower] = set()

    async def instance(self) -> str:
        return self._instance

    async def renew(self, instance: str) -> str:
        if instance == self._instance:
            self._instance = secrets.token_hex(8)
        return self._instance

    async def open(self, run: NewRun) -> bool:
        if run.run_id in self._runs:
            return False
        _, numbers = self._gone.pop(run.run_id, (0.0, FROM_0))
        self._runs[run.run_id] = _Run(run, self._clock(), numbers)
        self._tell(Appeared(run.run_id, run.flow_id))
        return True

    async def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        if not drafts:
            return []
        if run_id not in self._runs:
            await self.open(new_run(run_id, drafts))
        seqs, fresh = [], []
        before = self._run(run_id).kept
        flow_id, was_over = before.flow_id, is_over(before.status)
        for draft in drafts:
            run = self._runs[run_id]
            if draft.event_id not in run.ids:
                events = run.streams["events"]
                run.ids[draft.event_id] = events.next
                fresh.append(events.add(numbered(draft.body, events.next)))
                run.kept.apply(draft)
            seqs.append(run.ids[draft.event_id])
        if fresh:
            run = self._runs[run_id]
            if run.kept.flow_id != flow_id or was_over:
                self._tell(Appeared(run_id, run.kept.flow_id, was_over))
            run.touched_at = self._clock()
            self._trim(run)
            self._tell(Batch(run_id, "events", fresh))
        return seqs

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        page = self._run(run_id).streams[stream].page(after, limit)
        return replace(page, entries=fitting(page.entries))

    async def run(self, run_id: str) -> dict[str, Any]:
        run = self._run(run_id)
        return run.kept.json(run.last_seq)

    async def runs(self, query: Query) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        older = query.before is None
        for run_id, run in reversed(self._runs.items()):
            if len(found) >= query.limit:
                break
            wanted = query.flow_id in (None, run.kept.flow_id)
            if older and wanted and (not query.statuses or run.kept.status in query.statuses):
                found.append(run.kept.summary(run.last_seq))
            older = older or run_id == query.before
        return found

    async def write(self, run_id: str, lines: Sequence[str], ids: Sequence[str | None] = ()) -> None:
        run = self._run(run_id)
        stream, entries = run.streams["lines"], list[Entry]()
        for line, line_id in zip(lines, ids or [None] * len(lines), strict=True):
            if line_id is None or line_id not in run.line_ids:
                entries.append(stream.add(line))
                if line_id is not None:
                    run.line_ids[line_id] = entries[-1].seq
        if len(stream.entries) > self._retention.lines:
            while len(stream.entries) > self._retention.lines:
                stream.drop()
            run.line_ids = stream.kept(run.line_ids)
        if entries:
            self._tell(Batch(run_id, "lines", entries))

    async def order(self, run_id: str, orders: Mapping[str, str]) -> None:
        run = self._run(run_id)
        for key, text in orders.items():
            if run.said.get(key, text) != text:
                raise Conflict(key)
        fresh = {key: text for key, text in orders.items() if key not in run.said}
        run.said.update(fresh)
        if fresh:
            self._tell(Batch(run_id, "orders", [run.streams["orders"].add(text) for text in fresh.values()]))

    async def issue(self, ticket: str, user: str, good_s: float) -> None:
        self._tickets.issue(ticket, user, good_s)

    async def redeem(self, ticket: str) -> str | None:
        return self._tickets.redeem(ticket)

    def now(self) -> float:
        return self._clock()

    async def sweep(self, now: float) -> list[str]:
        self._tickets.sweep()
        old = [run_id for run_id, run in self._runs.items() if run.touched_at < now - self._retention.age_s]
        ended = [run_id for run_id, run in self._runs.items() if is_over(run.kept.status) and run_id not in old]
        gone = old + ended[: max(0, len(ended) - self._retention.runs)]
        for run_id in gone:
            numbers = self._runs.pop(run_id).numbers
            if any(numbers.values()):
                self._gone[run_id] = (now, numbers)
        latest = sorted(self._gone, key=lambda run_id: (self._gone[run_id][0], run_id), reverse=True)
        oldest, latest = now - self._retention.age_s, latest[: self._retention.gone]
        self._gone = {run_id: self._gone[run_id] for run_id in latest if self._gone[run_id][0] >= oldest}
        return gone

    async def follow(self) -> LocalFollower:
        follower = LocalFollower(self._entries, self._followers.discard)
        self._followers.add(follower)
        return follower

    async def close(self) -> None:
        self._followers.clear()

    # -- inside -------------------------------------------------------------------------------------
    def _run(self, run_id: str) -> _Run:
        if run_id not in self._runs:
            raise UnknownRun(run_id)
        return self._runs[run_id]

    def _trim(self, run: _Run) -> None:
        events, retention = run.streams["events"], self._retention
        before = len(events.entries)
        while len(events.entries) > 1 and (
            len(events.entries) > retention.events or events.bytes > retention.event_bytes
        ):
            events.drop()
        if len(events.entries) < before:
            run.ids = events.kept(run.ids)

    async def _entries(self, run_id: str, after: int, stream: Stream) -> list[Entry]:
        run = self._runs.get(run_id)
        return [] if run is None else run.streams[stream].page(after, PAGE).entries

    def _tell(self, news: News) -> None:
        for follower in tuple(self._followers):
            follower.tell(news)
