"""The server's word: what HTTP said of a run, and as of which event. It stands beside the record, never in it.

Reading merges (`run.run.Run`): the stream wins wherever it has spoken. A word is provisional; one that is older than an
event closes and undoes nothing of what that event said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ..contract.http import NodeResult, RunInfo
from .fold.step import Touched
from .record import TERMINAL, Execution, RunRecord, SignIn, Wanted

LISTED = frozenset({"queued", "executing", "paused", *TERMINAL})
NONE: Mapping[int, Execution] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AsOf:
    """The number of the last event that an answer can know of; `counted`: the server itself named it."""

    mark: int = -1
    counted: bool = False

    def knows(self, mark: int) -> bool:
        """Whether it was given with what was heard at this mark in sight."""
        return self.mark > mark if self.counted else self.mark >= mark


@dataclass(frozen=True, slots=True)
class ServerWord:
    """One answer. `mark` is the number of the last event that it can know of; `counted`: the server itself named it."""

    info: RunInfo
    mark: int
    counted: bool = False
    told: dict[str, dict[int, Execution]] = field(default_factory=dict)
    """What it says of each time a node ran; of those in `loose`, where they belong by now."""
    loose: dict[str, Execution] = field(default_factory=dict)
    """By node what it says without saying of which time; its order is a guess, for as long as no event knows any."""
    results_mark: int = -1
    """The mark of the answer that said so: a later one may have left it out."""
    cards: AsOf = field(default_factory=AsOf)
    signs: AsOf = field(default_factory=AsOf)
    """Likewise of what a person is asked for, and of sign-ins."""

    @property
    def status(self) -> str:
        return self.info.status if self.info.status in LISTED else "executing"

    @property
    def over(self) -> bool:
        return self.info.status in TERMINAL


NO_WORD = ServerWord(RunInfo(run_id="-", status="unverified"), -1)
"""The server was not asked yet."""


def hear(info: RunInfo, record: RunRecord, asked_mark: int, *, numbered: bool) -> ServerWord:
    """The word in an answer; `asked_mark` is the record's mark when the question was asked."""
    counted = numbered and info.last_seq is not None
    found: dict[str, dict[int, Execution]] = {}
    loose: dict[str, Execution] = {}
    fresh = record.highest_order
    for node_id, result in (info.results or {}).items():
        orders = sorted(result.orders or ())
        if orders:
            found[node_id] = {order: _execution(node_id, order, result, last=order == orders[-1]) for order in orders}
        else:
            fresh += not _known(record, node_id)
            loose[node_id] = _execution(node_id, fresh, result, last=True)
    mark = info.last_seq if counted and info.last_seq is not None else asked_mark
    as_of = AsOf(mark, counted)
    over = info.status in TERMINAL  # nothing comes behind an end: what was told by then came before it
    word = ServerWord(info, max(mark, asked_mark) if over else mark, counted, found, loose, mark, as_of, as_of)
    place(word, record)
    return word


def place(word: ServerWord, record: RunRecord) -> None:
    """Put each result without orders where it belongs: to the last time its node had begun by then, else to a guess."""
    for node_id, told in word.loose.items():
        known = _known(record, node_id)
        begun = (each for each in reversed(known) if known[each].began_mark <= word.results_mark)
        order = next(begun, None) if known else told.order
        word.told[node_id] = {order: replace(told, order=order)} if order is not None else {}


def follow(word: ServerWord, record: RunRecord, touched: Touched) -> None:
    """An event came: what it says of these nodes goes on with them, or is a guess no longer. That is touched, too."""
    for node_id in [each for each in touched.nodes if each in word.loose]:
        known, placed = _known(record, node_id), word.told[node_id]
        latest = next(reversed(known), None)
        if latest is None or latest in placed:
            continue
        if known[latest].began_mark <= word.results_mark:
            word.told[node_id] = {latest: replace(word.loose[node_id], order=latest)}
        elif placed.keys().isdisjoint(known):
            word.told[node_id] = {}
        touched.executions |= dict.fromkeys((node_id, order) for order in placed)


OPTIONAL = ("flow_id", "input", "started_at", "began_at", "ended_at", "results", "requirements", "interactions")
"""What an answer may leave out."""


def completed(word: ServerWord, before: ServerWord) -> ServerWord:
    """A newer word, with what only the one before said: an answer may leave out results and cards."""
    kept = {name: getattr(before.info, name) for name in OPTIONAL if getattr(word.info, name) is None}
    results = before if "results" in kept else word
    kept["results_cut"] = results.info.results_cut
    return replace(
        word,
        info=word.info.model_copy(update=kept),
        told=results.told,
        loose=results.loose,
        results_mark=results.results_mark,
        cards=(before if "requirements" in kept else word).cards,
        signs=(before if "interactions" in kept else word).signs,
    )


def adds(word: ServerWord, record: RunRecord) -> bool:
    """Whether it says of any execution what the events did not say."""
    for node_id, told in word.told.items():
        node = record.nodes.get(node_id)
        for order, execution in told.items():
            known = node.executions.get(order) if node is not None else None
            if merged(known, execution, word) is not known:
                return True
    return False


def answers(word: ServerWord, wanted: Wanted, requirement_id: str) -> bool:
    """Whether the server knows a requirement to be answered, and knew that it was asked when it said so."""
    listed = word.info.requirements
    if listed is None or any(each.id == requirement_id for each in listed):
        return False
    return word.cards.knows(wanted.mark)


def has_ended(word: ServerWord, sign_in: SignIn, interaction_id: str) -> bool:
    """Whether the server knows a sign-in to be pending no more, however it went; likewise."""
    listed = word.info.interactions
    if sign_in.status != "pending" or listed is None or any(each.interaction_id == interaction_id for each in listed):
        return False
    return word.signs.knows(sign_in.mark)


def still_open(word: ServerWord, requirement_id: str, record: RunRecord) -> bool:
    """Whether a requirement that only the server told of is open, as far as later events say."""
    return max(record.resumed_mark, record.resolved.get(requirement_id, -1)) <= word.cards.mark


def merged(known: Execution | None, told: Execution, word: ServerWord) -> Execution:
    """One execution as the stream has it, completed by what only the server told."""
    if known is None:
        return told
    if known.open or (known.implied and not told.open):
        if known.mark > word.results_mark or told.status in ("executing", "unknown"):
            return known
        return _completed(known, told, status=told.status, implied=False)
    gave = told.content is not None or told.error is not None or told.cut
    if known.content is None and known.error is None and gave:
        return _completed(known, told)
    return known


def _known(record: RunRecord, node_id: str) -> dict[int, Execution]:
    node = record.nodes.get(node_id)
    return node.executions if node is not None else {}


def _execution(node_id: str, order: int, result: NodeResult, *, last: bool) -> Execution:
    """The answer speaks of the last time the node ran; of earlier ones it only says that they were."""
    status: Any = result.status if last and result.status in ("executing", *TERMINAL) else "unknown"
    content, error = (result.content, result.error) if last else (None, None)
    cut = last and not {"content", "error"}.isdisjoint(result.cut or ())
    return Execution(node_id, order, status, content=content, error=error, implied=status == "unknown", cut=cut)


def _completed(known: Execution, told: Execution, **changes: Any) -> Execution:
    content = told.content if known.content is None else known.content
    error = told.error if known.error is None else known.error
    return replace(known, content=content, error=error, cut=told.cut, **changes)
