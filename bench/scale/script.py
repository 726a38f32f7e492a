"""What is told: the events of runs, the same whoever tells them, so that the oracle knows what must be seen.

Nodes and words are those that the comparison of a page with the oracle knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.streams import FLOW as DEMO

Json = dict[str, Any]
FLOW: Json = {**DEMO, "id": "scale", "name": "Scale"}
WORDS = 8
"""Pieces of text between the start of a node and its end."""


def events(run_id: str, count: int) -> list[Json]:
    """`count` events of a run (at least 3), with the numbers that a log gives them and ids that stay the same."""
    told = [{"event": "run_start", "flow_id": "scale"}, *_work(count - 2), {"event": "run_end"}]
    return [{**each, "run_id": run_id, "seq": seq, "event_id": f"{run_id}-{seq}"} for seq, each in enumerate(told)]


def _work(count: int) -> list[Json]:
    made: list[Json] = []
    order = 0
    while len(made) < count:
        node = f"n{order % 3}"
        made += [*_node(node, order)]
        order += 1
    return made[:count]


def _node(node: str, order: int) -> Iterator[Json]:
    yield {"event": "start_node", "node_id": node, "order": order}
    for word in range(WORDS):
        yield {"event": "RunContent", "node_id": node, "agent_id": node, "content": f"n{order}w{word}z "}
    yield {"event": "end_node", "node_id": node, "order": order, "status": "success", "content": f"o{order}w{order}z"}
