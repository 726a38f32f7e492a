"""Touched: what one step of the fold changed in a record, by key. Says where to look, never what is there."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Touched:
    """Filled by the fold; read by handlers, each for what it shows."""

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
