"""The record of one run: what is true of it, as far as its events have said.

Plain data, made by `run.fold` from the run's log and written by nothing else: it can be compared, copied, and made
for any earlier moment. Moments are seconds since the epoch by the server's clock. HTTP answers are not in it: they
stand beside it (`run.server_word`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ..contract.events import InteractionEvent, Requirement
from ..contract.usage import Usage
from .spent import NOTHING, Spent

Outcome = Literal["success", "error", "killed", "unknown"]
ExecutionStatus = Literal["executing", "success", "error", "killed", "unknown"]
RunStatus = Literal["queued", "executing", "paused", "unverified", "success", "error", "killed"]
ChatKind = Literal["text", "reasoning", "html", "tool"]
SignInStatus = Literal["pending", "completed", "failed", "expired"]

TERMINAL: frozenset[str] = frozenset({"success", "error", "killed"})


def took(started_at: float | None, ended_at: float | None) -> float | None:
    """Seconds between two moments, never negative; None while one of them is unknown."""
    return None if started_at is None or ended_at is None else max(0.0, ended_at - started_at)


Wait = tuple[float, float | None]
"""A stretch in which a person was waited for: since when and until when; None while it goes on."""
MAX_WAITS = 500
"""Of one execution, and of a run; the oldest go."""


def begin_wait(waits: list[Wait], at: float) -> None:
    """A person is waited for from now on; one wait that goes on is enough."""
    if not waits or waits[-1][1] is not None:
        waits.append((at, None))
        del waits[:-MAX_WAITS]


def end_wait(waits: list[Wait], at: float | None) -> None:
    """Nobody is waited for any more; without a moment, the wait was of no length."""
    if waits and waits[-1][1] is None:
        since = waits[-1][0]
        waits[-1] = since, max(since, at if at is not None else since)


def least(one: float | None, other: float | None) -> float | None:
    """The least of those that are known."""
    return other if one is None else one if other is None else min(one, other)


@dataclass(slots=True)
class Execution:
    """One time a node ran: the subject of one badge. `mark` is the number at which an event last spoke of it."""

    node_id: str
    order: int
    status: ExecutionStatus = "executing"
    node_type: str | None = None
    node_name: str | None = None
    iteration: int | None = None
    input: Any = None
    started_at: float | None = None
    ended_at: float | None = None
    latest_at: float | None = None
    """The latest moment of what happened in it while it was open: it ends no earlier."""
    content: Any = None
    error: Any = None
    variables: dict[str, Any] = field(default_factory=dict)
    waits: list[Wait] = field(default_factory=list)
    """When its node waited for a person while it was open, in order."""
    usage: Usage | None = None
    spent: Spent = NOTHING
    """What its end told of its usage, else what its texts and tools did so far."""
    implied: bool = False
    """Nobody reported how it ended: the end of its run did."""
    cut: bool = False
    """It gave more than the server kept."""
    started: bool = False
    """Its start was seen."""
    mark: int = -1
    began_mark: int = -1
    """The number of the event with which it began; its place among all that happened, where moments are too coarse."""
    ended_mark: int = -1
    """The number of the event with which somebody ended it."""

    @property
    def open(self) -> bool:
        return self.status == "executing"

    @property
    def duration_s(self) -> float | None:
        return took(self.started_at, self.ended_at)


@dataclass(slots=True)
class NodeRecord:
    """All that is known of one node in one run."""

    node_id: str
    parent_id: str | None = None
    child_count: int | None = None
    executions: dict[int, Execution] = field(default_factory=dict)
    """By order, in the sequence in which they were first heard of."""
    open_orders: dict[int, None] = field(default_factory=dict)
    """Orders that are executing, oldest start first."""
    open_tools: dict[str, None] = field(default_factory=dict)
    """Keys of the tool calls under way, oldest first."""
    implied_tools: dict[str, None] = field(default_factory=dict)
    """Keys of those that only the end of the run ended, likewise: their own ends may still come."""
    outcome: Outcome | None = None
    """How the execution that ended last ended."""
    waiting: bool = False
    """A person must act before this node can go on."""

    @property
    def executing(self) -> bool:
        return bool(self.open_orders)

    @property
    def spent(self) -> Spent:
        return sum((each.spent for each in self.executions.values()), NOTHING)


@dataclass(slots=True)
class GroupRecord:
    """One group: a node that contains nodes. `children` holds the status of each direct child that was heard of."""

    group_id: str
    children: dict[str, ExecutionStatus] = field(default_factory=dict)
    counts: dict[ExecutionStatus, int] = field(default_factory=dict)
    """How many children have each status."""
    active: dict[str, None] = field(default_factory=dict)
    """Children that execute, or in which something does, though they may have ended themselves."""
    runs: dict[str, int] = field(default_factory=dict)
    """How often each child ran."""
    listed: int = 0
    """How many children the flow lists."""
    unlisted: int = 0
    """Children heard of that the flow does not list."""
    own: ExecutionStatus | None = None
    """What its own events say; None while they say nothing, or when a child started after its own end."""
    complete: bool = False
    """Its own end came once: whatever runs in it later, no child is waited for that never ran."""
    settled: ExecutionStatus | None = None
    """What it became at the end of its run, unless it had ended; nothing executes after that."""
    announced: int | None = None
    """How many children there will be, when the server said so."""
    rounds: int = 1
    """How often the child that ran most often ran: the iterations of a loop."""
    started_at: float | None = None
    ended_at: float | None = None
    latest_at: float | None = None
    """The latest moment of what happened in it."""

    @property
    def total(self) -> int:
        """How many children there are, as far as anybody said; never fewer than were heard of."""
        said = self.announced if self.announced is not None else self.listed + self.unlisted
        return max(said, len(self.children))

    @property
    def done(self) -> int:
        """How many children have ended and do not execute again."""
        return len(self.children) - self.counts.get("executing", 0)

    @property
    def busy(self) -> bool:
        """It executes, or something in it does."""
        return bool(self.active) or self.own == "executing"

    @property
    def status(self) -> ExecutionStatus | None:
        """None as long as nothing in it has begun."""
        if self.own not in (None, "executing") or not (self.children or self.own):
            return self.own
        waits = self.done < self.total and not self.complete
        if self.own == "executing" or self.active or waits:
            return self.settled or "executing"
        return next((each for each in SEVERITY if self.counts.get(each)), "unknown")


SEVERITY: tuple[ExecutionStatus, ...] = ("error", "killed", "success")


@dataclass(slots=True)
class ToolCall:
    """One call of a tool. `key` is made of its id on the wire, or of its place where it has none."""

    key: str
    node_id: str
    has_id: bool = False
    """Its server gave it an id, alone or not: only an end with that id, or with none, is its own."""
    name: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    status: ExecutionStatus = "executing"
    implied: bool = False
    """Nobody reported how it ended: the end of its run did."""
    result: Any = None
    error: Any = None
    usage: Usage | None = None
    started_at: float | None = None
    ended_at: float | None = None  # also of one that is open, where its node has ended: it takes no longer
    told_duration_s: float | None = None
    """What the server said of how long it took, seconds."""

    @property
    def open(self) -> bool:
        return self.status == "executing"

    @property
    def duration_s(self) -> float | None:
        return took(self.started_at, self.ended_at) if self.told_duration_s is None else self.told_duration_s


@dataclass(slots=True)
class Message:
    """One bubble of the chat. `key` is its own in its run; `message_id` is what the page calls it."""

    key: str
    message_id: str
    run_id: str
    source: str
    kind: ChatKind
    serial: int = 0
    """Its place in the chat."""
    voice: int = 0
    """Its speaker's place among all that have spoken."""
    name: str | None = None
    node_id: str | None = None
    within: str | None = None
    """The node in which more of it was said last."""
    started_at: float | None = None
    ended_at: float | None = None
    busy: bool = True
    """Still streaming, or still at work."""
    chunks: list[str] = field(default_factory=list)
    chars: int = 0
    half: str = ""
    """The first half of a character, whose other half is the next chunk's."""
    cut: bool = False
    """More was said than is kept."""
    whole: bool = False
    """Its source said that nothing will be added: a snapshot that says so too changes it where it stands."""
    replaced: int = 0
    """How often the whole text was replaced: what was drawn before is void."""
    steps: list[dict[str, Any]] = field(default_factory=list)
    usage: Usage | None = None
    status: ExecutionStatus = "executing"
    args: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    error: Any = None
    told_duration_s: float | None = None

    @property
    def text(self) -> str:
        return "".join(self.chunks)

    @property
    def duration_s(self) -> float | None:
        return took(self.started_at, self.ended_at) if self.told_duration_s is None else self.told_duration_s


