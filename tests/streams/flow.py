"""The flow that the streams run: steps side by side, groups to depth 4, and a node that is only announced."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NODES = ("n0", "n1", "n2", "n3")
PARENTS = {
    "g2": "g1", "g3": "g2", "g4": "g3", "d4": "g4", "d3": "g3", "d2": "g2", "d1": "g1", "h1": "h", "h2": "h",
}  # fmt: skip
"""node → the group that the flow lists it in, to depth 4."""
GROUPS = ("g1", "g2", "g3", "g4", "h")
ANNOUNCED = {"extra": "h"}
"""A node the flow does not list: its events name its group."""
STEPS = (*NODES, "d4", "d3", "d2", "d1", "h1", "h2", "extra")
FLOW: Json = {
    "id": "demo",
    "name": "Demo",
    "nodes": [
        {"id": node, "handle": node, "path": "demo.Step", **({"parent": PARENTS[node]} if node in PARENTS else {})}
        for node in (*GROUPS, *STEPS)
        if node not in ANNOUNCED
    ],
    "edges": [{"source": "n0", "target": "n1"}, {"source": "n1", "target": "n2"}, {"source": "d1", "target": "d2"}],
}
