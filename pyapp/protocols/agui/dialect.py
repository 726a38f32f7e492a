"""AguiDialect: how an agent is spoken to over AG-UI: each run, and each leg of it, is one request and its stream.

AG-UI has no number of what came, and nothing that could be asked of a run: a stream that is cut in the middle is lost,
and how its run went on nobody tells. To stop a run is to let go of its stream.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

from ...contract.decode import parse
from ...contract.text import text_of
from ...errors import ApiError
from ...locale.catalogue import Sentence
from ..dialect import Dialect
from ..protocol import Dialogue, Heard, Json, Opening, Request, Send, aside
from ..runs import ForeignRun
from .conversation import Conversation
from .interrupts import is_call, resume_entry, tool_answer
from .on_interrupt import command, is_commanded
from .translator import AguiTranslator

VERSION = "1.0"
FLOW: Json = {
    "id": "agent",
    "name": "AG-UI",
    "unfolds": True,
    "nodes": [{"id": "agent", "path": "ag_ui.Agent"}],
    "edges": [],
}
"""An end point of AG-UI is one agent, and tells nothing of itself before it runs."""
LOST = "\N{REPLACEMENT CHARACTER}"
HEADERS = {"Content-Type": "application/json"}
NOT_ALLOWED, REFUSED = 405, (400, 422)
REQUIRED = tuple(re.compile(name) for name in (r"\bthread_?[Ii]d\b", r"\brun_?[Ii]d\b", r"\bmessages\b"))
"""What a refusal of an empty input names."""
FIRST = re.compile(r'(?:event:.*\n)?data: *\{.*"type": *"RUN_(?:STARTED|ERROR)"')
"""What the first message of a stream is."""


class AguiDialect(Dialect):
    """Owns what is known of the runs of one agent. The setting `api` is the end point that runs are posted to."""

    name = "ag-ui"
    hears_out = True

    @classmethod
    def recognise(cls) -> Dialogue[bool]:
        """It takes no GET, and what it misses in an empty input is what every input of AG-UI has.

        What lacks all that is required begins nothing; an agent that answers it by a stream gives itself away, too.
        """
        if (yield Request("GET", "")).status != NOT_ALLOWED:
            return False
        reply = yield Request("POST", "", "{}", HEADERS)
        if reply.status in REFUSED:
            return all(name.search(reply.text) for name in REQUIRED)
        return reply.status == 200 and FIRST.match(reply.text) is not None

    # -- what comes -------------------------------------------------------------------------------
    def heard(self, heard: Heard) -> list[Json]:
        run, event = self.runs.find(heard.key), read(heard.text)
        if event is None:
            return [aside("AG-UI", "a message is no JSON object.", {"text": heard.text[:500]})]
        if run is not None and run.over and event.get("type") == "RUN_STARTED":
            return [aside("RUN_STARTED behind the end of a run", event=event)]
        return run.take(event) if run is not None else [aside(str(event.get("type")), event=event)]

    def stream_ended(self, run: ForeignRun, *, whole: bool) -> list[Json]:
        """One that we let go of is stopped; one that its server ended in the middle is not known to be over."""
        if translator_of(run).stopping:
            return run.take({"type": "RUN_FINISHED", "outcome": {"type": "cancelled"}})
        self.lost += [run.run_id] if run.run_id is not None else []
        words = "The agent ended its stream, and did not tell how the run ended."
        return [{"type": "error", "code": "ag-ui.ended", "message": words}] if whole else []

    # -- what is wanted ---------------------------------------------------------------------------
    def start(self, flow_id: str, given: Any) -> Opening:
        asked = text_of(given)
        if not asked.strip():
            raise ApiError(Sentence("protocol.ask"))
        message = {"id": self.new_id(), "role": "user", "content": asked}

        key = self.new_id()

        def make() -> AguiTranslator:
            return AguiTranslator(given=given, flow_id=flow_id, conversation=Conversation([message]), run_id=key)

        run = self.runs.add(ForeignRun(key, flow_id, make))
        run.session = self.new_id()
        return self._posted(run, run.key)

    def stop(self, run: ForeignRun) -> Send | None:
        translator_of(run).stopping = True
        return None

    def answer(self, run: ForeignRun, answer: Json) -> Opening | None:
        run.answers[str(answer.get("id"))] = answer
        if set(run.waiting) - set(run.answers):
            return None  # a run goes on once all of a pause is answered
        translator, entries, commanded = translator_of(run), list[Json](), list[Json]()
        for requirement_id, requirement in run.waiting.items():
            given = run.answers[requirement_id]
            if is_call(requirement):
                content = tool_answer(requirement, given)
                translator.conversation.result(self.new_id(), requirement_id, content)
                if requirement["kind"] == "external_execution":
                    translator.done_elsewhere[requirement_id] = content
            else:
                (commanded if is_commanded(requirement) else entries).append(resume_entry(requirement, given))
        return self._posted(run, self.new_id(), entries, command(commanded) if commanded else {})

    # -- what is asked ----------------------------------------------------------------------------
    def flows(self) -> Dialogue[list[Json]]:
        return [FLOW]
        yield

    # -- inside -----------------------------------------------------------------------------------
    def _posted(
        self, run: ForeignRun, run_id: str, resume: list[Json] | None = None, forwarded: Json | None = None
    ) -> Opening:
        """A run, or the next leg of one: all of the conversation, and the state as it is by now."""
        conversation = translator_of(run).conversation
        asked: Json = {"threadId": run.session, "runId": run_id, "protocolVersion": VERSION}
        if run_id != run.key:
            asked["parentRunId"] = translator_of(run).root or run.run_id
        asked |= {"state": {} if conversation.state is None else conversation.state}
        asked |= {"messages": conversation.messages(), "tools": [], "context": []}
        asked["forwardedProps"] = forwarded or {}
        if resume:
            asked["resume"] = resume
        return Opening(run.key, Request("POST", "", json.dumps(asked), HEADERS, stream=True))


def read(text: str) -> Json | None:
    """The event that a message is. At either end of what is said, half a character stays: its other half may be the
    next one's.
    """
    try:
        event = parse(text, allow_inf_nan=False)
    except ValueError:
        return None
    if not isinstance(event, dict):
        return None
    delta = event.get("delta")
    if isinstance(delta, str) and LOST in (delta[:1], delta[-1:]) and not str(event.get("type")).startswith("TOOL"):
        said = str(json.loads(text)["delta"])  # safe behind the other parser, which has stopped at 200 levels
        event["delta"] = said[:1] + delta[1:-1] + said[1:][-1:]
    return event


def translator_of(run: ForeignRun) -> AguiTranslator:
    return cast(AguiTranslator, run.translator)
