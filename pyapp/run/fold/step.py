"""A step of the fold: what it is given, what it tells of, and the bounds it keeps.

What is open is never evicted: then a record may grow beyond its bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ...contract.flow import FlowGraph
from ..record import RunRecord

K = TypeVar("K")
V = TypeVar("V")

MAX_NODES = 10_000
MAX_EXECUTIONS = 1_000
"""Ended executions of one node."""
MAX_TOOLS = 5_000
MAX_CARDS = 500
MAX_MESSAGES = 4_000
MAX_CHARS = 1_000_000
"""Characters of one message; what is said beyond is left out, and that is said."""


@dataclass(slots=True)
class Touched:
    """What a step changed in a record, by key, in the order of change: where to look, never what is there."""

    run: bool = False
    """The run's status, name, times or error."""
    ended: bool = False
    """A terminal event was folded: the run is over from now on."""
    cards: bool = False
    """What a person is asked for, or which nodes wait for one."""
    executions: dict[tuple[str, int], None] = field(default_factory=dict)
    nodes: dict[str, None] = field(default_factory=dict)
    """Nodes that began, ended, or wait."""
    groups: dict[str, None] = field(default_factory=dict)
    tools: dict[str, None] = field(default_factory=dict)
    """Nodes of which a tool began or ended."""
    messages: dict[str, None] = field(default_factory=dict)
    """Keys of messages that are new or changed."""
    dropped: dict[str, None] = field(default_factory=dict)
    """Keys of messages that left, because there are too many."""


@dataclass(slots=True)
class Step:
    """`at` is when the event happened; `flow` says which node is in which."""

    record: RunRecord
    at: float
    flow: FlowGraph
    touched: Touched


def evict(items: dict[K, V], limit: int, may_go: Callable[[V], bool]) -> K | None:
    """With more than `limit` items, drop the oldest that may go; its key."""
    if len(items) <= limit:
        return None
    key = next((key for key, value in items.items() if may_go(value)), None)
    if key is not None:
        del items[key]
    return key
