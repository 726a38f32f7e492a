"""The records of one run: what has happened to its nodes and tools, as far as the page has heard.

Plain data, changed only by `state.fold`. Times are monotonic seconds (Clock.now) unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .bounded import BoundedDict
from .waiting_old import Waiting

Outcome = Literal["success", "error", "killed", "unknown"]
ExecutionStatus = Literal["executing", "success", "error", "killed", "unknown"]
RunStatus = Literal["queued", "executing", "paused", "unverified", "success", "error", "killed"]

TERMINAL: frozenset[str] = frozenset({"success", "error", "killed"})

MAX_NODES = 10_000
MAX_EXECUTIONS_PER_NODE = 1_000
MAX_TOOL_CALLS = 5_000


@dataclass(slots=True)
class Execution:
    """One time a node ran: the subject of one badge and one mock node."""

    node_id: str
    order: int
    status: ExecutionStatus = "executing"
    node_type: str | None = None
    node_name: str | None = None
    iteration: int | None = None
    started: float | None = None
    ended: float | None = None
    started_wall: float | None = None
    """Server time of the start, seconds since the epoch, for display."""
    ended_wall: float | None = None
    content: Any = None
    error: Any = None
    variables: dict[str, Any] = field(default_factory=dict)
    implied: bool = False
    """True when nobody said how it ended: the end of its run did."""

    @property
    def open(self) -> bool:
        return self.status == "executing"

    @property
    def duration_s(self) -> float | None:
        """Seconds it took: by the server's clock where both ends bear it, else by ours; None if unknown."""
        if self.started_wall is not None and self.ended_wall is not None:
            return max(0.0, self.ended_wall - self.started_wall)
        if self.started is not None and self.ended is not None:
            return self.ended - self.started
        return None


@dataclass(slots=True)
class NodeRecord:
    """All that is known of one node in one run."""

    node_id: str
    parent_id: str | None = None
    child_count: int | None = None
    executions: BoundedDict[int, Execution] = field(
        default_factory=lambda: BoundedDict(MAX_EXECUTIONS_PER_NODE, lambda execution: not execution.open)
    )
    open_orders: list[int] = field(default_factory=list)
    """Orders that are executing, oldest start first."""
    open_tools: list[str] = field(default_factory=list)
    """Keys of the tool calls that are under way, oldest first."""
    latest: Execution | None = None
    """The execution that started or ended last."""
    outcome: Outcome | None = None
    """How the execution that ended last ended."""
    waiting: bool = False
    """A person must act before this node can go on."""
    marked_waiting: bool = False
    """The canvas shows that it waits."""

    @property
    def executing(self) -> bool:
        return bool(self.open_orders)


@dataclass(slots=True)
class ToolCall:
    """One call of a tool. `key` is its id on the wire, or one made up for a call without id."""

    key: str
    node_id: str
    name: str
    args: dict[str, Any] = field(default_factory=dict)
    status: ExecutionStatus = "executing"
    result: Any = None
    error: Any = None
    started: float | None = None
    duration_s: float | None = None

    @property
    def open(self) -> bool:
        return self.status == "executing"


@dataclass(slots=True)
class RunRecord:
    """All that is known of one run."""

    run_id: str
    flow_id: str | None = None
    name: str | None = None
    kind: str | None = None
    status: RunStatus = "executing"
    provisional: bool = False
    """The status came over HTTP; an event on the stream may still correct it."""
    told_over_http: bool = False
    """The server was asked: something in it may be in no event."""
    error: Any = None
    content: Any = None
    started_wall: float | None = None
    ended_wall: float | None = None
    heard: float = 0.0
    """When anything about this run last came in."""
    events: int = 0
    last_seq: int | None = None
    highest_order: int = -1
    nodes: BoundedDict[str, NodeRecord] = field(
        default_factory=lambda: BoundedDict(MAX_NODES, lambda node: not node.executing)
    )
    tools: BoundedDict[str, ToolCall] = field(
        default_factory=lambda: BoundedDict(MAX_TOOL_CALLS, lambda call: not call.open)
    )
    tool_serial: int = 0
    latest_tool: ToolCall | None = None
    """The call that started or ended last."""
    waiting: Waiting = field(default_factory=Waiting)
    """What a person is asked for."""
    chat_serial: int = 0
    chat_open: dict[str, str] = field(default_factory=dict)
    """Source → the message it is filling."""
    chat_texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """(source, kind) → its messages, in order."""
    chat_tools: set[str] = field(default_factory=set)
    """Keys of the calls whose bubble shows them at work."""
    catching_up: bool = False
    """Missed events are being applied: the record follows at once, the canvas is painted when they are in."""

    @property
    def over(self) -> bool:
        """True after a terminal event, or when the server said over HTTP that the run is over."""
        return self.status in TERMINAL

    def node(self, node_id: str) -> NodeRecord:
        """The record of a node, made when it is first heard of."""
        record = self.nodes.get(node_id)
        if record is None:
            record = self.nodes[node_id] = NodeRecord(node_id)
        return record
