"""Tables: keyed stores that can do more than keep their rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from ..run.bounded import BoundedDict
from ..run.record import Message, SignIn
from .cards import Card
from .rows import METRICS, Metric, MockNode, Notice, Role, RunKey
from .store import Batch, MapStore

V = TypeVar("V")

_NOTHING: Mapping[str, MockNode] = {}

MAX_NOTICES = 20
MAX_PUT_AWAY = 200


class RunTable(MapStore[RunKey, V]):
    """Rows of runs, keyed by (run id, name): those of one run are found without looking at the others."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._runs: defaultdict[str, dict[str, V]] = defaultdict(dict)

    def set(self, key: RunKey, value: V) -> None:
        self._runs[key[0]][key[1]] = value
        super().set(key, value)

    def delete(self, key: RunKey) -> None:
        of_run = self._runs.get(key[0])
        if of_run is not None:
            of_run.pop(key[1], None)
            if not of_run:
                del self._runs[key[0]]
        super().delete(key)

    def of_run(self, run_id: str | None) -> Mapping[str, V]:
        """The rows of one run by name, in the order in which they came; not to be changed."""
        return self._runs.get(run_id, {}) if run_id is not None else {}

    def delete_run(self, run_id: str) -> None:
        """Forget every row of a run."""
        for name in list(self.of_run(run_id)):
            self.delete((run_id, name))


class MockStore(RunTable[MockNode]):
    """The mock nodes; those of one node, and how many there are, are found without looking at the others."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._nodes: defaultdict[RunKey, dict[str, MockNode]] = defaultdict(dict)
        self._latest: defaultdict[str | None, dict[str, MockNode]] = defaultdict(dict)
        """Run id → node id → the execution with the highest order."""
        self._tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Run id → how many of its nodes have each status: that of the execution with the highest order."""

    def set(self, key: RunKey, value: MockNode) -> None:
        run_id, node_id = key[0], value.node_id
        self._nodes[run_id, node_id][key[1]] = value
        of_run = self._latest[run_id]
        latest = of_run.get(node_id)
        if latest is None or value.order >= latest.order:
            of_run[node_id] = value
            self._count(latest, value)
        super().set(key, value)

    def delete(self, key: RunKey) -> None:
        mock = self.get(key)
        if mock is not None:
            node_id, of_run = mock.node_id, self._latest[key[0]]
            rest = self._nodes[key[0], node_id]
            if rest.pop(key[1]) is of_run[node_id]:
                latest = max(rest.values(), key=lambda each: each.order, default=None)
                self._count(of_run[node_id], latest)
                if latest is not None:
                    of_run[node_id] = latest
                else:
                    del self._nodes[key[0], node_id], of_run[node_id]
                if not of_run:
                    del self._latest[key[0]]
        super().delete(key)

    def of_node(self, run_id: str | None, node_id: str) -> Mapping[str, MockNode]:
        """Every execution of a node by its id, in the order in which they came; not to be changed."""
        return self._nodes.get((run_id, node_id), {}) if run_id is not None else {}

    def latest(self, run_id: str | None, node_id: str) -> MockNode | None:
        """The execution of a node with the highest order."""
        return self._latest.get(run_id, _NOTHING).get(node_id)

    def latest_of(self, run_id: str | None) -> Mapping[str, MockNode]:
        """The same of every node of a run that began, by the node's id; not to be changed."""
        return self._latest.get(run_id, _NOTHING)

    def tally(self, run_id: str, but: Iterable[str] = ()) -> dict[str, int]:
        """How many nodes of a run have each status; those `but` which are not counted."""
        counts, latest = dict(self._tallies.get(run_id, ())), self._latest.get(run_id, _NOTHING)
        for status in [latest[each].status for each in but if each in latest]:
            counts[status] -= 1
        return {status: count for status, count in counts.items() if count > 0}

    def _count(self, before: MockNode | None, after: MockNode | None) -> None:
        """The latest execution of a node is another one, or has another status."""
        known = before or after
        if known is None or (before is not None and after is not None and before.status == after.status):
            return
        counts = self._tallies[known.run_id]
        if before is not None:
            counts[before.status] -= 1
        if after is not None:
            counts[after.status] += 1
        if after is None and not any(counts.values()):
            del self._tallies[known.run_id]


class ChatStore(RunTable[Message]):
    """The bubbles. A message grows in place and is never copied: `show` tells that it did."""

    def show(self, message: Message) -> None:
        """The message is new, or another than before."""
        key = message.run_id, message.key
        self._runs[message.run_id][message.key] = message
        self._items[key] = message  # also an equal one: this is the one that will grow
        self._touch(key)


class InteractionsStore(RunTable[Card]):
    """The cards of all runs, in the order they were asked for; and the sign-ins a person put away."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self.dismissed: dict[RunKey, SignIn] = {}

    @property
    def asking(self) -> int:
        """How many cards a person can still do something about: the one number that is said of them."""
        return sum(card.asks for _, card in self.items())

    def dismiss(self, key: RunKey) -> None:
        """Put a sign-in away: folded while a person can still do something about it, else until there is news."""
        card = self.get(key)
        if card is not None and card.sign_in is not None and card.asks:
            self.set(key, replace(card, away=True))
        elif card is not None and card.sign_in is not None:
            self.dismissed[key] = card.sign_in
            self.delete(key)

    def delete_run(self, run_id: str) -> None:
        super().delete_run(run_id)
        for key in [key for key in self.dismissed if key[0] == run_id]:
            del self.dismissed[key]


class NoticesStore(MapStore[str, Notice]):
    """Notices by key: the same key again replaces the text and counts; at most MAX_NOTICES stay.

    One that a person put away comes back with other words, or once it was taken away (`delete`): it was true no more.
    """

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._put_away: BoundedDict[str, str] = BoundedDict(MAX_PUT_AWAY)

    def say(self, key: str, text: str, role: Role = "status", *, news: bool = False) -> None:
        """Tell politely. `news`: it happened just now, once more: also who put it away is to know."""
        if self._put_away.get(key) == text and not news:
            return
        self._put_away.pop(key, None)
        known = self.get(key)
        self.set(key, Notice(key, role, text, known.count + 1 if known else 1))
        if len(self) > MAX_NOTICES:
            self.delete(next(iter(self._items)))

    def alert(self, key: str, text: str, *, news: bool = False) -> None:
        """Tell at once."""
        self.say(key, text, "alert", news=news)

    def dismiss(self, key: str) -> None:
        """A person has read it."""
        known = self.get(key)
        self.delete(key)
        if known is not None:
            self._put_away[key] = known.text

    def delete(self, key: str) -> None:
        self._put_away.pop(key, None)
        super().delete(key)


class MetricsStore(MapStore[Metric, int]):
    """received counts frames; handled, duplicate, unknown events; merged those whose words
    were added to others' because too many waited; gap the gaps noticed; tracked the runs known; refused the
    messages of other windows that had no effect.
    """

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        for metric in METRICS:
            self.set(metric, 0)

    def count(self, metric: Metric, by: int = 1) -> None:
        self._items[metric] += by
        self._changed[metric] = None
        self._batch.changed(self)
