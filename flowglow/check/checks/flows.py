"""The flows over HTTP (docs/contract.md §2)."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from pyapp.contract.flow import Flow, FlowNode

from ..findings import Outcome
from ..reply import objects, part
from ..session import Session


async def flows(session: Session, outcome: Outcome) -> None:
    """What can be run, and the graph of each flow that is run here."""
    reply = await session.backend.call("GET", "/flows")
    listed = reply.value
    if not reply.ok or not isinstance(listed, list):
        outcome.find("flows.unreadable", reply.brief)
    else:
        for each in listed:
            if not (isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("name"), str)):
                outcome.find("flows.item", each)
    for flow_id in await session.flows():
        await _flow(session, outcome, flow_id)


async def _flow(session: Session, outcome: Outcome, flow_id: str) -> None:
    reply = await session.backend.call("GET", f"/flows/{part(flow_id)}")
    value = reply.value
    complaint = reply.brief if not reply.ok or reply.flaw else _complaint(value)
    if complaint:
        outcome.find("flow.unreadable", complaint)
        return
    ids = [each["id"] for each in value["nodes"]]
    if value.get("id") != flow_id:
        outcome.find("flow.id", repr(value.get("id")))
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        outcome.find("flow.twice", f"twice: {', '.join(twice)}")
    edges = objects(value.get("edges"))
    loose = [end for edge in edges for end in (edge.get("source"), edge.get("target")) if end not in ids]
    if loose:
        outcome.find("flow.edges", f"an edge names {loose[0]!r}")
    parents = {each["id"]: each.get("parent") for each in value["nodes"]}
    if wrong := [each for each in parents if not _is_rooted(each, parents)]:
        outcome.find("flow.parents", f"{wrong[0]!r} is in {parents[wrong[0]]!r}")


def _complaint(value: Any) -> str:
    """Why this is no flow; "" where it is one. Stricter than the page, which reads leniently."""
    if not isinstance(value, dict) or not isinstance(value.get("nodes"), list):
        return "it has no list `nodes`"
    try:
        Flow.model_validate(value)
        for each in value["nodes"]:
            node = FlowNode.model_validate(each)
            if not node.handle or not node.path:
                return f"node {node.id!r} has no `handle` or no `path`"
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    bad = [each for each in value.get("edges") or [] if not isinstance(each, dict) or "source" not in each]
    return f"an edge is {bad[0]!r}" if bad else ""


def _is_rooted(node: str, parents: dict[str, Any]) -> bool:
    climbed = {node}
    parent = parents[node]
    while parent is not None:
        if not isinstance(parent, str) or parent in climbed or parent not in parents:
            return False
        climbed.add(parent)
        parent = parents[parent]
    return True
