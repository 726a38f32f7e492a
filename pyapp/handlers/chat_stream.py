"""ChatStreamHandler: what agents and teams say, think and do, as bubbles: one for each source, never mixed.

A tool call stands where it happened; text of the same source behind it opens a new bubble. A snapshot is the
whole text of its source: it replaces what was said, it is never added to it.
"""

from __future__ import annotations

from typing import Any

from ..contract.events import BaseEvent, ChatHTML, Content, EndNode, EndTool, Event, NodeRef, Reasoning, StartTool, Text
from ..contract.text import text_of
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.fold_old import fold
from ..run.record_old import RunRecord, ToolCall
from ..stores.chat_view import ChatKind, ChatMessage

TEXTS = ("RunContent", "TeamRunContent", "ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent")
TOOLS = ("start_tool", "end_tool", "TeamToolCallCompleted")


class ChatStreamHandler(EventHandler):
    name = "ChatStreamHandler"
    events = frozenset({*TEXTS, *TOOLS, "ChatHTML", "end_node", "run_end", "resume_end"})
    costs = "The chat may lack what agents say; canvas, badges and outputs are not affected."

    def handle(self, message: Event, context: HandlerContext) -> None:
        self._apply(context.tracking.run(message.run_id), message, context)

    def rebuild(self, run: RunRecord, context: HandlerContext) -> None:
        """The whole chat anew from the run's journal, as if nothing had ever failed."""
        journal = list(context.tracking.journal(run.run_id))
        context.stores.chat.delete_run(run.run_id)
        shadow = RunRecord(run.run_id)
        for event in journal:
            fold(shadow, event, context.clock.now())
            if event.event in self.events:
                self._apply(shadow, event, context)
        run.chat_serial, run.chat_open = shadow.chat_serial, shadow.chat_open
        run.chat_texts, run.chat_tools = shadow.chat_texts, shadow.chat_tools

    def _apply(self, run: RunRecord, message: Event, context: HandlerContext) -> None:
        if isinstance(message, Text):
            self._said(run, message, context)
        elif isinstance(message, StartTool | EndTool):
            if run.latest_tool is not None:
                self._tool(run, message, run.latest_tool, context)
        elif isinstance(message, ChatHTML):
            self._html(run, message, context)
        elif isinstance(message, EndNode):
            self._quiet(run, message.node_id, context)
        elif run.over:
            self._all_quiet(run, context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        if run is not None and run.over:
            self._all_quiet(run, context)

    # -- text -------------------------------------------------------------------------------------
    def _said(self, run: RunRecord, event: Text, context: HandlerContext) -> None:
        kind: ChatKind = "text" if isinstance(event, Content) else "reasoning"
        step = event.step if isinstance(event, Reasoning) else None
        text = _text(event.content)
        if not text and not step and event.mode != "snapshot":
            return
        source = source_of(event)
        known = run.chat_texts.setdefault((source, kind), [])
        last = context.stores.chat.get((run.run_id, known[-1])) if known else None
        if event.mode == "snapshot":
            before = "".join(self._texts(run, known[:-1], context))
            if last is not None and (not last.sealed or text in (before + last.text, last.text)):
                last.replace(text.removeprefix(before))
                context.stores.chat.changed(last)
                return
            text = text.removeprefix(before + (last.text if last is not None else ""))
        if last is None or last.sealed or run.chat_open.get(source) != last.message_id:
            last = self._begin(run, event, kind, context)
            known.append(last.message_id)
        if text and not last.say(text) and not last.cut:
            last.cut = True
            last.chunks.append(f"\n\n*{context.words('chat.cut')}*")
        if step:
            last.steps.append(step)
        context.stores.chat.changed(last)

    def _texts(self, run: RunRecord, message_ids: list[str], context: HandlerContext) -> list[str]:
        found = (context.stores.chat.get((run.run_id, each)) for each in message_ids)
        return [message.text for message in found if message is not None]

    def _begin(self, run: RunRecord, event: Text, kind: ChatKind, context: HandlerContext) -> ChatMessage:
        """A bubble of its own; what its source said before in another one is complete."""
        source = source_of(event)
        self._seal(run, source, context)
        message = self._message(run, event, f"{source}/{kind}/{len(run.chat_texts[source, kind])}", kind, context)
        message.name = event.name or event.agent_id or event.team_id
        run.chat_open[source] = message.message_id
        context.stores.chat.add(message)
        return message

    def _message(
        self, run: RunRecord, event: NodeRef, message_id: str, kind: ChatKind, context: HandlerContext
    ) -> ChatMessage:
        return ChatMessage(
            message_id,
            run.run_id,
            source_of(event),
            kind,
            node_id=event.node_id,
            at=event.ts or context.clock.wall(),
            started=context.clock.now(),
            busy=not run.over,
        )

    # -- what ends ----------------------------------------------------------------------------------
    def _seal(self, run: RunRecord, source: str, context: HandlerContext) -> None:
        """This source goes on with something else."""
        message = self._finish(run, source, context)
        if message is not None:
            message.sealed = True

    def _finish(self, run: RunRecord, source: str, context: HandlerContext) -> ChatMessage | None:
        """What this source was saying is complete; the message it was filling, if any."""
        message = context.stores.chat.get((run.run_id, run.chat_open.pop(source, "")))
        if message is not None and message.busy:
            message.busy = False
            message.duration_s = context.clock.now() - message.started
            context.stores.chat.changed(message)
        return message

    def _quiet(self, run: RunRecord, node_id: str, context: HandlerContext) -> None:
        """A node has ended: nobody in it goes on speaking."""
        for source, message_id in list(run.chat_open.items()):
            message = context.stores.chat.get((run.run_id, message_id))
            if message is not None and message.node_id == node_id:
                self._finish(run, source, context)

    def _all_quiet(self, run: RunRecord, context: HandlerContext) -> None:
        for source in list(run.chat_open):
            self._finish(run, source, context)
        for key in run.chat_tools:
            call, message = run.tools.get(key), context.stores.chat.get((run.run_id, f"tool/{key}"))
            if call is not None and message is not None and message.busy:
                self._show(call, message, context)
        run.chat_tools.clear()

    # -- tools and HTML -----------------------------------------------------------------------------
    def _tool(self, run: RunRecord, event: StartTool | EndTool, call: ToolCall, context: HandlerContext) -> None:
        message_id = f"tool/{call.key}"
        message = context.stores.chat.get((run.run_id, message_id))
        if message is None:
            self._seal(run, source_of(event), context)
            message = self._message(run, event, message_id, "tool", context)
            context.stores.chat.add(message)
        self._show(call, message, context)
        (run.chat_tools.add if call.open else run.chat_tools.discard)(call.key)

    def _show(self, call: ToolCall, message: ChatMessage, context: HandlerContext) -> None:
        message.name, message.status, message.busy = call.name, call.status, call.open
        message.args, message.result, message.error = call.args, call.result, call.error
        message.duration_s = call.duration_s
        context.stores.chat.changed(message)

    def _html(self, run: RunRecord, event: ChatHTML, context: HandlerContext) -> None:
        """The same `message_id` replaces; without one every event is a message of its own."""
        self._seal(run, source_of(event), context)
        run.chat_serial += 1
        message_id = event.message_id or f"html/{run.chat_serial}"
        message = context.stores.chat.get((run.run_id, message_id))
        if message is not None and message.kind != "html":  # the id of something else: that stays as it is
            message_id, message = f"html/{run.chat_serial}", None
        if message is None:
            message = self._message(run, event, message_id, "html", context)
            context.stores.chat.add(message)
        message.busy = False
        message.replace(event.html)
        context.stores.chat.changed(message)


def source_of(event: BaseEvent) -> str:
    """Who speaks: source_run_id, else agent_id or team_id, else the run."""
    return event.source_run_id or getattr(event, "agent_id", None) or getattr(event, "team_id", None) or event.run_id


def _text(content: Any) -> str:
    """What is said: text as it is, any other JSON as a block of code."""
    if content is None or isinstance(content, str):
        return content or ""
    return f"\n```json\n{text_of(content)}\n```\n"
