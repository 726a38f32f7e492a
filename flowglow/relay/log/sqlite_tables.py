"""The tables of a SQLite log, and reading them. Knows no threads and no loop."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...reading import held
from .kept import LISTED_BYTES, KeptRun, is_over, taken_up
from .port import (
    FORM,
    Appeared,
    Entry,
    OtherForm,
    Page,
    Query,
    Stream,
    UnknownRun,
    fitting,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
  born INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, flow_id TEXT, status TEXT NOT NULL,
  touched_at REAL NOT NULL, head TEXT NOT NULL, bytes INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, born);
CREATE INDEX IF NOT EXISTS runs_by_flow ON runs (flow_id, born);
CREATE TABLE IF NOT EXISTS streams (
  born INTEGER NOT NULL, stream TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (born, stream)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
  born INTEGER NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, key TEXT,
  PRIMARY KEY (born, stream, seq)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS entries_by_key ON entries (born, stream, key) WHERE key IS NOT NULL;
CREATE TABLE IF NOT EXISTS results (
  born INTEGER NOT NULL, node_id TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (born, node_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (
  born INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (born, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inputs (born INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS starts (place INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS gone (
  run_id TEXT NOT NULL, stream TEXT NOT NULL, next INTEGER NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (run_id, stream)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leaving (born INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS tickets (ticket TEXT PRIMARY KEY, user TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
"""
BUSY_S = 5.0
"""How long another process may hold the file."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said in one stream behind a number; and before it, which runs are new or of a flow that is."""

    appeared: list[Appeared]
    place: int
    """Up to which place in `starts` that is all."""
    entries: list[Entry]


def connect(path: Path) -> sqlite3.Connection:
    """Open the file for one thread. Raises sqlite3.Error, OtherForm."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        has_form = see_form(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(SCHEMA)
        word = secrets.token_hex(8)
        connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('instance', ?)", (word,))
        if not has_form:
            connection.execute(f"PRAGMA user_version = {FORM}")
    except (sqlite3.Error, OtherForm):
        connection.close()
        raise
    return connection


def see_form(connection: sqlite3.Connection) -> bool:
    """Whether the file says in which form it is kept: one of before any did has the first. Raises OtherForm."""
    form = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if form not in (0, FORM):
        raise OtherForm(form)
    return form == FORM


class Tables:
    """One connection, for reading. Used by one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def close(self) -> None:
        self._db.close()

    # -- reading ------------------------------------------------------------------------------------
    def instance(self) -> str:
        see_form(self._db)
        return str(self._db.execute("SELECT value FROM meta WHERE key = 'instance'").fetchone()[0])

    def version(self) -> int:
        """Another one once another connection wrote."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def place(self) -> int:
        """The last place in `starts`: what stands behind it is new."""
        return int(self._db.execute("SELECT coalesce(max(place), 0) FROM starts").fetchone()[0])

    def page(self, run_id: str, after: int, stream: Stream, limit: int) -> Page:
        self._db.execute("BEGIN")  # numbers and entries of one moment
        try:
            born = self._born(run_id)
            first, following = self._numbers(born, stream)
            return Page(first, following - 1, fitting(self._entries(born, after, stream, limit)))
        finally:
            self._db.execute("COMMIT")

    def told(self, place: int, run_id: str, after: int, stream: Stream, limit: int) -> Told:
        """What was said since; none of a run that is unknown. Of one moment: no event comes before the flow it has."""
        self._db.execute("BEGIN")
        try:
            row = self._db.execute("SELECT born FROM runs WHERE run_id = ?", (run_id,)).fetchone()
            entries = self._entries(row[0], after, stream, limit) if row else []
            return Told(self.appeared(place), self.place(), entries)
        finally:
            self._db.execute("COMMIT")

    def appeared(self, place: int) -> list[Appeared]:
        """Runs that are new behind that place, or of which the flow became known, as they are now, and those that were
        over and are told of again."""
        rows = self._db.execute(
            """SELECT run_id, flow_id, status, (SELECT min(place) FROM starts WHERE starts.run_id = runs.run_id) <= ?
            FROM runs WHERE run_id IN (SELECT run_id FROM starts WHERE place > ?) ORDER BY born""",
            (place, place),
        )
        return [Appeared(run_id, flow_id, bool(known) and is_over(status)) for run_id, flow_id, status, known in rows]

    def run(self, run_id: str) -> dict[str, Any]:
        self._db.execute("BEGIN")
        try:
            kept, last_seq = self._kept(run_id)
            return kept.json(last_seq)
        finally:
            self._db.execute("COMMIT")

    def runs(self, query: Query) -> list[dict[str, Any]]:
        wanted, values = ["1"], list[Any]()
        if query.flow_id is not None:
            wanted.append("flow_id = ?")
            values.append(query.flow_id)
        if query.statuses:
            wanted.append(f"status IN ({','.join('?' * len(query.statuses))})")
            values += sorted(query.statuses)
        if query.before is not None:
            wanted.append("born < (SELECT born FROM runs WHERE run_id = ?)")
            values.append(query.before)
        self._db.execute("BEGIN")
        try:
            return [
                taken_up(run_id, held(head), given, self._waiting(born)).summary(last_seq)
                for born, run_id, head, given, last_seq in self._rows(wanted, values, query.limit)
            ]
        finally:
            self._db.execute("COMMIT")

    # -- inside -------------------------------------------------------------------------------------
    def _rows(self, wanted: Sequence[str], values: Sequence[Any], limit: int) -> list[Any]:
        """The newest runs that are as wanted: what a list tells of each."""
        return self._db.execute(
            f"""SELECT runs.born, run_id, head, text, coalesce(next, 0) - 1 FROM runs
            LEFT JOIN inputs ON inputs.born = runs.born AND length(CAST(text AS BLOB)) <= {LISTED_BYTES}
            LEFT JOIN streams ON streams.born = runs.born AND stream = 'events'
            WHERE {" AND ".join(f"{'runs.' * each.startswith('born')}{each}" for each in wanted)}
            ORDER BY runs.born DESC LIMIT ?""",
            [*values, limit],
        ).fetchall()

    def _waiting(self, born: int) -> dict[str, str]:
        return dict(self._db.execute("SELECT name, text FROM waiting WHERE born = ?", (born,)).fetchall())

    def _born(self, run_id: str) -> int:
        row = self._db.execute("SELECT born FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        if row is None:
            raise UnknownRun(run_id)
        return int(row[0])

    def _numbers(self, born: int, stream: Stream) -> tuple[int, int]:
        """The first number that is kept, and the one that comes next."""
        row = self._db.execute(
            "SELECT first, next FROM streams WHERE born = ? AND stream = ?", (born, stream)
        ).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    def _entries(self, born: int, after: int, stream: Stream, limit: int) -> list[Entry]:
        rows = self._db.execute(
            "SELECT seq, text FROM entries WHERE born = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?",
            (born, stream, after, limit),
        )
        return [Entry(seq, text) for seq, text in rows]

    def _kept(self, run_id: str) -> tuple[KeptRun, int]:
        """The run's picture, and the number it is true at."""
        born = self._born(run_id)
        last_seq = self._numbers(born, "events")[1] - 1
        head, given = self._db.execute(
            "SELECT head, text FROM runs LEFT JOIN inputs ON inputs.born = runs.born WHERE runs.born = ?", (born,)
        ).fetchone()
        results = dict(self._db.execute("SELECT node_id, text FROM results WHERE born = ?", (born,)).fetchall())
        given_by = {node_id: held(text) for node_id, text in results.items()}
        return taken_up(run_id, held(head), given, self._waiting(born), given_by), last_seq
