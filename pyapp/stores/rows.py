"""Rows: what the stores hold. Plain values, replaced and never changed; the chat holds the record's own messages.

Moments are seconds since the epoch by the server's clock, unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ..contract.usage import Usage
from ..run.record import TERMINAL, ExecutionStatus, RunStatus, Wait, took
from ..run.spent import NOTHING, Spent

RunKey = tuple[str, str]
"""(run id, name of the row in its run)."""


# -- runs and nodes -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list."""

    run_id: str
    status: RunStatus
    flow_id: str | None = None
    name: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    error: str | None = None
    reason: str | None = None
    """Why the status is not certain, in words."""
    unread: bool = False
    stopping: bool = False
    seen: bool = False
    """At least one event of it came in; a run only known from the server's list is not seen."""
    lived: bool = False
    """An event of it came as it happened: it is no history that was told later."""
    lacks: str = ""
    """Why something of it may not be shown, as a key of the words."""
    input: str | None = None
    """What the run was given, on one line and clipped; `given` is the same, whole."""
    began_at: float | None = None
    """When its first event happened; before that it was queued."""
    waits: tuple[Wait, ...] = ()
    """When it was paused."""
    given: Any = None
    waiting: bool = False
    """A person must act before it can go on."""
    content: Any = None
    """What the whole run gave."""
    spent: Spent = NOTHING

    @property
    def over(self) -> bool:
        return self.status in TERMINAL

    @property
    def known(self) -> bool:
        """An event or the server told of it; of one that only a link names nobody did, and there may be none."""
        return self.status != "unverified" or self.seen or self.flow_id is not None or self.started_at is not None

    @property
    def repeatable(self) -> bool:
        """It does not go on, as far as anybody knows: another one can be run with what it was given."""
        return self.over or (self.status == "unverified" and self.known)

    @property
    def since(self) -> float | None:
        """What it takes counts from here; None while it is only queued."""
        return self.started_at if self.began_at is None and self.status != "queued" else self.began_at


@dataclass(slots=True)  # not frozen: one is made for each event, and that would take five times as long
class MockNode:
    """One time a node ran. `id` is `<node_id>-<order>`; `output` is its content, text or any JSON."""

    id: str
    node_id: str
    handle: str
    run_id: str
    order: int
    status: ExecutionStatus
    started: bool
    type: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    error: Any = None
    implied: bool = False
    cut: bool = False
    """The server kept too little of what it gave."""
    iteration: int | None = None
    started_at: float | None = None
    ended_at: float | None = None
    parent: str | None = None
    """The group that its events named; what the flow lists goes before."""
    waits: tuple[Wait, ...] = ()
    """When it waited for a person."""
    began_mark: int = -1
    """The number of the event with which it began: its place among those of one order."""
    input: Any = None
    usage: Usage | None = None
    spent: Spent = NOTHING
    """Its usage, else what its texts and tools told of theirs."""

    @property
    def ended(self) -> bool:
        return self.status != "executing"

    @property
    def duration_s(self) -> float | None:
        return took(self.started_at, self.ended_at)


def node_of(mock_id: str) -> str:
    """The node that a mock node is one execution of."""
    return mock_id.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class GroupState:
    """How far a group is: how many of its children are done and failed, and how often it went round."""

    status: ExecutionStatus | None
    done: int
    total: int
    failed: int = 0
    rounds: int = 1
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def duration_s(self) -> float | None:
        return took(self.started_at, self.ended_at)


ToolNames = tuple[str, ...]
"""Names of the calls under way on a node, oldest first."""


# -- the server's log ---------------------------------------------------------------------------------
MAX_LINES = 5_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; `level` is debug, info, warning or error, or a word of the server's own."""

    ts: float | None
    level: str
    text: str
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunLog:
    """The last MAX_LINES lines of one run and how many came before them."""

    lines: tuple[LogLine, ...] = ()
    dropped: int = 0
    cursor: str | int | None = None
    """Where the server is to go on."""

    @property
    def total(self) -> int:
        return self.dropped + len(self.lines)

    def extended(self, lines: list[LogLine], cursor: str | int | None = None) -> RunLog:
        """This log with `lines` behind it."""
        every = (*self.lines, *lines)
        return RunLog(every[-MAX_LINES:], self.dropped + max(0, len(every) - MAX_LINES), cursor)


# -- the page itself ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EditorState:
    """`locked` while the run in front is not over; `starting` until Play, `stopping` until Stop has had its effect."""

    locked: bool = False
    starting: bool = False
    stopping: bool = False
    """Play, or Stop, was pressed; the server has not answered yet, no terminal event has come yet."""
    unlocked_run: str | None = None
    """The run of which a person said: let me edit, though it is not known to be over."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants the next run of a flow to begin with: text, or any JSON. `serial` tells wishes apart."""

    flow_id: str
    given: Any = None
    serial: int = 0


Role = Literal["status", "alert"]


@dataclass(frozen=True, slots=True)
class Notice:
    """`role` decides how it is announced: `status` politely, `alert` at once. `count` says how often it came."""

    key: str
    role: Role
    text: str
    count: int = 1


Metric = Literal["received", "handled", "merged", "duplicate", "gap",
                 "malformed", "unknown", "failed", "tracked", "refused"]  # fmt: skip
METRICS: tuple[Metric, ...] = get_args(Metric)
MAX_QUARANTINE = 50


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One thing that could not be understood, with the reason."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class HandlerHealth:
    """`failures` since the page was loaded; `streak` in a row until now; `slow` how often it kept the page busy."""

    handler: str
    failures: int = 0
    streak: int = 0
    slow: int = 0
    aside: bool = False
    """It fails again and again: it hears of no event, and is tried now and then."""
    last_event: str | None = None
    last_error: str | None = None
    costs: str = ""
    """What the user misses when this handler fails, in words."""


@dataclass(frozen=True, slots=True)
class ViewHealth:
    """`failures` since the page was loaded; `streak` in a row until now."""

    view: str
    failures: int = 0
    streak: int = 0
    last_error: str | None = None
