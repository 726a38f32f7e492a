"""Repair: what the page shows of a run compared with what is known of it; what differs is drawn again, and said.

A handler that failed may have left something wrong behind. Nobody has to load the page again for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from ..state.records import ExecutionStatus, NodeRecord, RunRecord
from .context import HandlerContext
from .glow import EXECUTING, OUTCOMES
from .truth import sync_row

Part = Literal["canvas", "badges", "row", "chat"]


class Repair:
    """Compares and repairs one run at a time. Owns no picture: `repaint` and `rebuild_chat` draw it.

    `chat_failed()` says how often the chat's handler has failed so far.
    """

    def __init__(
        self,
        context: HandlerContext,
        *,
        repaint: Callable[[RunRecord], None],
        rebuild_chat: Callable[[RunRecord], None],
        chat_failed: Callable[[], int],
    ) -> None:
        self._context = context
        self._repaint = repaint
        self._rebuild_chat = rebuild_chat
        self._chat_failed = chat_failed
        self._chat_seen = 0

    def check(self, run: RunRecord, *, aloud: bool = False) -> list[Part]:
        """Repair what differs, and say it; `aloud` also says that nothing did. What was wrong comes back."""
        wrong = list(self._differences(run))
        if "chat" in wrong:
            self._rebuild_chat(run)
        if wrong:
            sync_row(run, self._context)
            self._repaint(run)
            parts = ", ".join(self._context.words(f"repair.{part}") for part in wrong)
            self._context.notices.say("repair", self._context.words("repair.done", parts=parts))
            self._context.reporter.log("warning", f"[Repair] run {run.run_id}: {', '.join(wrong)} were wrong.")
        elif aloud:
            self._context.notices.say("repair", self._context.words("repair.fine"))
        return wrong

    def _differences(self, run: RunRecord) -> Iterator[Part]:
        if self._context.is_front(run.run_id) and any(not self._is_shown(run, node) for node in run.nodes.values()):
            yield "canvas"
        if any(not self._has_badge(run, node, order) for node in run.nodes.values() for order in node.executions):
            yield "badges"
        row = self._context.stores.runs.get(run.run_id)
        if row is not None and row.status != run.status:
            yield "row"
        failed = self._chat_failed()
        if failed != self._chat_seen:
            self._chat_seen = failed
            if not self._context.tracking.journal(run.run_id).dropped:  # else the journal knows less than the chat
                yield "chat"

    def _is_shown(self, run: RunRecord, node: NodeRecord) -> bool:
        """Whether the node's element has the class of its state, and no other; what is pending is right."""
        element = self._context.document.node(node.node_id)
        if element is None or self._context.tracking.is_animating(run.run_id, (EXECUTING, node.node_id)):
            return True
        status = None if run.over else self._status(run, node)
        expected = {EXECUTING: status == "executing", **{name: name == f"executed-{status}" for name in OUTCOMES}}
        return all(element.classList.contains(name) == there for name, there in expected.items())

    def _status(self, run: RunRecord, node: NodeRecord) -> ExecutionStatus | None:
        group = self._context.groups(run).records.get(node.node_id)
        if group is not None:
            return group.status
        return "executing" if node.executing else node.outcome

    def _has_badge(self, run: RunRecord, node: NodeRecord, order: int) -> bool:
        mock = self._context.stores.mock.get((run.run_id, f"{node.node_id}-{order}"))
        return mock is not None and mock.status == node.executions[order].status
