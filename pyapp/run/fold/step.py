"""A step of the fold: what it is given, what it tells of, and the bounds it keeps.

What is open is never evicted: then a record may grow beyond its bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
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
LOOK = 32
"""How many of the oldest are looked at, to find one that may go."""


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
    """Also those that left, because there are too many."""
    nodes: dict[str, None] = field(default_factory=dict)
    """Nodes that began, ended, wait, or left."""
    groups: dict[str, None] = field(default_factory=dict)
    tools: dict[str, None] = field(default_factory=dict)
    """Nodes of which a tool began or ended."""
    messages: dict[str, None] = field(default_factory=dict)
    """Keys of messages that are new, changed, or left, because there are too many, or were taken back."""


@dataclass(slots=True)
class Step:
    """`at` is when the event happened; `flow` says which node is in which."""

    record: RunRecord
    at: float
    flow: FlowGraph
    touched: Touched


def evict(items: dict[K, V], limit: int, may_go: Callable[[V], bool]) -> dict[K, V]:
    """With more than `limit` items, drop the oldest that may go; these.

    It is looked for among the oldest few. Where all of those are open, all items are looked at, once a sixteenth of the
    bound is too much, and again each time that twice as many are: never all of them for each that is added.
    """
    beyond = len(items) - limit
    if beyond <= 0:
        return {}
    gone = [key for key, value in islice(items.items(), LOOK) if may_go(value)][:beyond]
    if not gone and _is_power_of_two(beyond / max(1, limit // 16)):
        gone = list(islice((key for key, value in items.items() if may_go(value)), beyond))
    return {key: items.pop(key) for key in gone}


def _is_power_of_two(number: float) -> bool:
    return number.is_integer() and int(number).bit_count() == 1
