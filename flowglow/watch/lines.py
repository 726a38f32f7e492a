"""A run in lines, for pipes and CI: one for each thing that happens, text when it has been said."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pyapp.contract.events import AgentPaused, BaseEvent
from pyapp.contract.text import text_of
from pyapp.run.record import Execution
from pyapp.run.run import Run
from pyapp.run.tracking import Taken
from pyapp.stores.link import LinkState

from ..terminal import one_line
from .glyphs import badge, seconds, sign
from .watcher import moment_of

MAX_CHARS = 500


class Lines:
    """Turns what a watcher tells into lines, and hands each to `write`."""

    def __init__(self, write: Callable[[str], None], name_of: Callable[[str], str] = lambda node_id: node_id) -> None:
        self._write = write
        self._name_of = name_of
        self._said: dict[str, set[str]] = {}

    def link(self, state: LinkState) -> None:
        why = f": {state.reason}" if state.reason else ""
        self._tell(_clock(time.time()), f"link {state.phase}", why)

    def taken(self, taken: Taken) -> None:
        run = taken.run
        if taken.anew:
            self._tell(_clock(None), run.run_id, f" is told anew: {run.status}, {len(run.record.nodes)} nodes")
        for event, touched in taken.steps:
            moment = _clock(moment_of(event))
            for words in self._words(run, event, touched.executions):
                self._tell(moment, run.run_id, f" {words}")
            if touched.ended or touched.messages or touched.executions:
                self._speech(run, moment)

    def _tell(self, moment: str, whose: str, words: str) -> None:
        """Write a line. Everything foreign goes through here."""
        self._write(f"{moment} {one_line(whose)}{one_line(words)[:MAX_CHARS]}")

    def _words(self, run: Run, event: BaseEvent, executions: dict[tuple[str, int], None]) -> list[str]:
        name = event.event
        if name == "run_start":
            return [f"{sign('executing')} started{f' ({run.flow_id})' if run.flow_id else ''}"]
        if name in ("run_end", "resume_end"):
            why = f": {text_of(run.error).splitlines()[0]}" if run.error else ""
            return [f"{sign(run.status)} {run.status}{why}"]
        if name in ("start_node", "end_node"):
            found = [run.execution(node_id, order) for node_id, order in executions]
            return [self._execution(each) for each in found if each is not None]
        if name in ("start_tool", "end_tool", "TeamToolCallCompleted"):
            return [self._tool(event)]
        if isinstance(event, AgentPaused):
            return [
                f"{sign('paused')} waits: {each.kind} {each.prompt or each.tool_name or each.id}"
                for each in event.requirements
            ]
        if name == "resume_start":
            return [f"{sign('executing')} goes on"]
        if name == "interaction_event":
            told: Any = event
            return [f"{sign('paused')} sign-in {told.status or 'pending'}: {told.auth_url}"]
        return []

    def _execution(self, execution: Execution) -> str:
        took = f" after {seconds(execution.duration_s)}" if execution.duration_s is not None else ""
        why = f": {text_of(execution.error).splitlines()[0]}" if execution.error else ""
        what = f"{badge(execution.order)} {self._name_of(execution.node_id)} {execution.status}"
        return f"{sign(execution.status)} {what}{took}{why}"

    def _tool(self, event: Any) -> str:
        where = self._name_of(event.node_id)
        if event.event == "start_tool":
            return f"  {where} calls {event.tool_name or 'a tool'}"
        return f"  {where}: {event.tool_name or 'the tool'} {event.status or 'success'}"

    def _speech(self, run: Run, moment: str) -> None:
        """What has been said to its end since the last look."""
        said = self._said.setdefault(run.run_id, set())
        for key, message in run.record.messages.items():
            if key in said or message.busy or message.kind not in ("text", "html"):
                continue
            said.add(key)
            for line in message.text.strip().splitlines():
                if line.strip():
                    self._tell(moment, run.run_id, f" “ {message.name or message.source}: {line}")


def _clock(moment: float | None) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment if moment is not None else time.time()))
