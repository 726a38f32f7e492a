"""EventLog: what a relay asks of the place where events are kept.

A run has three streams, each numbered from 0 without a hole: `events` (what watchers see), `orders` (what people
want of whoever executes the run: answers, a stop) and `lines` (its log). A number is given once. What retention
takes away is always the oldest; the first number that is kept can be asked for. Of a run that is gone the numbers are
remembered: if its id is used again, they go on, and nobody who holds its old events takes a new one for one of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ...errors import Refused

Stream = Literal["events", "orders", "lines"]
FORM = 1
"""In which form what is kept stands: another one where a version of before could not read it, or would harm it."""
PAGE = 500
"""Entries that one `read` gives at most."""
PAGE_CHARS = 1 << 20
"""And so much text, or one entry: whoever reads for a thousand slow sockets holds a page for each."""
Clock = Callable[[], float]
"""Seconds since the epoch, as whoever keeps the log reads them."""
CLOCK: Clock = time.time


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that has no number yet. `event` is its content, `body` the same as JSON; neither bears a `seq`."""

    event_id: str
    event: Mapping[str, Any]
    body: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that was said, with its number. An event's text is its JSON with `seq` in it."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order, and what of the stream is kept: `first` to `last`; `last` is `first - 1` where nothing is."""

    first: int
    last: int
    entries: list[Entry] = field(default_factory=list)


def fitting(entries: Iterable[Entry]) -> list[Entry]:
    """The first of them, as many as fit into a page."""
    chars, found = 0, list[Entry]()
    for entry in entries:
        chars += len(entry.text)
        if found and chars > PAGE_CHARS:
            break
        found.append(entry)
    return found


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run as it is asked for, before its first event. Times are seconds since the epoch."""

    run_id: str
    flow_id: str | None
    started_at: float
    input: Any = None


@dataclass(frozen=True, slots=True)
class Query:
    """Which runs are wanted, newest first: of one flow, in these statuses, older than the run `before`."""

    flow_id: str | None = None
    statuses: frozenset[str] = frozenset()
    """None named: any."""
    before: str | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Retention:
    """How much is kept. Of a run the oldest entries go, of ended runs the oldest runs."""

    events: int = 50_000
    """Of one run."""
    event_bytes: int = 32 << 20
    """Of one run, as JSON."""
    lines: int = 10_000
    runs: int = 10_000
    """Ended ones; what is not over is never taken away for its number."""
    age_s: float = 30 * 86_400.0
    """Since a run was last told of, by the clock of the log and not by what events say; whether it is over or not."""
    gone: int = 10_000
    """Runs that are gone of which the numbers are remembered, each for `age_s` more."""


KEEP = Retention()
"""What is kept where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Appeared:
    """A run that is new, or of which the flow became known, or (`late`) that was over and is told of again."""

    run_id: str
    flow_id: str | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What was said in a stream that is watched, in order."""

    run_id: str
    stream: Stream
    entries: list[Entry]


News = Appeared | Batch


class Follower(Protocol):
    """Hears what happens from its making on. One for all sockets of a relay; used on one event loop."""

    def watch(self, run_id: str, after: int, stream: Stream = "events") -> None:
        """From now on `next` brings what comes behind that number. Again: from another number."""

    def unwatch(self, run_id: str, stream: Stream = "events") -> None:
        """Hear no more of it."""

    @property
    def reading_s(self) -> float:
        """What one `next` takes of a processor, here and where the log is kept, whatever there is to tell."""

    async def next(self) -> list[News]:
        """Wait for something, or a while; all that is there. Raises Unavailable; then it may be called again."""

    async def close(self) -> None:
        """Let go of what it holds."""


class EventLog(Protocol):
    """Keeps runs. Every call is whole or not at all, and raises Unavailable or Full when it cannot be done."""

    async def instance(self) -> str:
        """A word that stays for as long as the numbers of runs do."""

    async def renew(self, instance: str) -> str:
        """Numbers were lost and are given again: another word in the place of that one; the word that it is now."""

    async def open(self, run: NewRun) -> bool:
        """Make a run known before its first event; False (and nothing is changed) for one that is known."""

    async def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        """Number events and keep them, all or none: the number of each. One whose id is known keeps its number."""

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        """What is kept behind a number, at most `limit` and PAGE_CHARS. Raises UnknownRun."""

    async def run(self, run_id: str) -> dict[str, Any]:
        """The run as `GET /runs/{id}` gives it, with what its nodes gave. Raises UnknownRun.

        `asked` beside it: by requirement that it waits for, the id of the event that asked for it last.
        """

    async def runs(self, query: Query) -> list[dict[str, Any]]:
        """Runs as a list gives them: without what their nodes gave. An unknown `before` gives none."""

    async def write(self, run_id: str, lines: Sequence[str], ids: Sequence[str | None] = ()) -> None:
        """Add log lines, each as JSON; `ids`, if any, one for each. Raises UnknownRun.

        One whose id is that of a line of the run that is kept is not added; without an id each is another one.
        """

    async def order(self, run_id: str, orders: Mapping[str, str]) -> None:
        """Say what is wanted of whoever executes the run: JSON by a key that is used once; all or none.

        What was said before under the same key counts: the same is nothing new, another raises Conflict.
        """

    async def issue(self, ticket: str, user: str, good_s: float) -> None:
        """Keep a ticket for so many seconds, by the clock of the log alone, for whoever `user` is."""

    async def redeem(self, ticket: str) -> str | None:
        """Use a ticket up, wherever it was issued: its user; None for one that is not good (any more)."""

    def now(self) -> float:
        """Seconds since the epoch by the clock of the log, which all who share it go by."""

    async def sweep(self, now: float) -> list[str]:
        """Take away what is too old or too much; the runs that are gone. `now` is by the clock of the log."""

    async def follow(self) -> Follower:
        """Hear what happens from now on."""

    async def close(self) -> None:
        """Let go of files, threads and connections."""


class Unavailable(Refused):
    """The log cannot be reached now; what was asked can be asked again."""

    def __init__(self, message: str) -> None:
        super().__init__(503, "log_unavailable", message)


class OtherForm(Unavailable):
    """What is kept stands in a form that this version does not know."""

    def __init__(self, form: object) -> None:
        words = f"What the event log keeps stands in form {form!s:.20}, and this version of flowglow knows form {FORM}"
        super().__init__(f"{words}. Start the version that keeps it so, or give another log.")


class Full(Refused):
    """There is no room for more."""

    def __init__(self, message: str) -> None:
        super().__init__(507, "log_full", message)


class UnknownRun(Refused):
    """Nobody told of this run, or it is not kept any more."""

    def __init__(self, run_id: str) -> None:
        super().__init__(404, "unknown_run", f"There is no run {run_id!r:.200} (any more) on this server.")


class UsedUp(Refused):
    """The numbers of a run are beyond what can be counted, or what they are written as is no number."""

    def __init__(self, run_id: str) -> None:
        words = f"The run {run_id!r:.200} has events with numbers beyond 2^53, as a time in nanoseconds is."
        super().__init__(409, "numbers_used_up", f"{words} It takes no more, and is in no list.")


class Conflict(Refused):
    """Something else was ordered before under the same key."""

    def __init__(self, key: str) -> None:
        super().__init__(409, "already_answered", f"{key!r:.200} was answered already, and differently.")
        self.key = key
