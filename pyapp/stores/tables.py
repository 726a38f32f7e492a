"""Tables: keyed stores that can do more than keep their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TypeVar

from ..run.record import Message, SignIn
from .cards import Card
from .rows import METRICS, Metric, MockNode, Notice, Role, RunKey
from .store import Batch, MapStore

V = TypeVar("V")

MAX_NOTICES = 20


class RunTable(MapStore[RunKey, V]):
    """Rows of runs, keyed by (run id, name): those of one run are found without looking at the others."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._runs: dict[str, dict[str, V]] = {}

    def set(self, key: RunKey, value: V) -> None:
        self._runs.setdefault(key[0], {})[key[1]] = value
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
        self._nodes: dict[RunKey, dict[str, MockNode]] = {}
        self._latest: dict[RunKey, MockNode] = {}
        self._counts: dict[tuple[str, bool], Counter[str]] = {}
        """(run id, whether they have ended) → how many executions of each node."""

    def set(self, key: RunKey, value: MockNode) -> None:
        node, before = (key[0], value.node_id), self.get(key)
        self._nodes.setdefault(node, {})[key[1]] = value
        latest = self._latest.get(node)
        if latest is None or value.order >= latest.order:
            self._latest[node] = value
        if before is not None:
            self._count(before, -1)
        self._count(value, 1)
        super().set(key, value)

    def delete(self, key: RunKey) -> None:
        mock = self.get(key)
        if mock is not None:
            node = key[0], mock.node_id
            rest = self._nodes[node]
            del rest[key[1]]
            if rest:
                self._latest[node] = max(rest.values(), key=lambda each: each.order)
            else:
                del self._nodes[node], self._latest[node]
            self._count(mock, -1)
        super().delete(key)

    def of_node(self, run_id: str | None, node_id: str) -> Mapping[str, MockNode]:
        """Every execution of a node by its id, in the order in which they came; not to be changed."""
        return self._nodes.get((run_id, node_id), {}) if run_id is not None else {}

    def latest(self, run_id: str | None, node_id: str) -> MockNode | None:
        """The execution of a node with the highest order."""
        return self._latest.get((run_id, node_id)) if run_id is not None else None

    def progress(self, run_id: str, groups: Collection[str] = ()) -> tuple[int, int]:
        """How many nodes have ended at least once, and how many executions go on; `groups` do not count."""
        ended, going = (self._counts.get((run_id, each)) or Counter[str]() for each in (True, False))
        done = len(ended) - sum(group in ended for group in groups)
        return done, going.total() - sum(going[group] for group in groups)

    def _count(self, mock: MockNode, by: int) -> None:
        counts = self._counts.setdefault((mock.run_id, mock.ended), Counter())
        counts[mock.node_id] += by
        if not counts[mock.node_id]:
            del counts[mock.node_id]
        if not counts:
            del self._counts[mock.run_id, mock.ended]


class ChatStore(RunTable[Message]):
    """The bubbles. A message grows in place and is never copied: `show` tells that it did."""

    def show(self, message: Message) -> None:
        """The message is new, or another than before."""
        key = message.run_id, message.key
        self._runs.setdefault(message.run_id, {})[message.key] = message
        self._items[key] = message  # also an equal one: this is the one that will grow
        self._touch(key)


class InteractionsStore(RunTable[Card]):
    """The cards of all runs, in the order they were asked for; and the sign-ins a person put away."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self.dismissed: dict[RunKey, SignIn] = {}

    def dismiss(self, key: RunKey) -> None:
        """Put a sign-in away; it comes back only when there is news of it."""
        card = self.get(key)
        if card is not None and card.sign_in is not None:
            self.dismissed[key] = card.sign_in
            self.delete(key)

    def delete_run(self, run_id: str) -> None:
        super().delete_run(run_id)
        for key in [key for key in self.dismissed if key[0] == run_id]:
            del self.dismissed[key]


class NoticesStore(MapStore[str, Notice]):
    """Notices by key: the same key again replaces the text and counts; at most MAX_NOTICES stay."""

    def say(self, key: str, text: str, role: Role = "status") -> None:
        """Tell politely."""
        known = self.get(key)
        self.set(key, Notice(key, role, text, known.count + 1 if known else 1))
        if len(self) > MAX_NOTICES:
            self.delete(next(iter(self._items)))

    def alert(self, key: str, text: str) -> None:
        """Tell at once."""
        self.say(key, text, "alert")


class MetricsStore(MapStore[Metric, int]):
    """received counts frames; handled, duplicate, unknown events; merged those whose words
    were added to others' because too many waited; gap the gaps noticed; tracked the runs known.
    """

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        for metric in METRICS:
            self.set(metric, 0)

    def count(self, metric: Metric, by: int = 1) -> None:
        self.set(metric, (self.get(metric) or 0) + by)
