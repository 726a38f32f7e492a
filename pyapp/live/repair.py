"""Repair: what the page shows of a run compared with what is known of it; what differs is drawn again, and said.

A handler that failed may have left something wrong behind. Nobody has to load the page again for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from ..run.groups_old import GroupRecord
from ..run.record_old import ExecutionStatus, NodeRecord, RunRecord
from .context import HandlerContext
from .glow import EXECUTING, OUTCOMES
from .refold import refold
from .truth import sync_row

Part = Literal["record", "canvas", "badges", "groups", "row", "chat"]


class Repair:
    """Compares and repairs runs. Owns no picture: `repaint` and `rebuild_chat` draw it.

    `chat_missed(run_id)` says whether the chat's handler has failed on an event of the run since it was last asked.
    """

    def __init__(
        self,
        context: HandlerContext,
        *,
        repaint: Callable[[RunRecord], None],
        rebuild_chat: Callable[[RunRecord], None],
        chat_missed: Callable[[str], bool],
    ) -> None:
        self._context = context
        self._repaint = repaint
        self._rebuild_chat = rebuild_chat
        self._chat_missed = chat_missed

    def check(self, runs: Iterable[RunRecord], *, aloud: bool = False) -> None:
        """Repair what differs, and say it once; `aloud` looks at whole journals, and says so if nothing differs."""
        checked = (self._mend(run, whole=aloud) for run in runs if not run.catching_up)
        wrong = dict.fromkeys(part for parts in checked for part in parts)
        if wrong:
            parts = ", ".join(self._context.words(f"repair.{part}") for part in wrong)
            self._context.notices.say("repair", self._context.words("repair.done", parts=parts))
        elif aloud:
            self._context.notices.say("repair", self._context.words("repair.fine"))

    def _mend(self, run: RunRecord, *, whole: bool) -> list[Part]:
        """Put right what differs of one run; what that was."""
        now = self._context.clock.now()
        journal = self._context.tracking.journal(run.run_id)
        wrong: list[Part] = ["record"] if refold(run, journal, now, whole=whole) else []
        wrong += self._differences(run)
        if "chat" in wrong:
            self._rebuild_chat(run)
        if wrong:
            for superfluous in list(self._superfluous(run)):
                self._context.stores.mock.delete((run.run_id, superfluous))
            sync_row(run, self._context)
            self._repaint(run)
            self._context.reporter.log("warning", f"[Repair] run {run.run_id}: {', '.join(wrong)} were wrong.")
        return wrong

    def _differences(self, run: RunRecord) -> Iterator[Part]:
        if self._context.is_front(run.run_id) and any(not self._is_shown(run, node) for node in run.nodes.values()):
            yield "canvas"
        missing = (not self._has_badge(run, node, order) for node in run.nodes.values() for order in node.executions)
        if any(missing) or any(self._superfluous(run)):
            yield "badges"
        if any(not self._is_stored(run, group) for group in self._context.groups(run).records.values()):
            yield "groups"
        row = self._context.stores.runs.get(run.run_id)
        if row is not None and row.status != run.status:
            yield "row"
        dropped = self._context.tracking.journal(run.run_id).dropped  # then the journal knows less than the chat
        if self._chat_missed(run.run_id) and not dropped:
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

    def _superfluous(self, run: RunRecord) -> Iterator[str]:
        """Mock nodes of executions that never were."""
        for mock in self._context.stores.mock.of_run(run.run_id).values():
            node = run.nodes.get(mock.node_id)
            if node is None or mock.order not in node.executions:
                yield mock.id

    def _is_stored(self, run: RunRecord, group: GroupRecord) -> bool:
        stored = self._context.stores.groups.get((run.run_id, group.group_id))
        if stored is None or (stored.done, stored.total) != (group.done, group.total):
            return False
        return run.over or stored.status == group.status  # what is left open ends as its run did
