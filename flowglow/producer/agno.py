"""Agno: an agent, a team or a workflow is run, told to a relay, and given what people answer.

import flowglow
from flowglow.producer.agno import tell

async with flowglow.run("support", url=RELAY, key=KEY) as run:
    await tell(run, agent, question)
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping
from typing import Any

from pyapp.protocols.agno import AgnoTranslator

from .agno_answers import give
from .run import Run

_OURS = frozenset({"run_id", "seq", "event_id", "event", "continue_run_id"})
"""What an event of ours has of the run itself: answers come to it, and not to Agno's."""
_STREAMED: Mapping[str, Any] = {"stream": True, "stream_events": True}
_AGAIN = frozenset({"user_id", "dependencies", "metadata", "knowledge_filters", "debug_mode"})
"""Options that a run which goes on is given again."""
_KEPT_NOWHERE = "Agno keeps nothing of this workflow, so it cannot go on behind what it asks: give it a `db`."


async def tell(run: Run, agent: Any, input: Any, *, node_ids: Mapping[str, str] | None = None, **options: Any) -> None:
    """Run it and tell everything, to its end; where it asks people the run waits, and goes on with their answers.

    `agent`: an Agent, a Team or a Workflow of Agno; of these a workflow that asks needs a database. `options` are for
    its `arun`; `node_ids`: the canvas's nodes by the names Agno uses. Raises Stopped once somebody stopped the run.
    """
    telling = _Telling(run, AgnoTranslator(None, node_ids, given=input))
    is_workflow = hasattr(agent, "steps")
    more: dict[str, Any] = {} if is_workflow else {"yield_run_output": True}
    """An agent or a team that gives all it has can go on without a database."""
    again = {} if is_workflow else {key: value for key, value in options.items() if key in _AGAIN}
    stream = agent.arun(input=input, **{**options, **_STREAMED, **more})
    while await telling.waits(stream):
        if is_workflow:
            telling.look_into(await agent.aget_run_output(run_id=telling.root, session_id=telling.session))
        needs = telling.output.step_requirements if is_workflow else telling.output.requirements
        if not any(pause["requirements"] for pause in telling.asked.values()):
            raise ValueError("What Agno streamed ended before its run did, and asks people nothing.")
        give(needs, await run.ask_together(*telling.asked.values()))
        stream = agent.acontinue_run(run_response=telling.output, **_STREAMED, **more, **again)


class _Telling:
    """Owns what is known of one run of Agno's: what it waits for, and all that Agno has of it."""

    def __init__(self, run: Run, translator: AgnoTranslator) -> None:
        self._run = run
        self._translator = translator
        self._is_over = False
        self.asked: dict[str | None, dict[str, Any]] = {}
        """The pauses that are open, by the node that asks. Nobody can answer before the stream has ended."""
        self.root: str | None = None
        self.session: str | None = None
        self.output: Any = None

    async def waits(self, stream: Any) -> bool:
        """Tell what the stream gives, to its end: whether it goes on only when people have answered."""
        self.asked = {}
        async with contextlib.aclosing(await stream if inspect.isawaitable(stream) else stream) as pieces:
            async for each in pieces:
                if hasattr(each, "event"):
                    await self._take(each.to_dict())
                else:
                    self.output = each
                self._run.check()
        return not self._is_over

    def look_into(self, output: Any) -> None:
        """A workflow that pauses tells of a step that asks, and not what an agent in it asks: its output has both."""
        if output is None:
            raise ValueError(_KEPT_NOWHERE)
        self.output = output
        steps = [each.to_dict() for each in output.step_requirements or ()]
        paused = {"event": "WorkflowPaused", "run_id": self.root, "session_id": self.session}
        for event in self._translator.translate({**paused, "step_requirements": steps}):
            self._keep(event)

    async def _take(self, theirs: Mapping[str, Any]) -> None:
        for event in self._translator.translate(theirs):
            self.root, self.session = event.get("run_id", self.root), event.get("session_id", self.session)
            fields = {key: value for key, value in event.items() if key not in _OURS}
            match event.get("event"):
                case None | "run_start" | "resume_start":
                    pass  # an aside says nothing to a page; the others are told by the run itself
                case "AgentPaused":
                    self._keep(event)
                case "run_end":
                    self._is_over = True
                    await self._run.end(**fields)
                case name:
                    await self._run.emit(name, **fields)

    def _keep(self, event: Mapping[str, Any]) -> None:
        if event.get("event") == "AgentPaused":
            self.asked[event.get("node_id")] = {key: value for key, value in event.items() if key not in _OURS}
