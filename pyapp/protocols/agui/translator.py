"""AguiTranslator: AG-UI's events, one at a time, into the contract's events. Pure; never raises.

    translator = AguiTranslator(given="What is new?")
    for event in agui_events:           # dicts, as the data of its server-sent events
        for ours in translator.translate(event):
            ...                         # dicts of docs/contract.md §1, and `aside` for what is none of them

The agent is a node, in which its steps and subagents are nodes. A run that goes on after a pause is one of AG-UI's with
an id of its own; here it is the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json, Taken, aside, kept, taken, told_apart
from . import interrupts, on_interrupt, patch
from .calls import Calls
from .conversation import Conversation, asked_last
from .fields import Unreadable, listed, optional, required, seconds, text
from .messages import Messages
from .rules import RULES
from .scopes import Scopes
from .speech import Speech
from .usage import RunUsage

UNFORESEEN = "it could not be read"
UNANSWERABLE = "The run waits for an answer, but its server names nothing that can be answered."


class AguiTranslator:
    """Owns what must be remembered of one root run: who speaks, what is open, the conversation and the state.

    `given` is what the run was given, `node_id` the agent's node, `conversation` what was said before it, `run_id` what
    whoever began it calls it, whatever its server does: some call all runs alike. Without that it is called as there,
    and one that begins behind another one in the same stream begins anew.
    """

    messages: Messages

    def __init__(
        self,
        given: Any = None,
        flow_id: str | None = None,
        node_id: str = "agent",
        name: str | None = None,
        conversation: Conversation | None = None,
        run_id: str | None = None,
    ) -> None:
        self._run_id = run_id
        self.given = given
        self.flow_id = flow_id
        self.conversation = conversation or Conversation()
        self.stopping = False
        """A person stops it: its stream is let go of."""
        self.done_elsewhere: dict[str, Any] = {}
        """Results that people gave of calls the run waits for, until it goes on."""
        self._agent = node_id, name
        self._begin(None)

    def _begin(self, run_id: str | None) -> None:
        self.root = run_id
        self.thread: str | None = None
        self.paused = self.over = False
        self.spoken_by: str | None = None
        """The framework that gave itself away by what it tells beside the stream."""
        self.scopes, self.usage = Scopes(*self._agent), RunUsage()
        self.speech, self.calls, self._beside = Speech(), Calls(), on_interrupt.OnInterrupt()
        self.messages = Messages(self.scopes, self.speech, self.calls, self.conversation)

    def translate(self, event: Mapping[str, Any]) -> list[Json]:
        """The contract's events for one of AG-UI's; what says nothing to the page is an `aside`."""
        name = event.get("type") if isinstance(event, Mapping) else None
        if not isinstance(name, str):
            return [aside("AG-UI", "an event has no `type` that is text.")]
        rule = RULES.get(name)
        if rule is None:
            return [aside(name, event=event, known=False)]
        if self.over and name != "RUN_STARTED":
            return [aside(f"{name} after the end", event=event)]
        try:
            ours = rule.handle(self, event)
        except (Unreadable, patch.PatchError) as error:
            return [aside(name, str(error), event)]
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            return [aside(name, f"{UNFORESEEN} ({type(error).__name__}).", event)]
        if ours is None:
            return [aside(f"{name} ({rule.log})", event=event)]
        return [self._common(each, event) for each in ours]

    def _common(self, ours: Json, event: Mapping[str, Any]) -> Json:
        """What every event bears: the root run, where it came from, and when. What is None is left out."""
        if "event" not in ours:
            return ours
        common = {
            "run_id": self._run_id or self.root or "run",
            "source_event": text(event.get("type")),
            "parent_run_id": text(event.get("parentRunId")),
            "session_id": self.thread,
            "ts": seconds(event.get("timestamp")),
        }
        return {key: value for key, value in {**ours, **common}.items() if value is not None}

    # -- runs ---------------------------------------------------------------------------------------
    def run_started(self, event: Mapping[str, Any]) -> Taken:
        run_id = required(event, "runId")
        if self.paused:
            self.paused = False
            given, self.done_elsewhere = self.done_elsewhere, {}
            known = [(self.calls.find(each), content) for each, content in given.items()]
            done = (self.calls.result(call, content) for call, content in known if call is not None)
            return taken([{"event": "resume_start"}], *done)
        if self.over:
            self.given = None
            self._begin(None)
        elif self.thread is not None:
            return [aside("RUN_STARTED again", event=event)]
        self.root, self.thread = self.root or run_id, text(event.get("threadId")) or ""
        if self.given is None:
            self.given = asked_last(event.get("input"))
        start = {"event": "run_start", "entity_kind": "agent", "entity_name": self._agent[1], "flow_id": self.flow_id}
        other = [aside("RUN_STARTED (of another `runId` than was posted)", event=event)]
        named = other if self._run_id not in (None, run_id) else []
        return [*named, start, *self.scopes.begin(self.given)]

    def run_finished(self, event: Mapping[str, Any]) -> list[Json]:
        return [*self.messages.close(), *self._finished(event)]

    def _finished(self, event: Mapping[str, Any]) -> list[Json]:
        self.usage.end_of_leg(event.get("usage"))
        outcome = event["outcome"] if isinstance(event.get("outcome"), Mapping) else {}
        kind, beside = outcome.get("type"), self._beside.take()
        if kind == "cancelled":
            return self._end("killed")
        if kind is None and beside:
            return self._pause(self._interrupts(beside)[0])
        wanted, unread = self._interrupts(listed(outcome.get("interrupts"))) if kind == "interrupt" else ([], [])
        named = [aside("RUN_FINISHED (interrupt)", each, event) for each in unread]
        if not named:
            asked = {name for each, _ in wanted for name in (each["id"], str(each["raw"].get("toolCallId")))}
            wanted += [each for each in self._pending(outcome) if each[0]["id"] not in asked]
        if wanted:
            return [*named, *self._pause(wanted)]
        if kind == "interrupt":
            return [*named, *self._end("error", error=UNANSWERABLE)]
        return self._end("success", content=event.get("result"))

    def run_error(self, event: Mapping[str, Any]) -> list[Json]:
        self.usage.end_of_leg(event.get("usage"))
        code, message = text(event.get("code")), text(event.get("message"))
        why = ": ".join(each for each in (code, message) if each) or "The run failed."
        return [*self.messages.close(), *self._end("error", error=why)]

    def _interrupts(self, asked: list[Any]) -> tuple[list[tuple[Json, str]], list[str]]:
        """Each with the node that waits for it; and why the others cannot be answered."""
        wanted: list[tuple[Json, str]] = []
        unread = []
        for place, each in enumerate(asked, 1):
            fields = each if isinstance(each, Mapping) else {}
            call = self.calls.find(str(fields.get("toolCallId")))
            try:
                requirement = interrupts.of_interrupt(fields, call)
            except Unreadable as error:
                unread.append(f"interrupt {place} cannot be answered: {error}")
                continue
            scope = self.scopes.find(text(fields.get("subagentRunId")))
            wanted.append((requirement, call.node_id if call is not None else scope.node_id))
        return wanted, unread

    def _pending(self, outcome: Mapping[str, Any]) -> list[tuple[Json, str]]:
        named = [each for each in listed(outcome.get("pendingToolCallIds")) if isinstance(each, str)]
        waiting = self.calls.waiting(named)
        self.messages.asked(waiting)
        return [(interrupts.of_call(each, self.spoken_by), each.node_id) for each in waiting]

    def _pause(self, wanted: list[tuple[Json, str]]) -> list[Json]:
        self.paused = True
        nodes = {node_id for _, node_id in wanted}
        pause = {"event": "AgentPaused", "requirements": told_apart(each for each, _ in wanted)}
        return [{**pause, "node_id": nodes.pop() if len(nodes) == 1 else None}]

    def _end(self, status: str, content: Any = None, error: Any = None) -> list[Json]:
        self.over = True
        if content is None and status == "success":
            last = self.speech.latest.get(self.scopes.root.node_id)
            content = last.text if last is not None else None
        state = self.conversation.state
        variables = state or None if isinstance(state, dict) else {"state": state} if state is not None else None
        said = {"content": content, "error": error}
        end = self.scopes.end(status, variables=variables, usage=self.usage.told(), **said)
        return [*self.calls.close(), end, {"event": "run_end", "status": status, **said}]

    # -- subagents and steps --------------------------------------------------------------------------
    def subagent_started(self, event: Mapping[str, Any]) -> Taken:
        subagent, name = required(event, "subagentRunId"), optional(event, "name")
        return self.scopes.subagent_started(subagent, name or subagent, text(event.get("parentSubagentRunId")))

    def subagent_finished(self, event: Mapping[str, Any]) -> Taken:
        subagent, outcome = required(event, "subagentRunId"), event.get("outcome")
        if isinstance(outcome, Mapping) and outcome.get("type") == "suspended":
            return [aside("SUBAGENT_FINISHED (suspended)", event=event)]
        return self._subagent_ended(event, subagent, "success", event.get("result"), None)

    def subagent_error(self, event: Mapping[str, Any]) -> Taken:
        return self._subagent_ended(event, required(event, "subagentRunId"), "error", None, event.get("message"))

    def _subagent_ended(self, event: Mapping[str, Any], subagent: str, status: str, content: Any, error: Any) -> Taken:
        ends = self.scopes.subagent_ended(subagent, status, content, error)
        if ends is None:
            return [aside(f"{event['type']} without its start", event=event)]
        return [*self.messages.close(subagent), *ends]

    def step_started(self, event: Mapping[str, Any]) -> list[Json]:
        return self.scopes.step_started(text(event.get("subagentRunId")), required(event, "stepName"))

    def step_finished(self, event: Mapping[str, Any]) -> list[Json]:
        return self.scopes.step_finished(text(event.get("subagentRunId")), required(event, "stepName"))

    # -- state and what comes beside -------------------------------------------------------------------
    def state_snapshot(self, event: Mapping[str, Any]) -> Taken:
        return self._state(event.get("snapshot"))

    def state_delta(self, event: Mapping[str, Any]) -> Taken:
        changes = event.get("delta")
        if not isinstance(changes, list):
            raise Unreadable("its `delta` is no list of changes.")
        return self._state(patch.apply(self.conversation.state, changes))

    def _state(self, state: Any) -> Taken:
        before, self.conversation.state = self.conversation.state, state
        return kept(before != state)

    def raw(self, event: Mapping[str, Any]) -> Taken:
        """Agno tells its own events beside the stream: who the agent is, and what its model spent."""
        told = event.get("event")
        told = told if isinstance(told, Mapping) else {}
        name = text(told.get("event")) or "?"
        source = text(event.get("source"))
        agent = text(told.get("agent_name")) or text(told.get("team_name"))
        if source == "agno":
            first, self.spoken_by, self.speech.echoes = self.spoken_by != source, source, True
            ours: Taken = None
            if name in ("ModelRequestCompleted", "TeamModelRequestCompleted"):
                ours = kept(self.usage.request(told) or first)
            elif name in ("RunStarted", "TeamRunStarted") and agent and not told.get("parent_run_id"):
                ours = self.scopes.call(agent)
            if ours is not None:
                return ours
        return [aside(" ".join(each for each in ("RAW", source, name) if each), event=event)]

    def custom(self, event: Mapping[str, Any]) -> Taken:
        if event.get("name") == on_interrupt.NAME:
            return self._beside.hear(event)
        value = event.get("value")
        html = value.get("html") if isinstance(value, Mapping) else None
        if isinstance(html, str):
            node_id = self.scopes.node_of(text(event.get("subagentRunId")))
            return [{"event": "ChatHTML", "html": html, "node_id": node_id}]
        return [aside(f"CUSTOM {text(event.get('name')) or '?'}", event=event)]
