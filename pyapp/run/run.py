"""Run: everything the page knows of one run, for reading: its record, and the server's word where events are silent.

run.status, run.over, run.record.nodes, run.executions("n0"), run.shown_status("n0"), run.cards()
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ..clock import Clock
from ..contract.flow import FlowGraph
from .animations import Animations
from .fold.groups import Told, completed, unheard
from .log import RunLog
from .record import TERMINAL, Execution, ExecutionStatus, GroupRecord, RunRecord, RunStatus, SignIn, Wanted, least
from .record import Message as Bubble
from .server_word import NO_WORD, NONE, ServerWord, answers, has_ended, merged, still_open

P = TypeVar("P", Execution, Bubble)


class Run:
    """Owns nothing but the reading. `ExecutionTracking` alone replaces `log`, `record`, `word` and `base`."""

    def __init__(self, run_id: str, clock: Clock) -> None:
        self.run_id = run_id
        self.log = RunLog(run_id)
        self.record = RunRecord(run_id)
        self.base: RunRecord | None = None
        """The record of the events that have left the log: a fold anew begins with it."""
        self.word = NO_WORD
        self.answered = -1
        """Which question the word answers."""
        self.doubt: str | None = None
        """Why it is not known how the run is, in words; None when it is."""
        self.incomplete = False
        """The page failed on an event of it, and on folding it anew: what is shown of it may lack something."""
        self.heard = clock.now()
        """Monotonic moment at which anything of it last came in, or was asked for by a person."""
        self.catching_up = False
        """Missed events are on their way into the record: nothing of it is drawn before they are in."""
        self.lived = False
        """It went on while this page was there: an event of it came as it happened, or the server said so."""
        self._silent: tuple[RunRecord, ServerWord, Told] = self.record, self.word, {}
        """What this word said of nodes of which this record had no execution when they were looked at last."""
        self.animations = Animations(clock)
        """What of it is on the canvas, and what is to change there."""

    # -- the run ----------------------------------------------------------------------------------
    @property
    def status(self) -> RunStatus:
        """As events say; as the server says where it knows more; unverified where nobody knows."""
        status: Any = self._status()
        return "unverified" if self.doubt is not None and status not in TERMINAL and status != "paused" else status

    @property
    def over(self) -> bool:
        return self.record.status in TERMINAL or (self.word is not NO_WORD and self._status() in TERMINAL)

    @property
    def flow_id(self) -> str | None:
        return self.record.flow_id or self.word.info.flow_id

    @property
    def input(self) -> Any:
        """What it was given, as the server says, or whoever started it here; None where nobody said."""
        return self.word.info.input

    @property
    def error(self) -> Any:
        return self.record.error if self.record.error is not None or not self.over else self.word.info.error

    @property
    def started_at(self) -> float | None:
        """Seconds since the epoch, by the server's clock."""
        return least(self.record.started_at, self.word.info.started_at)

    @property
    def began_at(self) -> float | None:
        """When its first event happened; before that it was queued. Events without a time may have been told later."""
        return least(self.record.started_at if self.record.timed else None, self.word.info.began_at)

    @property
    def ended_at(self) -> float | None:
        if not self.over:
            return None
        known, told = self.record.ended_at, self.word.info.ended_at
        if known is None and told is not None and self.record.timed:
            known = max(told, self.record.latest_at or told)  # no part is longer than its whole
        return told if known is None or (told is not None and not self.record.timed) else known

    @property
    def is_end_known(self) -> bool:
        """Whether an answer is as new as the end of the run, by its number, else by its status."""
        told = self.word.info.last_seq if self.word.counted else None
        return self.answered >= 0 and (self.word.over if told is None else told >= self.record.mark)

    @property
    def lacks(self) -> str:
        """Why something of it may not be shown, as a key of the words; "" where nothing is lacking."""
        cut = self.word.info.results_cut and (self.log.lost or not self.log.numbered)
        return "runs.incomplete" if self.incomplete else "runs.cut" if cut else ""

    # -- what is in it ----------------------------------------------------------------------------
    def node_ids(self) -> dict[str, None]:
        """Every node that anybody spoke of."""
        return dict.fromkeys([*self.record.nodes, *self.word.told])

    def execution(self, node_id: str, order: int) -> Execution | None:
        """One time a node ran."""
        node = self.record.nodes.get(node_id)
        known = node.executions.get(order) if node is not None else None
        told = self.word.told.get(node_id, NONE).get(order) if self.word.told else None
        found = known if told is None else merged(known, told, self.word)
        return self._ended(found, implied=True) if found is not None and found.open and self.over else found

    def executions(self, node_id: str) -> Iterator[Execution]:
        """Each time a node ran, in the sequence in which it was heard of."""
        node = self.record.nodes.get(node_id)
        known = node.executions if node is not None else NONE
        for order in dict.fromkeys([*known, *self.word.told.get(node_id, NONE)]):
            found = self.execution(node_id, order)
            if found is not None:
                yield found

    def bubble(self, key: str) -> Bubble:
        """One message of the chat."""
        found = self.record.messages[key]
        return self._ended(found, busy=False) if found.busy and self.over else found

    def shown_status(self, node_id: str) -> ExecutionStatus | None:
        """What the element of a node that is no group shows: executing while it is, then how it ended last."""
        node = self.record.nodes.get(node_id)
        known = node.executions if node is not None else {}
        shown = None if node is None else "executing" if node.open_orders else node.outcome
        if node_id not in self.word.told:
            return shown
        found = list(self.executions(node_id))
        if any(each.open for each in found):
            return "executing"
        told = [each for each in found if each.order not in known or known[each.order].status != each.status]
        return told[-1].status if told else shown

    def groups(self, flow: FlowGraph) -> Mapping[str, GroupRecord]:
        """What each group that anybody spoke of shows: one of a node without an event as the server told of that."""
        record, word, silent = self._silent
        same = record is self.record and word is self.word
        silent = unheard(self.record, silent if same else self.word.told)  # an event looks at those that were left
        self._silent = self.record, self.word, silent
        return completed(self.record, silent, flow)

    def is_waiting(self, node_id: str) -> bool:
        """Whether a person must act before the node can go on."""
        node = self.record.nodes.get(node_id)
        return node is not None and node.waiting and not self.over

    # -- what it waits for ------------------------------------------------------------------------
    def cards(self) -> Iterator[tuple[str, Wanted]]:
        """The open requirements by id: as events say, without those that the server knows to be answered."""
        if self.over:
            return
        word, record = self.word, self.record
        for requirement_id, wanted in record.wanted.items():
            if wanted.open and not answers(word, wanted, requirement_id):
                yield requirement_id, wanted
        serial = record.card_serial
        for each in word.info.requirements or ():
            if each.id not in record.wanted and still_open(word, each.id, record):
                extra = each.model_extra or {}
                node_id, serial = extra.get("node_id"), serial + 1
                node_id = node_id if isinstance(node_id, str) else None
                yield each.id, Wanted(each, node_id, None, extra.get("content"), serial=serial)

    def sign_ins(self) -> Iterator[tuple[str, SignIn]]:
        """The sign-ins by id, open and done, while the run lives."""
        if self.over:
            return
        for interaction_id, sign_in in self.record.sign_ins.items():
            if not has_ended(self.word, sign_in, interaction_id):
                yield interaction_id, sign_in
        for serial, event in enumerate(self.word.info.interactions or (), self.record.card_serial + 1):
            if event.interaction_id not in self.record.sign_ins:
                yield event.interaction_id, SignIn(event, event.status or "pending", serial)

    @property
    def asks(self) -> bool:
        """Whether a person is asked for something."""
        return self.waiting or self.status == "paused"

    @property
    def waiting(self) -> bool:
        """Whether there is something that a person can do for it."""
        return any(sign_in.asks for _, sign_in in self.sign_ins()) or any(True for _ in self.cards())

    # -- inside -----------------------------------------------------------------------------------
    def _status(self) -> str:
        """A terminal event wins; then a word that knows of more; of the same age, one that says that it is over."""
        record, word = self.record, self.word
        if record.status in TERMINAL:
            return record.status
        if not record.events:
            return word.status if word is not NO_WORD else "unverified"
        newer = word.mark > record.mark or (word.mark == record.mark and (word.over or not word.counted))
        return word.status if newer and word.status != "queued" else record.status

    def _ended(self, part: P, **changes: Any) -> P:
        """What no event ended is over with its run, though only the server says so, as at a terminal event."""
        status: Any = "unknown" if self._status() == "success" else self._status()
        return replace(part, status=status, ended_at=least(part.ended_at, self.ended_at), **changes)
