"""Agno's events, one at a time, into the contract's events. Pure Python; knows no agno, no network.

    translator = AgnoTranslator(flow_id="research")
    for event in agno_events:          # dicts, as Agno's Python API, SSE or WebSocket give them
        for ours in translator.translate(event):
            ...                         # dicts of docs/contract.md §1

A workflow's steps and groups (Parallel, Loop, Condition, Router, Steps) are nodes, named by their step;
in a bare run the agent or team is the node, and a team's members are nodes in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .pause import requirements_of
from .usage import AgnoUsage

Json = dict[str, Any]
MAX_KNOWN = 10_000

GROUPS = ("Parallel", "Loop", "Condition", "Router", "Steps")
CHILD_COUNTS = {"Parallel": "parallel_step_count"}


class AgnoTranslator:
    """Owns what must be remembered of one root run: orders, open nodes, who said what. Never raises.

    `node_ids` gives the canvas's node id for a step or agent whose name is not that id; `given` is what the run was
    given, which Agno's events do not tell: the input of its first node.
    """

    def __init__(
        self, flow_id: str | None = None, node_ids: Mapping[str, str] | None = None, given: Any = None
    ) -> None:
        self.unknown = 0
        """Events that could not be read."""
        self._flow_id = flow_id
        self._given = given
        self._node_ids = dict(node_ids or {})
        self._root: str | None = None
        self._next_order = 0
        self._open: dict[str, tuple[str, int]] = {}
        """Step id, or run id of a bare run → (node id, order) of what executes."""
        self._step_nodes: dict[str, str] = {}
        self._run_nodes: dict[str, str] = {}
        self._spoke: set[str | None] = set()
        """Runs whose text came in pieces: their complete text at the end would be twice the same."""
        self._iterations: dict[str, int] = {}
        self._usage = AgnoUsage()

    def translate(self, event: Mapping[str, Any]) -> list[Json]:
        """The contract's events for one of Agno's; none for what says nothing to the page."""
        name = event.get("event") if isinstance(event, Mapping) else None
        if not isinstance(name, str):
            self.unknown += 1
            return []
        try:
            ours = self._find(name)(self, event)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.unknown += 1
            return []
        return [self._common(each, event) for each in ours]

    def _find(self, name: str) -> Callable[[AgnoTranslator, Mapping[str, Any]], list[Json]]:
        for group in GROUPS:
            if name == f"{group}ExecutionStarted":
                return lambda self, event: self._start_group(event, group)
            if name in (f"{group}ExecutionCompleted", f"{group}ExecutionError"):
                return lambda self, event: self._end_step(event, "error" if name.endswith("Error") else "success")
        return _TRANSLATIONS.get(name, AgnoTranslator._nothing)

    def _common(self, ours: Json, event: Mapping[str, Any]) -> Json:
        """What every event bears: the root run, where it came from, and when. What is None is left out."""
        run_id = _text(event.get("run_id"))
        common = {
            "run_id": self._root or run_id or "run",
            "source_event": _text(event.get("event")),
            "source_run_id": run_id if run_id != self._root else None,
            "parent_run_id": _text(event.get("parent_run_id")),
            "session_id": _text(event.get("session_id")),
            "ts": _number(event.get("created_at")),
        }
        return {key: value for key, value in {**ours, **common}.items() if value is not None}

    # -- runs -------------------------------------------------------------------------------------
    def _workflow_started(self, event: Mapping[str, Any]) -> list[Json]:
        self._root = _text(event["run_id"])
        return [self._run_start("workflow", _text(event.get("workflow_name")))]

    def _workflow_completed(self, event: Mapping[str, Any]) -> list[Json]:
        return [{"event": "run_end", "status": "success", "content": event.get("content")}]

    def _workflow_failed(self, event: Mapping[str, Any]) -> list[Json]:
        killed = str(event["event"]).endswith("Cancelled")
        reason = event.get("error") or event.get("reason") or event.get("content")
        return [{"event": "run_end", "status": "killed" if killed else "error", "error": reason}]

    def _run_start(self, kind: str, name: str | None) -> Json:
        return {"event": "run_start", "entity_kind": kind, "entity_name": name, "flow_id": self._flow_id}

    def _run_started(self, event: Mapping[str, Any]) -> list[Json]:
        """An agent or team began: inside a step it speaks for the step, else it is a node itself."""
        run_id = _text(event["run_id"]) or ""
        step = self._node_of_step(event)
        if step is not None:
            self._run_nodes[run_id] = step
            return []
        kind = _kind(event)
        name = _text(event.get(f"{kind}_name"))
        node = self._node_id(_text(event.get(f"{kind}_id")) or name or run_id)
        self._run_nodes[run_id] = node
        ours: list[Json] = []
        if self._root is None:
            self._root = run_id
            ours.append(self._run_start(kind, name))
        parent = self._run_nodes.get(_text(event.get("parent_run_id")) or "")
        return [*ours, {**self._start(run_id, node, name, kind), "parent_node_id": parent}]

    def _run_completed(self, event: Mapping[str, Any]) -> list[Json]:
        return [*self._whole_text(event), *self._end_run(event, "success")]

    def _run_failed(self, event: Mapping[str, Any]) -> list[Json]:
        status = "killed" if str(event["event"]).endswith("Cancelled") else "error"
        reason = event.get("reason") or event.get("content") or event.get("error")
        step = _text(event.get("step_id"))
        if step is not None and step in self._open:  # Agno ends such a step without a word of its own
            self._usage.run_over(event)
            return [self._end(step, status, error=reason)]
        return self._end_run(event, status, error=reason)

    def _end_run(self, event: Mapping[str, Any], status: str, error: Any = None) -> list[Json]:
        run_id = _text(event["run_id"]) or ""
        usage = self._usage.run_over(event)
        if run_id not in self._open:
            return []
        content = event.get("content") if status == "success" else None
        ours = [{**self._end(run_id, status, content=content, error=error), "usage": usage}]
        if run_id == self._root:
            ours.append({"event": "run_end", "status": status, "content": content, "error": error})
        return ours

    def _continued(self, event: Mapping[str, Any]) -> list[Json]:
        if self._root is None:  # the second leg of a run whose first was somebody else's
            return [{"event": "resume_start"}, *self._run_started(event)[1:]]
        return [{"event": "resume_start"}]

    def _paused(self, event: Mapping[str, Any]) -> list[Json]:
        paused: Json = {"event": "AgentPaused", "requirements": requirements_of(event)}
        return [{**paused, "continue_run_id": _text(event.get("run_id")), "node_id": self._node_of(event)}]

    # -- steps and groups -------------------------------------------------------------------------
    def _start_step(self, event: Mapping[str, Any]) -> list[Json]:
        return [self._step(event, "Step")]

    def _start_group(self, event: Mapping[str, Any], group: str) -> list[Json]:
        count = event.get(CHILD_COUNTS.get(group, ""))
        known = isinstance(count, int) and not isinstance(count, bool) and count >= 0
        return [{**self._step(event, group), "child_count": count if known else None}]

    def _step(self, event: Mapping[str, Any], kind: str) -> Json:
        name = _text(event.get("step_name"))
        step = _text(event.get("step_id")) or name or ""
        node = self._node_id(name or step)
        if len(self._step_nodes) < MAX_KNOWN:
            self._step_nodes[step] = node
        start = self._start(step, node, name, kind)
        parent = _text(event.get("parent_step_id"))
        if parent in self._step_nodes:
            start |= {"parent_node_id": self._step_nodes[parent], "iteration": self._iterations.get(parent)}
        return start

    def _end_step(self, event: Mapping[str, Any], status: str = "success") -> list[Json]:
        step = _text(event.get("step_id")) or _text(event.get("step_name")) or ""
        if step not in self._open:
            return []
        response = event.get("step_response")
        failed = isinstance(response, Mapping) and response.get("success") is False
        error = event.get("error") or (response.get("error") if failed and isinstance(response, Mapping) else None)
        return [self._end(step, "error" if failed else status, content=event.get("content"), error=error)]

    def _step_failed(self, event: Mapping[str, Any]) -> list[Json]:
        return self._end_step(event, "error")

    def _iteration(self, event: Mapping[str, Any]) -> list[Json]:
        self._iterations[_text(event["step_id"]) or ""] = int(event["iteration"])
        return []

    # -- text -------------------------------------------------------------------------------------
    def _content(self, event: Mapping[str, Any]) -> list[Json]:
        ours: list[Json] = []
        thought = event.get("reasoning_content")
        if isinstance(thought, str) and thought:
            ours.append(self._said("ReasoningContent", "TeamRunReasoningContent", event, thought))
        content = event.get("content")
        if content is not None and content != "":
            if len(self._spoke) < MAX_KNOWN:
                self._spoke.add(_text(event.get("run_id")))
            ours.append(self._said("RunContent", "TeamRunContent", event, content))
        return ours

    def _whole_text(self, event: Mapping[str, Any]) -> list[Json]:
        """The complete text of a run that did not stream."""
        content = event.get("content")
        if content in (None, "") or _text(event.get("run_id")) in self._spoke:
            return []
        return [{**self._said("RunContent", "TeamRunContent", event, content), "mode": "snapshot"}]

    def _reasoning(self, event: Mapping[str, Any]) -> list[Json]:
        """A step tells itself; Agno's text beside it holds all the steps before it once more."""
        step = event.get("content")
        if isinstance(step, Mapping):
            return [{**self._said("ReasoningContent", "TeamRunReasoningContent", event, ""), "step": dict(step)}]
        text = event.get("reasoning_content") or (step if isinstance(step, str) else "")
        return [self._said("ReasoningContent", "TeamRunReasoningContent", event, text)] if text else []

    def _custom(self, event: Mapping[str, Any]) -> list[Json]:
        html = event.get("html")
        if not isinstance(html, str):
            return []
        return [{"event": "ChatHTML", "html": html, "node_id": self._node_of(event)}]

    def _said(self, agent_event: str, team_event: str, event: Mapping[str, Any], content: Any) -> Json:
        kind = _kind(event)
        return {
            "event": team_event if kind == "team" else agent_event,
            "content": content,
            f"{kind}_id": _text(event.get(f"{kind}_id")),
            "name": _text(event.get(f"{kind}_name")),
            "node_id": self._node_of(event),
        }

    # -- tools ------------------------------------------------------------------------------------
    def _tool_started(self, event: Mapping[str, Any]) -> list[Json]:
        arguments = event["tool"].get("tool_args")
        return self._tool(event, "start_tool", tool_args=dict(arguments) if isinstance(arguments, Mapping) else None)

    def _tool_ended(self, event: Mapping[str, Any]) -> list[Json]:
        name, tool = str(event["event"]), event["tool"]
        failed = bool(tool.get("tool_call_error")) or name.endswith("Error")
        metrics = tool.get("metrics")
        return self._tool(
            event,
            name if name == "TeamToolCallCompleted" else "end_tool",
            status="error" if failed else "success",
            duration=_number(metrics.get("duration")) if isinstance(metrics, Mapping) else None,
            **{"error" if failed else "result": event.get("error") or tool.get("result")},
        )

    def _tool(self, event: Mapping[str, Any], name: str, **fields: Any) -> list[Json]:
        node, tool = self._node_of(event), event["tool"]
        ids = {key: _text(tool.get(key)) for key in ("tool_call_id", "tool_name")}
        return [{"event": name, "node_id": node, **ids, **fields}] if node is not None else []

    # -- nodes ------------------------------------------------------------------------------------
    def _start(self, key: str, node: str, name: str | None, kind: str) -> Json:
        order, self._next_order = self._next_order, self._next_order + 1
        if len(self._open) < MAX_KNOWN:
            self._open[key] = (node, order)
        start = {"event": "start_node", "node_id": node, "order": order, "node_type": kind, "node_name": name}
        return {**start, "input": self._given} if order == 0 else start

    def _end(self, key: str, status: str, content: Any = None, error: Any = None) -> Json:
        node, order = self._open.pop(key)
        end: Json = {"event": "end_node", "node_id": node, "order": order, "status": status}
        return {**end, "content": content, "error": error, "usage": self._usage.step_over(key)}

    def _node_id(self, name: str) -> str:
        return self._node_ids.get(name, name)

    def _node_of_step(self, event: Mapping[str, Any]) -> str | None:
        step = _text(event.get("step_id"))
        if step is not None and step in self._step_nodes:
            return self._step_nodes[step]
        name = _text(event.get("step_name"))
        return self._node_id(name) if name is not None else None

    def _node_of(self, event: Mapping[str, Any]) -> str | None:
        return self._node_of_step(event) or self._run_nodes.get(_text(event.get("run_id")) or "")

    def _requested(self, event: Mapping[str, Any]) -> list[Json]:
        """A model has answered: what it spent is told with the end of its run."""
        self._usage.request(event)
        return []

    def _nothing(self, event: Mapping[str, Any]) -> list[Json]:
        """Events that say nothing to the page: ends of content, memory updates…"""
        return []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _kind(event: Mapping[str, Any]) -> str:
    return "team" if str(event["event"]).startswith("Team") else "agent"


