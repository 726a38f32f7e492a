"""What the tests of AG-UI share: a run told event by event, and what the page makes of it."""

from __future__ import annotations

from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.protocols.agui.translator import AguiTranslator
from pyapp.protocols.protocol import ASIDE
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord

Json = dict[str, Any]

STARTED: Json = {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
FINISHED: Json = {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}


class Run:
    """A run of AG-UI: what it became, what of it is only named, and the record that the page has of it."""

    def __init__(self, *events: Json, begun: bool = True, **options: Any) -> None:
        self.translator = AguiTranslator(**options)
        self.ours: list[Json] = []
        self.aside: list[Json] = []
        self.record = RunRecord("r")
        self._flow = FlowGraph(Flow(id="f"))
        self.latest: list[Json] = []
        if begun:
            self.tell(STARTED)
            self.ours.clear()
        if events:
            self.tell(*events)

    def tell(self, *events: Any) -> list[Json]:
        """What these became; each is an event of the contract, and is folded."""
        self.latest = []
        for event in events:
            for item in self.translator.translate(event):
                if ASIDE in item:
                    self.aside.append(item)
                    continue
                self.latest.append(item)
                message = decode_item(item)
                assert isinstance(message, BaseEvent), message
                fold(self.record, message, float(len(self.ours)), self._flow)
                self.ours.append(item)
        return self.latest

    @property
    def names(self) -> list[str]:
        return [each["event"] for each in self.ours]

    @property
    def asides(self) -> list[str]:
        return [each[ASIDE] for each in self.aside]

    @property
    def bubbles(self) -> list[tuple[str, str]]:
        return [(each.kind, each.text or str(each.name)) for each in self.record.messages.values()]


def say(message_id: str, delta: str, **fields: Any) -> Json:
    return {"type": "TEXT_MESSAGE_CONTENT", "messageId": message_id, "delta": delta, **fields}


def begin(message_id: str, **fields: Any) -> Json:
    return {"type": "TEXT_MESSAGE_START", "messageId": message_id, "role": "assistant", **fields}


def end(message_id: str, **fields: Any) -> Json:
    return {"type": "TEXT_MESSAGE_END", "messageId": message_id, **fields}


def call(call_id: str, name: str = "search", **fields: Any) -> Json:
    return {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name, **fields}


def args(call_id: str, delta: str) -> Json:
    return {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": delta}


def called(call_id: str) -> Json:
    return {"type": "TOOL_CALL_END", "toolCallId": call_id}


def result(call_id: str, content: Any) -> Json:
    return {"type": "TOOL_CALL_RESULT", "messageId": f"{call_id}-result", "toolCallId": call_id, "content": content}


def step(name: str, **fields: Any) -> Json:
    return {"type": "STEP_STARTED", "stepName": name, **fields}


def step_over(name: str, **fields: Any) -> Json:
    return {"type": "STEP_FINISHED", "stepName": name, **fields}


def subagent(identity: str, name: str, **fields: Any) -> Json:
    return {"type": "SUBAGENT_STARTED", "subagentRunId": identity, "name": name, **fields}


def subagent_over(identity: str, **fields: Any) -> Json:
    return {"type": "SUBAGENT_FINISHED", "subagentRunId": identity, **fields}
