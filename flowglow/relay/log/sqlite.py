"""SqliteLog: a log in one file, for one machine and nothing to install. Runs outlive their process.

One thread writes; what waits for it goes into one transaction, so that a burst costs one commit. Reading has a
thread of its own. A transaction that fails leaves nothing behind. Several processes may share a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ...errors import Refused
from ...tasks import ended
from .held_tickets import HeldTickets
from .local import LocalFollower
from .port import (
    CLOCK,
    KEEP,
    PAGE,
    Appeared,
    Clock,
    Draft,
    Entry,
    Full,
    NewRun,
    News,
    OtherForm,
    Page,
    Query,
    Retention,
    Stream,
    Unavailable,
)
from .sqlite_file import OpenFile
from .sqlite_sweeping import OPENING_BYTES, Reserve, room_beside
from .sqlite_tables import Tables, connect
from .sqlite_writing import WritableTables

T = TypeVar("T")
LOOK_S = 0.2
"""How often a file is looked at for what another process wrote, while somebody listens."""


class _Threads:
    """One that writes and one that reads."""

    def __init__(self) -> None:
        self.writing = ThreadPoolExecutor(1, "flowglow-log-write")
        self.reading = ThreadPoolExecutor(1, "flowglow-log-read")

    async def write(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.writing, work)

    async def read(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.reading, work)

    def close(self) -> None:
        self.reading.shutdown()
        self.writing.shutdown()


class SqliteLog:
    """An EventLog in a SQLite file. Used on one event loop, after `opened`."""

    def __init__(self, path: Path, writer: WritableTables, reader: Tables, threads: _Threads) -> None:
        self._path = path
        self._file = OpenFile(path)
        self._reserve = Reserve(path)
        self._held = HeldTickets()
        """Those for which there was no room: another process that shares the file cannot say whether they are good."""
        self._writer = writer
        self._reader = reader
        self._threads = threads
        self._jobs: list[tuple[Callable[[WritableTables], Any], asyncio.Future[Any]]] = []
        self._drain: asyncio.Task[None] | None = None
        self._followers: set[LocalFollower] = set()
        self._look: asyncio.Task[None] | None = None
        self._seen = -1
        """The version of the file up to which it was looked at."""
        self._place = 0
        """Up to which place it was told which runs are new, or of a flow that is."""

    @classmethod
    def at(cls, path: Path, retention: Retention = KEEP, clock: Clock = CLOCK) -> SqliteLog:
        """The log in that file, made when it is not there; blocks for a moment. Raises Unavailable."""
        threads = _Threads()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = threads.writing.submit(lambda: WritableTables(_connect(path), retention, clock)).result()
            reader = threads.reading.submit(lambda: Tables(connect(path))).result()
        except (OSError, sqlite3.Error, OtherForm) as error:
            threads.close()
            raise _in_words(error, path) from None
        return cls(path, writer, reader, threads)

    @classmethod
    async def opened(cls, path: Path, retention: Retention = KEEP, clock: Clock = CLOCK) -> SqliteLog:
        """The same, without blocking the loop."""
        return await asyncio.to_thread(cls.at, path, retention, clock)

    async def instance(self) -> str:
        return await self._read(lambda tables: tables.instance())

    async def renew(self, instance: str) -> str:
        return await self._write(lambda tables: tables.renew(instance))

    async def open(self, run: NewRun) -> bool:
        return await self._write(lambda tables: tables.open(run))

    async def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        return await self._write(lambda tables: tables.append(run_id, drafts)) if drafts else []

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        return await self._read(lambda tables: tables.page(run_id, after, stream, limit))

    async def run(self, run_id: str) -> dict[str, Any]:
        return await self._read(lambda tables: tables.run(run_id))

    async def runs(self, query: Query) -> list[dict[str, Any]]:
        return await self._read(lambda tables: tables.runs(query))

    async def write(self, run_id: str, lines: Sequence[str], ids: Sequence[str | None] = ()) -> None:
        await self._write(lambda tables: tables.write(run_id, lines, ids))

    async def order(self, run_id: str, orders: Mapping[str, str]) -> None:
        await self._write(lambda tables: tables.order(run_id, orders))

    async def issue(self, ticket: str, user: str, good_s: float) -> None:
        try:
            await self._write(lambda tables: tables.issue(ticket, user, good_s))
        except Full:  # who watches is served
            self._held.issue(ticket, user, good_s)

    async def redeem(self, ticket: str) -> str | None:
        if ticket in self._held:
            return self._held.redeem(ticket)
        return await self._write(lambda tables: tables.redeem(ticket))

    def now(self) -> float:
        return self._writer.now()

    async def sweep(self, now: float) -> list[str]:
        gone: list[str] = []
        self._held.sweep()
        try:
            while some := await self._write(lambda tables: tables.sweep(now)):
                gone += some
            while await self._write(lambda tables: tables.clear()):
                pass
            await self._threads.write(self._reserve.hold)
        except Full:
            with self._in_words():
                gone += await self._threads.write(lambda: self._writer.sweep_full(self._reserve, now))
        return gone

    async def follow(self) -> LocalFollower:
        if self._look is None:
            self._seen = await self._write(lambda tables: tables.version())
            self._place = await self._read(lambda tables: tables.place())
        follower = LocalFollower(self._entries, self._followers.discard)
        self._followers.add(follower)
        if self._look is None:
            self._look = asyncio.create_task(self._look_for_others())
        return follower

    async def close(self) -> None:
        if self._look is not None:
            await ended(self._look)
        if self._drain is not None:
            await self._drain
        await self._threads.read(self._reader.close)
        await self._threads.write(self._writer.close)
        self._threads.close()

    # -- inside -------------------------------------------------------------------------------------
    async def _read(self, work: Callable[[Tables], T]) -> T:
        with self._in_words():
            return await self._threads.read(lambda: self._at_the_file(partial(work, self._reader)))

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """What SQLite raises is raised in the words of the port."""
        try:
            yield
        except sqlite3.Error as error:
            raise _in_words(error, self._path) from None

    async def _write(self, work: Callable[[WritableTables], T]) -> T:
        """Do it in the next transaction, with whatever else waits for one."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.append((work, future))
        if self._drain is None or self._drain.done():
            self._drain = loop.create_task(self._write_all())
        return await asyncio.shield(future)

    async def _write_all(self) -> None:
        while self._jobs:
            jobs, self._jobs = self._jobs, []
            outcomes = await self._transact([work for work, _ in jobs])
            if isinstance(outcomes[0], Full):  # what is too large takes nothing else with it
                await self._threads.write(self._writer.take_over)
                outcomes = [each for work, _ in jobs for each in await self._transact([work])]
            for (_, future), outcome in zip(jobs, outcomes, strict=True):
                if future.cancelled():
                    continue
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    async def _transact(self, works: Sequence[Callable[[WritableTables], Any]]) -> list[Any]:
        """Do them in one transaction, and tell of it: what each gave, or why not."""
        try:
            outcomes, news = await self._threads.write(lambda: self._at_the_file(partial(self._writer.transact, works)))
        except Unavailable as error:
            return [error] * len(works)
        except sqlite3.Error as error:
            return [_in_words(error, self._path)] * len(works)
        for place in self._writer.places:
            if place == self._place + 1:  # others wrote nothing that is not told of
                self._place = place
        for each in news:
            self._tell(each)
        return outcomes

    def _at_the_file(self, work: Callable[[], T]) -> T:
        """Do it where the file is still the one that was opened. Raises Unavailable."""
        self._file.see()
        return work()

    async def _entries(self, run_id: str, after: int, stream: Stream) -> list[Entry]:
        place = self._place
        told = await self._read(lambda tables: tables.told(place, run_id, after, stream, PAGE))
        self._tell_of(told.appeared, told.place)
        return told.entries

    async def _look_for_others(self) -> None:
        """Notice what another process wrote: the version that the writer sees does not change by its own writing."""
        while True:
            with contextlib.suppress(Refused, sqlite3.Error):  # it is looked at again soon
                version = await self._threads.write(self._writer.version)
                if version != self._seen:
                    place = await self._read(lambda tables: tables.place())
                    before = self._place
                    self._tell_of(await self._read(partial(Tables.appeared, place=before)), place)
                    for follower in tuple(self._followers):
                        follower.check()
                self._seen = version
            await asyncio.sleep(LOOK_S)

    def _tell_of(self, appeared: Sequence[Appeared], place: int) -> None:
        """Runs that are new up to that place; those that are told of again, too, are as they are now."""
        self._place = max(self._place, place)
        for each in appeared:
            self._tell(each)

    def _tell(self, news: News) -> None:
        for follower in tuple(self._followers):
            follower.tell(news)


def _connect(path: Path) -> sqlite3.Connection:
    """The file, opened for one thread; on a disk that is full in room of the reserve. Raises sqlite3.Error."""
    try:
        return connect(path)
    except sqlite3.Error:
        if not (_is_full(path) and Reserve(path).lend()):
            raise
    return connect(path)


def _is_full(path: Path) -> bool:
    return room_beside(path) < OPENING_BYTES


def _in_words(error: Exception, path: Path) -> Full | Unavailable:
    """What is the matter with the file."""
    if isinstance(error, OtherForm):
        return error
    text = str(error)
    of_disk = "full" in text or ("I/O" in text and _is_full(path))  # an open file cannot grow, or a new one
    if of_disk or getattr(error, "errno", None) == errno.ENOSPC:
        return Full(f"The disk of the event log {path} is full: nothing was written. Make room, then send it again.")
    return Unavailable(f"The event log {path} cannot be used: {text}.")
