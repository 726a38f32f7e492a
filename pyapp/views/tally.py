"""Tally: how many nodes of a run execute, and how many have ended, without counting them again."""

from __future__ import annotations

from collections import Counter

from ..stores.rows import MockNode


class Tally:
    """Notes the executions of one run, each by the id of its mock node. A node counts once, however often it ended."""

    def __init__(self) -> None:
        self._known: dict[str, MockNode] = {}
        self._ended: Counter[str] = Counter()
        self.executing = 0

    @property
    def done(self) -> int:
        """Nodes that have ended at least once."""
        return len(self._ended)

    def note(self, mock_id: str, mock: MockNode | None) -> None:
        """This is how the execution is now; None where there is none."""
        before = self._known.pop(mock_id, None)
        if before is not None and not before.ended:
            self.executing -= 1
        elif before is not None:
            self._ended[before.node_id] -= 1
            if not self._ended[before.node_id]:
                del self._ended[before.node_id]
        if mock is not None:
            self._known[mock_id] = mock
            if mock.ended:
                self._ended[mock.node_id] += 1
            else:
                self.executing += 1
