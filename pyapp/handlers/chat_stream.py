"""ChatStreamHandler: what agents and teams say, think and do, as bubbles: one for each source, never mixed.

A tool call stands where it happened; text of the same source behind it opens a new bubble. A snapshot
replaces the text of its source, it is never added to it.
"""

from __future__ import annotations

from ..core.context import HandlerContext
from ..core.handler import EventHandler
from ..display import text_of
from ..messages import BaseEvent, Content, EndNode, EndTool, Event, Reasoning, StartTool, Text
from ..state.records import RunRecord
from ..stores.chat_view import ChatKind, ChatMessage

TEXTS = ("RunContent", "TeamRunContent", "ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent")
TOOLS = ("start_tool", "end_tool", "TeamToolCallCompleted")


class ChatStreamHandler(EventHandler):
    name = "ChatStreamHandler"
    events = frozenset({*TEXTS, *TOOLS, "end_node", "run_end", "resume_end"})
    costs = "The chat may lack what agents say; canvas, badges and outputs are not affected."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        if isinstance(message, Text):
            self._said(run, message, context)
        elif isinstance(message, StartTool):
            self._tool_started(run, message, context)
        elif isinstance(message, EndTool):
            self._tool_ended(run, message, context)
        elif isinstance(message, EndNode):
            self._quiet(run, context, message.node_id)
        elif run.over:
            self._quiet(run, context, None)

    def _said(self, run: RunRecord, event: Text, context: HandlerContext) -> None:
        if event.content is None and not getattr(event, "step", None):
            return
        kind: ChatKind = "text" if isinstance(event, Content) else "reasoning"
        source = source_of(event)
        snapshot = event.mode == "snapshot"
        bubble = self._open(run, source, kind, context) or (
            self._last(run, source, kind, context) if snapshot else None
        )
        if bubble is None:
            bubble = self._new(run, event, source, kind, context)
        text = event.content if isinstance(event.content, str) else f"\n```json\n{text_of(event.content)}\n```\n"
        if event.content is None:
            text = ""
        if snapshot:
            bubble.chunks, bubble.replaced = [text], bubble.replaced + 1
        elif text:
            bubble.chunks.append(text)
        if isinstance(event, Reasoning) and event.step:
            bubble.steps.append(event.step)
        context.stores.chat.changed(bubble)

    def _new(self, run: RunRecord, event: Text, source: str, kind: ChatKind, context: HandlerContext) -> ChatMessage:
        """A bubble of its own; what the source said before in another kind is complete."""
        self._close(run, source, context)
        serial = run.chat_serial = run.chat_serial + 1
        bubble = ChatMessage(
            f"{source}/{serial}",
            run.run_id,
            source,
            kind,
            name=event.name or event.agent_id or event.team_id,
            node_id=event.node_id,
            at=event.ts or context.clock.wall(),
            busy=not run.over,
        )
        run.chat_open[source] = run.chat_last[source, kind] = bubble.message_id
        context.stores.chat.add(bubble)
        return bubble

    def _open(self, run: RunRecord, source: str, kind: ChatKind, context: HandlerContext) -> ChatMessage | None:
        """The bubble this source is filling, if it is of this kind."""
        bubble = context.stores.chat.get((run.run_id, run.chat_open.get(source, "")))
        return bubble if bubble is not None and bubble.kind == kind else None

    def _last(self, run: RunRecord, source: str, kind: ChatKind, context: HandlerContext) -> ChatMessage | None:
        return context.stores.chat.get((run.run_id, run.chat_last.get((source, kind), "")))

    def _close(self, run: RunRecord, source: str, context: HandlerContext) -> None:
        """What this source was saying is complete."""
        bubble = context.stores.chat.get((run.run_id, run.chat_open.pop(source, "")))
        if bubble is not None and bubble.busy:
            bubble.busy = False
            context.stores.chat.changed(bubble)

    def _quiet(self, run: RunRecord, context: HandlerContext, node_id: str | None) -> None:
        """A node, or the whole run, has ended: nobody in it goes on speaking."""
        for source, message_id in list(run.chat_open.items()):
            bubble = context.stores.chat.get((run.run_id, message_id))
            if bubble is not None and node_id in (None, bubble.node_id):
                self._close(run, source, context)
        if node_id is None:
            for message in context.stores.chat.of_run(run.run_id).values():
                if message.busy:
                    message.busy, message.status = False, "unknown"
                    context.stores.chat.changed(message)

    def _tool_started(self, run: RunRecord, event: StartTool, context: HandlerContext) -> None:
        source = source_of(event)
        self._close(run, source, context)
        call = run.latest_tool
        if call is None or context.stores.chat.get((run.run_id, f"tool/{call.key}")) is not None:
            return
        context.stores.chat.add(
            ChatMessage(
                f"tool/{call.key}",
                run.run_id,
                source,
                "tool",
                name=call.name,
                node_id=call.node_id,
                at=event.ts or context.clock.wall(),
                busy=call.open,
                status=call.status,
                args=call.args,
                result=call.result,
                error=call.error,
                duration_s=call.duration_s,
            )
        )

    def _tool_ended(self, run: RunRecord, event: EndTool, context: HandlerContext) -> None:
        call = run.latest_tool
        if call is None:
            return
        message = context.stores.chat.get((run.run_id, f"tool/{call.key}"))
        if message is None:  # its start never came
            self._close(run, source_of(event), context)
            message = ChatMessage(f"tool/{call.key}", run.run_id, source_of(event), "tool", node_id=call.node_id)
            context.stores.chat.add(message)
        message.name, message.status, message.busy = call.name, call.status, call.open
        message.result, message.error, message.duration_s = call.result, call.error, call.duration_s
        context.stores.chat.changed(message)


def source_of(event: BaseEvent) -> str:
    """Who speaks: source_run_id, else agent_id or team_id, else the run."""
    return event.source_run_id or getattr(event, "agent_id", None) or getattr(event, "team_id", None) or event.run_id
