"""What retention takes away in a SQLite file, in pieces that need little room: the disk may be full by then.

A run goes at once. What it leaves behind (its events and results, of which nobody hears any more) goes piece by piece.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from .port import Retention

RUNS_AT_ONCE = 100
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 1 << 20
"""Of what is left behind, or one row. What goes is overwritten: a piece needs as much room, and a little more."""
RESERVE_BYTES = 16 << 20
"""More than a write-ahead log has when it cannot be taken over into the file, and a piece beside it."""
OPENING_BYTES = 1 << 20
"""More than the files have that stand beside a log for as long as it is open: they are made when it is opened."""
WRITING_BYTES = 4 << 20
"""About what a write-ahead log has before it is taken over: without it nothing is written into a file that has room."""
_LEFT = {"entries": "stream = ? AND seq = ?", "results": "node_id = ?", "waiting": "name = ?"}
"""Tables of which a run has many rows, and what tells these apart."""


class Reserve:
    """Room on the disk that is held for taking away: a file beside the log's. Several processes may share it."""

    def __init__(self, log: Path) -> None:
        self._path = log.with_name(f"{log.name}-reserve")

    def hold(self, n_bytes: int = RESERVE_BYTES) -> None:
        """See that so much is held, if there is room; what is held stays."""
        before = self._size()
        if n_bytes <= before:
            return
        try:
            with self._path.open("ab") as file:
                file.write(os.urandom(n_bytes - before))  # zeros need no room where a disk packs its files
        except OSError:
            self._cut(before)

    @contextlib.contextmanager
    def let_go(self) -> Iterator[None]:
        """Hold nothing meanwhile; then as much as before, if that leaves room to write in."""
        before = self._size() or RESERVE_BYTES
        self._cut(0)
        try:
            yield
        finally:
            self.hold(min(before, room_beside(self._path) - WRITING_BYTES))

    def lend(self) -> bool:
        """Hold so much less as the log's file needs to be opened; False where nothing is held."""
        before = self._size()
        self._cut(before - OPENING_BYTES)
        return before > 0

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _cut(self, n_bytes: int) -> None:
        with contextlib.suppress(OSError):
            if n_bytes > 0:
                os.truncate(self._path, n_bytes)
            else:
                self._path.unlink(missing_ok=True)


def room_beside(file: Path) -> int:
    """How many bytes its disk has room for; more than any has where nobody can say."""
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:
        return sys.maxsize


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Whole or not at all, and then taken over into the file, so that it needs no room any longer."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    take_over(db)


def take_over(db: sqlite3.Connection) -> None:
    """Bring the write-ahead log into the file, as far as there is room for it."""
    with contextlib.suppress(sqlite3.OperationalError):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def take_away(db: sqlite3.Connection, retention: Retention, now: float) -> list[tuple[int, str]]:
    """Runs that are too old or too many, the oldest first, and at most RUNS_AT_ONCE: the birth and id of each."""
    db.execute("DELETE FROM tickets WHERE until <= ?", (now,))
    oldest = now - retention.age_s
    gone = db.execute(
        "SELECT born, run_id FROM runs WHERE touched_at < ? ORDER BY born LIMIT ?", (oldest, RUNS_AT_ONCE)
    ).fetchall()
    if not gone:
        ended = "status IN ('success', 'error', 'killed')"
        surplus = db.execute(f"SELECT count(*) FROM runs WHERE {ended}").fetchone()[0] - retention.runs
        most = max(0, min(surplus, RUNS_AT_ONCE))
        gone = db.execute(f"SELECT born, run_id FROM runs WHERE {ended} ORDER BY born LIMIT ?", (most,)).fetchall()
    for born, run_id in gone:
        db.execute(
            "INSERT INTO gone SELECT ?, stream, next, ? FROM streams WHERE born = ? AND next > 0", (run_id, now, born)
        )
        db.execute("INSERT INTO leaving VALUES (?)", (born,))
        for table in ("streams", "runs"):
            db.execute(f"DELETE FROM {table} WHERE born = ?", (born,))
    db.execute(
        """DELETE FROM gone WHERE at < ? OR run_id NOT IN
        (SELECT run_id FROM gone GROUP BY run_id ORDER BY max(at) DESC, run_id DESC LIMIT ?)""",
        (oldest, retention.gone),
    )
    return gone


def clear(db: sqlite3.Connection) -> bool:
    """Take away a piece of what runs that are gone left behind; False where nothing was left."""
    left = db.execute("SELECT born FROM leaving LIMIT 1").fetchone()
    if left is None:
        return False
    for table, which in _LEFT.items():
        keys = which.replace(" = ?", "").replace(" AND", ",")
        rows = db.execute(
            f"SELECT length(CAST(text AS BLOB)), {keys} FROM {table} WHERE born = ? LIMIT {ROWS_AT_ONCE}", left
        ).fetchall()
        taken = 0
        for size, *key in rows:
            if taken and taken + size > BYTES_AT_ONCE:
                break
            taken += size
            db.execute(f"DELETE FROM {table} WHERE born = ? AND {which}", (*left, *key))
        if rows:
            return True
    for table in ("inputs", "leaving"):
        db.execute(f"DELETE FROM {table} WHERE born = ?", left)
    return True
