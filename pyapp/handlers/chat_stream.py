"""ChatStreamHandler: what agents and teams say, think and do, as the record has it, on its way to the chat."""

from __future__ import annotations

from ..contract.events import EVENTS, Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.run import Run

SILENT = {"run_start", "resume_start", "start_node", "AgentPaused", "interaction_event"}


class ChatStreamHandler(EventHandler):
    name = "ChatStreamHandler"
    events = EVENTS - SILENT
    part = "messages"
    on_replay = True
    costs = "costs.chat_stream"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run, chat = context.run, context.stores.chat
        for key in context.touched.messages:
            if key in run.record.messages:
                chat.show(run.bubble(key))
            else:
                chat.delete((run.run_id, key))

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        if run is None:
            return
        for key in [each for each in context.stores.chat.of_run(run.run_id) if each not in run.record.messages]:
            context.stores.chat.delete((run.run_id, key))
        for key in run.record.messages:
            context.stores.chat.show(run.bubble(key))
