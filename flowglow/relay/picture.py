"""The picture of a run: what its events amount to so far, as `GET /runs/{id}` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .node_result import NodeResult, bytes_of
from .waiting import Waiting

Status = Literal["queued", "executing", "paused", "success", "error", "killed"]
LIVE: frozenset[str] = frozenset({"queued", "executing", "paused"})
ENDED: frozenset[str] = frozenset({"success", "error", "killed"})


GIVEN_BYTES = 8 << 20
"""What the nodes of a run gave is kept up to so many bytes of JSON; what comes then is in its events alone."""
KNOWN_BYTES = 8 << 20
"""So much is known of nodes beside that: which there are, and their orders."""
ORDERS = 1_000
"""Of one node the newest are known: they are written anew with each event of it."""
NODE_BYTES, ORDER_BYTES = 64, 8
"""About what a node takes beside its id, and an order."""


@dataclass(slots=True)
class Picture:
    """A fold over the events of one run, in order. Takes any event; unknown ones change nothing."""

    status: Status = "queued"
    error: Any = None
    results: dict[str, NodeResult] = field(default_factory=dict)
    requirements: Waiting = field(default_factory=Waiting)
    """What the run waits for, by id."""
    interactions: Waiting = field(default_factory=Waiting)
    """Sign-ins that somebody can still do something about, by id: pending, or failed and to be tried again."""
    open_nodes: dict[tuple[str, int], None] = field(default_factory=dict)
    """(node, order) of what is executing, oldest first."""
    open_tools: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """The `start_tool` of every call under way that has an id, by (node, id)."""
    highest: int = -1
    """The highest order that was told."""
    cut: bool = False
    """There are nodes that are not in `results`."""
    given: int = 0
    known: int = 0
    """Bytes of `results`: what the nodes gave, and all else."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def take_up(self, results: Mapping[str, NodeResult], highest: int | None) -> None:
        """Go on from what was kept of the nodes of a picture."""
        self.results = dict(results)
        self.open_nodes = {(node_id, number): None for node_id, each in results.items() for number in each.open}
        orders = (number for each in results.values() for number in each.orders)
        self.highest = max(orders, default=-1) if highest is None else highest
        self.given = sum(each.given for each in results.values())
        self.known = sum(bytes_of(node) + NODE_BYTES + ORDER_BYTES * len(each.orders) for node, each in results.items())

    def apply(self, event: Mapping[str, Any]) -> None:
        """Take one event in."""
        match event.get("event"):
            case "run_start" if self.status == "queued":
                self.status = "executing"
            case "resume_start":
                self._resume(event.get("resolved"))
            case "AgentPaused":
                self.status = "paused"
                for each in event["requirements"]:
                    self.requirements.put(str(each["id"]), each, _id_of(event))
            case "run_end" | "resume_end":
                self._end(str(event.get("status") or "success"), event.get("error"))
            case "start_node":
                self._start_node(str(event["node_id"]), event.get("order"))
            case "end_node":
                self._end_node(str(event["node_id"]), event.get("order"), event)
            case "start_tool" if event.get("tool_call_id"):
                self.open_tools[str(event["node_id"]), str(event["tool_call_id"])] = event
            case "end_tool" | "TeamToolCallCompleted":
                self.open_tools.pop((str(event["node_id"]), str(event.get("tool_call_id"))), None)
            case "interaction_event":
                self._interaction(str(event["interaction_id"]), event)

    def _resume(self, resolved: Any) -> None:
        self.status = "executing"
        answered = {str(each) for each in (self.requirements if resolved is None else resolved)}
        self.requirements.drop(answered)
        self.interactions.drop_where(lambda sign_in: sign_in.get("requirement_id") in answered)

    def _end(self, status: str, error: Any) -> None:
        if status == "paused":
            self.status = "paused"
        elif status in ENDED:
            self.status = status  # type: ignore[assignment]  # narrowed by ENDED
            self.error = error
            for waiting in (self.requirements, self.interactions):
                waiting.drop(list(waiting))

    def _start_node(self, node_id: str, order: Any) -> None:
        number = order if isinstance(order, int) else self.highest + 1
        self.highest = max(self.highest, number)
        result = self._node(node_id)
        if result is None:
            return
        self._give(result, {})
        self._know(result, number)
        result.status = "executing"
        result.open[number] = self.open_nodes[node_id, number] = None
        if len(result.open) > ORDERS:
            self._close(node_id, result, next(iter(result.open)))

    def _end_node(self, node_id: str, order: Any, event: Mapping[str, Any]) -> None:
        if isinstance(order, int):
            self.highest = max(self.highest, order)
        result = self._node(node_id)
        if result is None:
            return
        latest = next(reversed(result.open), None)
        number = order if isinstance(order, int) else latest
        if number is not None:
            self._close(node_id, result, number)
            self._know(result, number)
        if latest is None or number == latest:
            result.status = str(event["status"])
            self._give(result, event)
        if not result.open:
            self.interactions.drop_where(
                lambda sign_in: sign_in.get("status") == "failed" and sign_in.get("node_id") == node_id
            )

    def _close(self, node_id: str, result: NodeResult, number: int) -> None:
        result.open.pop(number, None)
        self.open_nodes.pop((node_id, number), None)

    def _node(self, node_id: str) -> NodeResult | None:
        """What is known of the node; None where there is no room for one that is new."""
        result = self.results.get(node_id)
        if result is None:
            more = bytes_of(node_id) + NODE_BYTES
            if self.known + more > KNOWN_BYTES:
                self.cut = True
                return None
            self.known += more
            result = self.results[node_id] = NodeResult()
        return result

    def _know(self, result: NodeResult, number: int) -> None:
        """The node has this order, too; the oldest goes where there are too many."""
        if number in result.orders or ("orders" in result.cut and number < next(iter(result.orders))):
            return
        result.orders[number] = None
        self.known += ORDER_BYTES
        while len(result.orders) > ORDERS or (self.known > KNOWN_BYTES and len(result.orders) > 1):
            del result.orders[next(iter(result.orders))]
            self.known -= ORDER_BYTES
            result.cut.add("orders")

    def _give(self, result: NodeResult, said: Mapping[str, Any]) -> None:
        """Keep what a node gave in the place of what it gave before, as far as there is room."""
        self.given -= result.given
        result.given, result.content, result.error = 0, None, None
        result.cut -= {"content", "error"}
        for name in ("error", "content"):
            more = bytes_of(said.get(name))
            if self.given + result.given + more > GIVEN_BYTES:
                result.cut.add(name)
            else:
                setattr(result, name, said.get(name))
                result.given += more
        self.given += result.given

    def _interaction(self, interaction_id: str, event: Mapping[str, Any]) -> None:
        step = self.results.get(str(event.get("node_id")))
        tried_again = event.get("status") == "failed" and (step is None or bool(step.open))
        if event.get("status") in (None, "pending") or tried_again:
            self.interactions.put(interaction_id, event, _id_of(event))
        else:
            self.interactions.drop([interaction_id])


def _id_of(event: Mapping[str, Any]) -> str:
    return str(event.get("event_id") or "")
