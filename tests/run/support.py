"""What the tests of run share: events in short, records that they make, and answers of a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.contract.events import Event
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.contract.http import RunInfo
from pyapp.run.fold import fold
from pyapp.run.fold.step import Touched
from pyapp.run.record import Execution, Message, RunRecord
from pyapp.run.tracking import ExecutionTracking, Taken

Json = dict[str, Any]


class Tree(FlowGraph):
    """The graph of a flow out of a mapping: node → the group it is listed in."""

    def __init__(self, parents: Mapping[str, str | None] | None = None, flow_id: str = "f") -> None:
        known = dict(parents or {})
        groups = dict.fromkeys(each for each in known.values() if each is not None and each not in known)
        nodes = [{"id": each, "parent": parent} for each, parent in {**known, **groups}.items()]
        super().__init__(Flow.model_validate({"id": flow_id, "nodes": nodes}))


def event(name: str, run_id: str = "r", **fields: Any) -> Event:
    """One event that the contract lets through."""
    made: Any = decode_item({"event": name, "run_id": run_id, **fields})
    assert hasattr(made, "event"), made
    return made  # type: ignore[no-any-return]


def remembered(tracking: ExecutionTracking) -> int:
    """How many things are kept of all runs: records' parts, timers, shown classes."""
    runs = tracking.runs()
    return sum(1 + len(run.record.nodes) + len(run.record.tools) + len(run.animations) for run in runs)


def start(node: str = "n", order: int | None = 0, **fields: Any) -> Json:
    return {"event": "start_node", "node_id": node, "order": order, **fields}


def end(node: str = "n", order: int | None = 0, status: str = "success", **fields: Any) -> Json:
    return {"event": "end_node", "node_id": node, "order": order, "status": status, **fields}


def text(content: Any = "x", **fields: Any) -> Json:
    return {"event": "RunContent", "content": content, **fields}


def tool(name: str = "start_tool", node: str = "n", **fields: Any) -> Json:
    return {"event": name, "node_id": node, **fields}


def pause(*ids: str, **fields: Any) -> Json:
    asked = [{"id": each, "kind": "confirmation"} for each in ids]
    return {"event": "AgentPaused", "requirements": asked, **fields}


def sign_in(name: str = "s", **fields: Any) -> Json:
    url = "https://sign-in.example/"
    return {"event": "interaction_event", "interaction": "oauth", "interaction_id": name, "auth_url": url, **fields}


def run_end(status: str | None = None, **fields: Any) -> Json:
    return {"event": "run_end", "status": status, **fields}


def numbered(*events: Json, since: int = 0) -> list[Json]:
    return [{**each, "seq": seq} for seq, each in enumerate(events, since)]


class Told:
    """A record, and what folds event by event, one a second, make of it. `touched` is of the last one."""

    def __init__(self, *events: Json, flow: FlowGraph | None = None) -> None:
        self.record = RunRecord("r")
        self.flow = flow or Tree()
        self.now = -1.0
        self.touched = Touched()
        self.tell(*events)

    def tell(self, *events: Json) -> Told:
        for each in events:
            self.now += 1.0
            made: Any = decode_item({"run_id": "r", **each})
            assert hasattr(made, "event"), made
            self.touched = fold(self.record, made, self.now, self.flow)
        return self

    def execution(self, node: str = "n", order: int = 0) -> Execution:
        return self.record.nodes[node].executions[order]

    def badges(self, node: str = "n") -> dict[int, str]:
        known = self.record.nodes.get(node)
        return {order: each.status for order, each in sorted(known.executions.items())} if known is not None else {}

    def cards(self) -> list[str]:
        return [key for key, each in self.record.wanted.items() if each.open]

    def group(self, name: str) -> str | None:
        known = self.record.groups.get(name)
        return known.status if known is not None else None

    def said(self, source: str | None = None, kind: str = "text") -> list[str]:
        """What bubbles of a kind hold, in order."""
        return [each.text for each in self.messages(kind) if source in (None, each.source)]

    def messages(self, kind: str | None = None) -> list[Message]:
        return [each for each in self.record.messages.values() if kind in (None, each.kind)]


def answer(status: str, **fields: Any) -> RunInfo:
    """What GET /runs/r says."""
    return RunInfo.model_validate({"run_id": "r", "status": status, **fields})


def take(tracking: ExecutionTracking, events: Iterable[Json], run_id: str = "r") -> list[Taken]:
    """Let events of a run come, each at the moment of its number; what each did."""
    taken = []
    for each in events:
        made: Any = decode_item({"run_id": run_id, **each})
        assert hasattr(made, "event"), made
        taken.append(tracking.take(made, float(each.get("seq", 0))))
    return taken


def settled(tracking: ExecutionTracking) -> ExecutionTracking:
    """After all records in the making are done."""
    while tracking.rests_s is not None:
        tracking.work(100)
    return tracking
