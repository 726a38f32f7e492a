"""Unfolding: the graph of a flow whose backend knows none, read from the record of a run. Pure.

What ran are the nodes; which of them are in which, the events said. Of nodes in one group, what begins follows what
ended and had no follower yet; what begins beside something that goes on, with nothing ended in between, comes from
where that came from. In a group that is parallel by its type nothing follows anything.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from ..contract.flow import Flow, FlowEdge, FlowNode
from .record import Execution, NodeRecord, RunRecord

MAX_NODES = 500
"""Of a graph that unfolds. What ran beyond is in the output and the timeline, and not on the canvas."""
MAX_EXECUTIONS = 5_000
"""Of a run, that are read for their order."""
PARALLEL = "parallel"


@dataclass(slots=True)
class Found:
    """What of a graph one run has shown, in the order in which it did."""

    members: dict[str, FlowNode] = field(default_factory=dict)
    links: dict[tuple[str, str], None] = field(default_factory=dict)


def found_in(record: RunRecord) -> Found:
    """The nodes that ran, the groups round them, and what followed what."""
    found = Found()
    executions = _executions(record)
    for execution in executions:
        _add(found, record, execution.node_id)
    parallel = {node.id for node in found.members.values() if PARALLEL in node.type.lower()}
    levels: dict[str | None, list[Execution]] = {}
    for execution in executions:
        node = found.members.get(execution.node_id)
        if node is not None and node.parent not in parallel:
            levels.setdefault(node.parent, []).append(execution)
    for level in levels.values():
        found.links.update(dict.fromkeys(_sequence(level)))
    return found


def unfolded(base: Flow, runs: Iterable[Found], front: Found | None = None) -> Flow:
    """A flow with what its runs have shown; the one in front decides in which group a node is. What the flow lists
    itself stays as it is; an edge that would close a circle is left out: that a node ran again, its badges say.
    """
    decides, listed = front.members if front is not None else {}, {node.id for node in base.nodes}
    nodes = {node.id: node for node in base.nodes}
    edges = {(edge.source, edge.target): None for edge in base.edges}
    ahead: dict[str, list[str]] = {}
    for source, target in edges:
        ahead.setdefault(source, []).append(target)
    for found in runs:
        for node in found.members.values():
            known = nodes.get(node.id)
            if known is not None:
                nodes[node.id] = _named(known, node)
            elif len(nodes) < MAX_NODES:
                nodes[node.id] = _placed(node, decides.get(node.id, node))
        here = {each.id for each in found.members.values() if _stays(each, nodes.get(each.id), listed)}
        for source, target in found.links:
            if (source, target) in edges or not {source, target} <= here or _leads(ahead, target, source):
                continue
            edges[source, target] = None
            ahead.setdefault(source, []).append(target)
    linked = [FlowEdge(source=source, target=target) for source, target in edges]
    return base.model_copy(update={"nodes": list(nodes.values()), "edges": linked})


def last_began(record: RunRecord) -> int:
    """The number of the event with which something began last; -1 before the first."""
    return max((each.began_mark for node in record.nodes.values() for each in node.executions.values()), default=-1)


def _executions(record: RunRecord) -> list[Execution]:
    """In the order in which they began."""
    every = [each for node in record.nodes.values() for each in node.executions.values()]
    every.sort(key=lambda each: (each.began_mark if each.began_mark >= 0 else each.ended_mark, each.order))
    return every[:MAX_EXECUTIONS]


def _add(found: Found, record: RunRecord, node_id: str) -> None:
    """A node behind the groups it is in, also one of which only those in it told. A circle ends where it began."""
    chain: list[str] = []
    each: str | None = node_id
    while each is not None and each not in found.members and each not in chain:
        chain.append(each)
        known = record.nodes.get(each)
        each = known.parent_id if known is not None else None
    for one in reversed(chain):
        if len(found.members) < MAX_NODES:
            found.members[one] = _node(one, record.nodes.get(one))


def _node(node_id: str, known: NodeRecord | None) -> FlowNode:
    executions = list(known.executions.values()) if known is not None else []
    name = next((each.node_name for each in reversed(executions) if each.node_name), None)
    kind = next((each.node_type for each in executions if each.node_type), "")
    parent = known.parent_id if known is not None and known.parent_id != node_id else None
    return FlowNode(id=node_id, handle=name or node_id, path=kind, label=name, parent=parent)


def _named(listed: FlowNode, found: FlowNode) -> FlowNode:
    """A node that the backend lists without a name has the one that its runs told."""
    return listed if listed.label or not found.label else listed.model_copy(update={"label": found.label})


def _placed(node: FlowNode, decided: FlowNode) -> FlowNode:
    """A node, in the group that was decided."""
    return node if node.parent == decided.parent else node.model_copy(update={"parent": decided.parent})


def _stays(found: FlowNode, shown: FlowNode | None, listed: Container[str]) -> bool:
    """Whether what a run showed to follow a node holds: it is shown where that run had it, or was listed."""
    return shown is not None and (shown.parent == found.parent or shown.id in listed)


def _sequence(executions: list[Execution]) -> Iterable[tuple[str, str]]:
    """What followed what among the executions of one level: a replay of their starts and ends."""
    moments = sorted(
        moment
        for number, each in enumerate(executions)
        for moment in (
            ((each.began_mark, 0, number),) if each.ended_mark < 0 else
            ((each.began_mark, 0, number), (each.ended_mark, 1, number))
        )
        if moment[0] >= 0
    )  # fmt: skip
    ended: dict[str, None] = {}
    """Nodes that ended, and nothing began behind them."""
    going: dict[int, tuple[str, ...]] = {}
    """Executions that go on, and what each of them came from; the one that began last at the end."""
    for _, is_end, number in moments:
        node_id = executions[number].node_id
        if is_end:
            going.pop(number, None)
            ended[node_id] = None
            continue
        sources = tuple(ended) or next(reversed(going.values()), ())
        ended.clear()
        going[number] = sources
        yield from ((source, node_id) for source in sources if source != node_id)


def _leads(ahead: dict[str, list[str]], origin: str, goal: str) -> bool:
    """Whether edges lead from one node to another."""
    known, waiting = {origin}, [origin]
    while waiting:
        each = waiting.pop()
        if each == goal:
            return True
        following = [one for one in ahead.get(each, ()) if one not in known]
        known.update(following)
        waiting.extend(following)
    return False
