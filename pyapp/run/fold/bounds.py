"""Bounds of a record. What is open is never evicted: then a record may grow beyond them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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


def evict(items: dict[K, V], limit: int, may_go: Callable[[V], bool]) -> K | None:
    """With more than `limit` items, drop the oldest that may go; its key."""
    if len(items) <= limit:
        return None
    key = next((key for key, value in items.items() if may_go(value)), None)
    if key is not None:
        del items[key]
    return key