_BOTH: dict[str, Callable[[AgnoTranslator, Mapping[str, Any]], list[Json]]] = {
    "RunStarted": AgnoTranslator._run_started,
    "RunCompleted": AgnoTranslator._run_completed,
    "RunError": AgnoTranslator._run_failed,
    "RunCancelled": AgnoTranslator._run_failed,
    "ModelRequestCompleted": AgnoTranslator._requested,
    "RunPaused": AgnoTranslator._paused,
    "RunContinued": AgnoTranslator._continued,
    "RunContent": AgnoTranslator._content,
    "RunIntermediateContent": AgnoTranslator._content,
    "ReasoningStep": AgnoTranslator._reasoning,
    "ReasoningContentDelta": AgnoTranslator._reasoning,
    "ToolCallStarted": AgnoTranslator._tool_started,
    "ToolCallCompleted": AgnoTranslator._tool_ended,
    "ToolCallError": AgnoTranslator._tool_ended,
}
_TRANSLATIONS = {
    **_BOTH,
    **{f"Team{name}": translation for name, translation in _BOTH.items()},
    "WorkflowStarted": AgnoTranslator._workflow_started,
    "WorkflowCompleted": AgnoTranslator._workflow_completed,
    "WorkflowError": AgnoTranslator._workflow_failed,
    "WorkflowCancelled": AgnoTranslator._workflow_failed,
    "StepStarted": AgnoTranslator._start_step,
    "StepCompleted": AgnoTranslator._end_step,
    "StepError": AgnoTranslator._step_failed,
    "LoopIterationStarted": AgnoTranslator._iteration,
    "CustomEvent": AgnoTranslator._custom,
}
