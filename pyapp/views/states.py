"""States: how a node is to whoever looks, the same wherever it is said.

Not what the contract's attributes say: there, what waits for a person goes on executing.
"""

from __future__ import annotations

from ..stores.rows import MockNode


def execution_status(mock: MockNode) -> str:
    """How an execution is: `paused` while it waits for a person."""
    return "paused" if not mock.ended and mock.waits and mock.waits[-1][1] is None else mock.status
