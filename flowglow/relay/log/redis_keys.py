"""What the keys of a Redis log are called, and how numbers are written in its streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .port import Entry, Stream
from .redis_raw import told

PREFIX = "flowglow"
BORN, RUNS, LIVE = (f"{PREFIX}:{{index}}:{name}" for name in ("born", "runs", "live"))
INDEX = (BORN, RUNS, LIVE)
"""A counter; every run, and those that are not over, by it."""
GONE = f"{PREFIX}:{{index}}:gone"
"""Runs that are gone and have streams still, by the time at which they went."""
STARTS = f"{PREFIX}:starts"
"""A stream that tells of new runs: fields `run` and `flow` ("" where it is not known), and `late` for one that was over
and is told of again."""
STARTS_KEPT = 10_000
INSTANCE = f"{PREFIX}:instance"
FORM_KEY = f"{PREFIX}:form"
"""In which form all of it stands; a log of before there was such a key has the first one."""
TAKEN = f"{PREFIX}:taken"
"""How often something was taken in: a Redis in which it is less than it was lacks its last moments."""
SPARE = f"{PREFIX}:spare"
"""Bytes of tickets that were kept lately though there was no room."""
CHUNK = 500
"""Runs that are looked at together."""


def run_key(run_id: str, part: str) -> str:
    """A key of that run: `events`, `orders` and `lines` are streams, `ids`, `line_ids`, `results`, `waiting`, `said`
    and `run` hashes."""
    return f"{PREFIX}:{{{run_id}}}:{part}"


def ticket_key(ticket: str) -> str:
    return f"{PREFIX}:entry:{ticket}"


def wake_key(name: str) -> str:
    """A stream that wakes one follower."""
    return f"{PREFIX}:wake:{name}"


def id_of(seq: int) -> str:
    """The id of that number: streams begin at 1, as Redis knows no id 0-0."""
    return f"{seq + 1}-0"


def seq_of(entry_id: str) -> int:
    return int(entry_id.partition("-")[0]) - 1


def entry_of(run_id: str, stream: Stream, entry_id: str, fields: Mapping[str, str] | Sequence[str]) -> Entry:
    """What stands in a stream, as the port tells it; a script gives names and values in turn."""
    seq = seq_of(entry_id)
    named = fields if isinstance(fields, Mapping) else dict(zip(fields[::2], fields[1::2], strict=True))
    return Entry(seq, told(run_id, seq, named) if stream == "events" else named.get("e", "{}"))
