"""What is done with the tables of a SQLite log inside one transaction. Knows no threads and no loop."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyapp.run.bounded import BoundedDict

from ...wire import size, to_text
from ..drafts import numbered
from .kept import KeptRun, is_over, new_run
from .port import Appeared, Batch, Clock, Conflict, Draft, Entry, NewRun, News, Retention, Stream
from .sqlite_sweeping import Reserve, clear, take_away, take_over, transaction
from .sqlite_tables import Tables, see_form

STARTS_KEPT = 10_000
REMEMBERED = 200
"""Runs whose picture is kept in memory, so that it need not be read for each event."""


class WritableTables(Tables):
    """One connection, for writing: what `transact` and `sweep_full` do not call is called by nobody else."""

    def __init__(self, connection: sqlite3.Connection, retention: Retention, clock: Clock) -> None:
        super().__init__(connection)
        self._retention = retention
        self.now = clock
        self._remembered: BoundedDict[int, tuple[int, KeptRun]] = BoundedDict(REMEMBERED)
        """By the birth of a run: the number its picture is true at, and the picture."""
        self._news: list[News] = []
        self.places: list[int] = []
        """Where in `starts` the last transaction told of runs."""

    def transact(self, works: Sequence[Callable[[WritableTables], Any]]) -> tuple[list[Any], list[News]]:
        """Do all of it in one transaction: what each gave, or the Refused it raised, and what is to be told.

        Raises sqlite3.Error or OtherForm, and then nothing was done.
        """
        self._news, self.places = [], []
        outcomes: list[Any] = []
        try:
            self._db.execute("BEGIN IMMEDIATE")
            see_form(self._db)
            for work in works:
                told, placed = len(self._news), len(self.places)
                self._db.execute("SAVEPOINT work")
                try:
                    outcomes.append(work(self))
                except sqlite3.Error:
                    raise
                except Exception as error:
                    self._db.execute("ROLLBACK TO work")
                    self._remembered.clear()
                    del self._news[told:], self.places[placed:]
                    outcomes.append(error)
                self._db.execute("RELEASE work")
            self._db.execute("COMMIT")
        except BaseException:
            self._remembered.clear()
            self.places = []
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return outcomes, self._news

    def renew(self, instance: str) -> str:
        word = secrets.token_hex(8)
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'instance' AND value = ?", (word, instance))
        return self.instance()

    def open(self, run: NewRun) -> bool:
        if self._db.execute("SELECT 1 FROM runs WHERE run_id = ?", (run.run_id,)).fetchone():
            return False
        kept = KeptRun(run)
        self._db.execute(
            "INSERT INTO runs (run_id, flow_id, status, touched_at, head) VALUES (?, ?, ?, ?, ?)",
            (run.run_id, run.flow_id, kept.status, self.now(), to_text(kept.head())),
        )
        self._db.execute("INSERT INTO inputs VALUES (?, ?)", (self._born(run.run_id), kept.given()))
        self._go_on(run.run_id)
        self._appear(run.run_id, run.flow_id)
        return True

    def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        self.open(new_run(run_id, drafts))
        born = self._born(run_id)
        kept, last_seq = self._kept(run_id)
        flow_id, was_over = kept.flow_id, is_over(kept.status)
        seqs, entries = list[int](), list[Entry]()
        fresh: dict[str, int] = {}
        for draft in drafts:
            seq = fresh.get(draft.event_id, self._seq_of(born, "events", draft.event_id))
            if seq is None:
                seq = fresh[draft.event_id] = last_seq + 1 + len(entries)
                text = numbered(draft.body, seq)
                self._insert(born, "events", seq, text, draft.event_id)
                entries.append(Entry(seq, text))
                kept.apply(draft)
            seqs.append(seq)
        if entries:
            self._keep(born, kept, entries)
            self._trim_events(born)
            self._remember(born, kept, entries[-1].seq)
            if kept.flow_id != flow_id or was_over:
                self._appear(run_id, kept.flow_id, late=was_over)
            self._news.append(Batch(run_id, "events", entries))
        return seqs

    def write(self, run_id: str, lines: Sequence[str], ids: Sequence[str | None] = ()) -> None:
        born = self._born(run_id)
        first, following = self._numbers(born, "lines")
        entries: list[Entry] = []
        for line, line_id in zip(lines, ids or [None] * len(lines), strict=True):
            if line_id is None or self._seq_of(born, "lines", line_id) is None:
                entries.append(Entry(following + len(entries), line))
                self._insert(born, "lines", entries[-1].seq, line, line_id)
        if not entries:
            return
        following += len(entries)
        self._set_numbers(born, "lines", max(first, following - self._retention.lines), following)
        self._drop(born, "lines")
        self._news.append(Batch(run_id, "lines", entries))

    def order(self, run_id: str, orders: Mapping[str, str]) -> None:
        born, entries = self._born(run_id), list[Entry]()
        first, following = self._numbers(born, "orders")
        for key, text in orders.items():
            said = self._db.execute(
                "SELECT text FROM entries WHERE born = ? AND stream = 'orders' AND key = ?", (born, key)
            ).fetchone()
            if said is not None and said[0] != text:
                raise Conflict(key)
            if said is None:
                entries.append(Entry(following + len(entries), text))
                self._insert(born, "orders", entries[-1].seq, text, key)
        if entries:
            self._set_numbers(born, "orders", first, following + len(entries))
            self._news.append(Batch(run_id, "orders", entries))

    def issue(self, ticket: str, user: str, good_s: float) -> None:
        until = self.now() + good_s
        self._db.execute("INSERT OR REPLACE INTO tickets VALUES (?, ?, ?)", (ticket, user, until))

    def redeem(self, ticket: str) -> str | None:
        row = self._db.execute("DELETE FROM tickets WHERE ticket = ? RETURNING user, until", (ticket,)).fetchone()
        if row is None:  # while there is no room another process may hold it: then this raises, and nobody is told no
            self.issue(ticket, "", 0.0)
            self._db.execute("DELETE FROM tickets WHERE ticket = ?", (ticket,))
        return str(row[0]) if row and self.now() < row[1] else None

    def sweep(self, now: float) -> list[str]:
        """Take away some of what is too old or too much: the runs that are gone; none once all are."""
        gone = take_away(self._db, self._retention, now)
        for born, _ in gone:
            self._remembered.pop(born, None)
        return [run_id for _, run_id in gone]

    def clear(self) -> bool:
        """Take away a piece of what runs that are gone left behind; False once all of it is gone."""
        return clear(self._db)

    def take_over(self) -> None:
        """Have the write-ahead log need no room beside the file, as far as that can be."""
        take_over(self._db)

    def sweep_full(self, reserve: Reserve, now: float) -> list[str]:
        """All of that on a full disk, in the room of the reserve: the runs that are gone. Raises sqlite3.Error."""
        gone: list[str] = []
        with reserve.let_go():
            self.take_over()
            more = True
            while more:
                with transaction(self._db):
                    some = self.sweep(now)
                    more = self.clear() or bool(some)
                gone += some
        return gone

    # -- inside -------------------------------------------------------------------------------------
    def _go_on(self, run_id: str) -> None:
        """A run of that name is gone: the numbers of the new one begin where they ended."""
        born = self._born(run_id)
        for stream, following in self._db.execute(
            "DELETE FROM gone WHERE run_id = ? RETURNING stream, next", (run_id,)
        ).fetchall():
            self._set_numbers(born, stream, following, following)

    def _appear(self, run_id: str, flow_id: str | None, *, late: bool = False) -> None:
        """Tell of a run, here and to other processes."""
        place = self._db.execute("INSERT INTO starts (run_id) VALUES (?)", (run_id,)).lastrowid
        assert place is not None
        self.places.append(place)
        self._db.execute("DELETE FROM starts WHERE place <= (SELECT max(place) FROM starts) - ?", (STARTS_KEPT,))
        self._news.append(Appeared(run_id, flow_id, late))

    def _set_numbers(self, born: int, stream: Stream, first: int, following: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?)", (born, stream, first, following))

    def _insert(self, born: int, stream: Stream, seq: int, text: str, key: str | None) -> None:
        self._db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (born, stream, seq, text, key))

    def _seq_of(self, born: int, stream: Stream, key: str) -> int | None:
        row = self._db.execute(
            "SELECT seq FROM entries WHERE born = ? AND stream = ? AND key = ?", (born, stream, key)
        ).fetchone()
        return int(row[0]) if row else None

    def _kept(self, run_id: str) -> tuple[KeptRun, int]:
        born = self._born(run_id)
        known = self._remembered.get(born)
        if known is not None and known[0] == self._numbers(born, "events")[1] - 1:
            return known[1], known[0]
        return super()._kept(run_id)

    def _remember(self, born: int, kept: KeptRun, seq: int) -> None:
        self._remembered[born] = (seq, kept)
        self._remembered.move_to_end(born)

    def _keep(self, born: int, kept: KeptRun, entries: Sequence[Entry]) -> None:
        first, following = self._numbers(born, "events")
        self._set_numbers(born, "events", first, following + len(entries))
        for node_id in kept.touched:
            self._db.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?)", (born, node_id, to_text(kept.result(node_id)))
            )
        for name, text in kept.waiting().items():
            if text:
                self._db.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?)", (born, name, text))
            else:
                self._db.execute("DELETE FROM waiting WHERE born = ? AND name = ?", (born, name))
        kept.is_kept()
        added = sum(size(entry.text) for entry in entries)
        self._db.execute(
            """UPDATE runs SET flow_id = ?, status = ?, head = ?, touched_at = ?, bytes = bytes + ?
            WHERE born = ?""",
            (kept.flow_id, kept.status, to_text(kept.head()), self.now(), added, born),
        )

    def _trim_events(self, born: int) -> None:
        first, following = self._numbers(born, "events")
        total = self._db.execute("SELECT bytes FROM runs WHERE born = ?", (born,)).fetchone()[0]
        while following - first > 1 and (
            following - first > self._retention.events or total > self._retention.event_bytes
        ):
            text = self._db.execute(
                "SELECT text FROM entries WHERE born = ? AND stream = 'events' AND seq = ?", (born, first)
            ).fetchone()[0]
            total -= size(text)
            first += 1
        self._set_numbers(born, "events", first, following)
        self._db.execute("UPDATE runs SET bytes = ? WHERE born = ?", (total, born))
        self._drop(born, "events")

    def _drop(self, born: int, stream: Stream) -> None:
        """Remove what stands before the first number that is kept."""
        self._db.execute(
            """DELETE FROM entries WHERE born = :born AND stream = :stream
            AND seq < (SELECT first FROM streams WHERE born = :born AND stream = :stream)""",
            {"born": born, "stream": stream},
        )
