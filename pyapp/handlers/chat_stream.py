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
    on_replay = True
    costs = "costs.chat_stream"

    def handle(self, message: Event, context: HandlerContext) -> None:
        touched = context.touched
        if touched.messages or touched.dropped:
            run = context.tracking.run(message.run_id)
            for key in touched.dropped:
                context.stores.chat.delete((run.run_id, key))
            for key in touched.messages:
                context.stores.chat.show(run.bubble(key))

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        if run is None:
            return
        for key in [each for each in context.stores.chat.of_run(run.run_id) if each not in run.record.messages]:
            context.stores.chat.delete((run.run_id, key))
        for key in run.record.messages:
            context.stores.chat.show(run.bubble(key))