@dataclass(slots=True)
class Wanted:
    """One requirement. `open` until the run went on with an answer, whoever gave it, or ended."""

    requirement: Requirement
    node_id: str | None = None
    continue_run_id: str | None = None
    content: Any = None
    """What the pause itself said: the text to look at, for an output review."""
    asked: int = 1
    """How often it was asked: asked again, an answer that was given counts no more."""
    serial: int = 0
    """Its place among the requirements of its run."""
    open: bool = True
    mark: int = -1
    answer: dict[str, Any] | None = None
    """What was answered, as far as an event said so."""
    answered_at: float | None = None
    """When the run went on with an answer to it; None where it ended without."""
    place: int = 0
    """Its answer's place in the chat: the number of the message behind it."""


@dataclass(slots=True)
class SignIn:
    """One sign-in. How it went is `status`; `open` until its run is over, or what wanted one that failed."""

    event: InteractionEvent
    status: SignInStatus = "pending"
    serial: int = 0
    """Its place among the sign-ins of its run."""
    open: bool = True
    mark: int = -1

    @property
    def asks(self) -> bool:
        """A person can still do something about it: sign in, or try again."""
        return self.open and self.status in ("pending", "failed")


@dataclass(slots=True)
class RunRecord:
    """What the events of one run have said."""

    run_id: str
    flow_id: str | None = None
    name: str | None = None
    kind: str | None = None
    status: RunStatus = "executing"
    """Of events alone: never queued or unverified."""
    error: Any = None
    content: Any = None
    started_at: float | None = None
    ended_at: float | None = None
    waits: list[Wait] = field(default_factory=list)
    """When it was paused, in order."""
    spent: Spent = NOTHING
    """What all of it spent."""
    timed: bool = False
    """Its events bear moments; else they have those at which they came."""
    latest_at: float | None = None
    """The latest moment that any of its events bears."""
    events: int = 0
    """How many were folded."""
    mark: int = -1
    """The number of the event folded last: its `seq`, or how many came before it."""
    highest_order: int = -1
    nodes: dict[str, NodeRecord] = field(default_factory=dict)
    groups: dict[str, GroupRecord] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    """Node → the group in which it counts as a child."""
    tools: dict[str, ToolCall] = field(default_factory=dict)
    tool_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """(node, id on the wire) → key of the latest call; the node is "" for an id anywhere."""
    tool_serial: int = 0
    wanted: dict[str, Wanted] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    card_serial: int = 0
    resumed_mark: int = -1
    """Number of the last resume_start that closed all cards."""
    resolved: dict[str, int] = field(default_factory=dict)
    """Requirements that were never asked for here, and the number of the resume_start that answered them."""
    messages: dict[str, Message] = field(default_factory=dict)
    """The chat, in order."""
    message_serial: int = 0
    speakers: dict[str, str] = field(default_factory=dict)
    """Source → the agent or team that it is of, once it said so."""
    voices: dict[tuple[str, str], int] = field(default_factory=dict)
    """Speaker (agent or team, or a source of nobody's) → its place among all that have spoken."""
    free_voices: list[int] = field(default_factory=list)
    """Places that were given back."""
    speaking: dict[str, str] = field(default_factory=dict)
    """Source → key of the message it is filling."""
    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """(source, kind) → keys of its messages, in order."""

    @property
    def over(self) -> bool:
        """A terminal event has come."""
        return self.status in TERMINAL

    @property
    def outcome(self) -> Outcome | None:
        """How what nobody ended ended with the run: as the run did, unknown after a success; None while it lives."""
        return "unknown" if self.status == "success" else self.status if self.over else None  # type: ignore[return-value]
