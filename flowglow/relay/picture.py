"""The picture of a run: what its events amount to so far, as `GET /runs/{id}` shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["queued", "executing", "paused", "success", "error", "killed"]
LIVE: frozenset[str] = frozenset({"queued", "executing", "paused"})
ENDED: frozenset[str] = frozenset({"success", "error", "killed"})


@dataclass(slots=True)
class NodeResult:
    """One node of a run; `status` and `content` speak of the last of its `orders`."""

    status: str = "executing"
    content: Any = None
    error: Any = None
    orders: dict[int, None] = field(default_factory=dict)
    open: dict[int, None] = field(default_factory=dict)
    """Those of `orders` that are executing, oldest first."""

    def json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"status": self.status, "orders": list(self.orders)}
        if self.content is not None:
            answer["content"] = self.content
        if self.error is not None:
            answer["error"] = self.error
        return answer


@dataclass(slots=True)
class Picture:
    """A fold over the events of one run, in order. Takes any event; unknown ones change nothing."""

    status: Status = "queued"
    error: Any = None
    results: dict[str, NodeResult] = field(default_factory=dict)
    requirements: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the run waits for, by id."""
    interactions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Sign-ins that somebody can still do something about, by id: pending, or failed and to be tried again."""
    open_nodes: dict[tuple[str, int], None] = field(default_factory=dict)
    """(node, order) of what is executing, oldest first."""
    open_tools: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """The `start_tool` of every call under way that has an id, by (node, id)."""
    highest: int = -1
    """The highest order in `results`. All of them would have to be looked through for it, at each event."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def take_up(self, results: Mapping[str, NodeResult], open_nodes: Iterable[tuple[str, int]]) -> None:
        """Go on from what was kept of the nodes of a picture."""
        self.results = dict(results)
        self.open_nodes = dict.fromkeys(open_nodes)
        for node_id, number in self.open_nodes:
            if node_id in self.results:
                self.results[node_id].open[number] = None
        self.highest = max((number for each in self.results.values() for number in each.orders), default=-1)

    def apply(self, event: Mapping[str, Any]) -> None:
        """Take one event in."""
        match event.get("event"):
            case "run_start" if self.status == "queued":
                self.status = "executing"
            case "resume_start":
                self._resume(event.get("resolved"))
            case "AgentPaused":
                self.status = "paused"
                self.requirements.update({str(each["id"]): dict(each) for each in event["requirements"]})
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
        for each in answered:
            self.requirements.pop(each, None)
        self._settle(lambda sign_in: sign_in.get("requirement_id") in answered)

    def _end(self, status: str, error: Any) -> None:
        if status == "paused":
            self.status = "paused"
        elif status in ENDED:
            self.status = status  # type: ignore[assignment]  # narrowed by ENDED
            self.error = error
            self.requirements.clear()
            self.interactions.clear()

    def _start_node(self, node_id: str, order: Any) -> None:
        number = order if isinstance(order, int) else self.highest + 1
        result = self._with_order(node_id, number)
        result.status, result.content, result.error = "executing", None, None
        result.open[number] = self.open_nodes[node_id, number] = None

    def _end_node(self, node_id: str, order: Any, event: Mapping[str, Any]) -> None:
        result = self.results.setdefault(node_id, NodeResult())
        latest = next(reversed(result.open), None)
        number = order if isinstance(order, int) else latest
        if number is not None:
            result.open.pop(number, None)
            self.open_nodes.pop((node_id, number), None)
            self._with_order(node_id, number)
        if latest is None or number == latest:
            result.status = str(event["status"])
            result.content, result.error = event.get("content"), event.get("error")
        if not result.open:
            self._settle(lambda sign_in: sign_in.get("status") == "failed" and sign_in.get("node_id") == node_id)

    def _with_order(self, node_id: str, number: int) -> NodeResult:
        self.highest = max(self.highest, number)
        result = self.results.setdefault(node_id, NodeResult())
        result.orders[number] = None
        return result

    def _interaction(self, interaction_id: str, event: Mapping[str, Any]) -> None:
        step = self.results.get(str(event.get("node_id")))
        tried_again = event.get("status") == "failed" and (step is None or bool(step.open))
        if event.get("status") in (None, "pending") or tried_again:
            self.interactions[interaction_id] = dict(event)
        else:
            self.interactions.pop(interaction_id, None)

    def _settle(self, is_over: Callable[[Mapping[str, Any]], bool]) -> None:
        """Nothing can be done any more about the sign-ins of which that is true."""
        for interaction_id in [name for name, sign_in in self.interactions.items() if is_over(sign_in)]:
            del self.interactions[interaction_id]
