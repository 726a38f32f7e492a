"""Answers: the events of a run that are told over HTTP, brought into the inbox.

An answer is void from the moment at which the history of the run is in doubt: it was asked for before, so what is left
of it may be of a history that is no more.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.decode import Decoded, Malformed
from ...link.backend import Questions
from ...run.run import Run
from ..histories import Histories
from ..inbox import Inbox

MANY = 1_000
"""Events that make a long answer."""


def many(run: Run) -> bool:
    """Whether the answer about what is missing may be long: it holds all that is behind the first of it."""
    missing = run.log.missing()
    return bool(missing) and max(run.log.highest, missing[-1][1]) - missing[0][0] >= MANY


class Answers:
    """Asks once. Whether it is worth while to ask, and to ask again, others decide."""

    def __init__(self, inbox: Inbox, api: Questions) -> None:
        self._inbox = inbox
        self._api = api

    async def bring(self, run: Run, after: int) -> bool:
        """Take in the events behind a number. False where that was not all there is: cut short, or void."""
        answer = Answer(self._inbox.intake.histories, run.run_id)
        items = await self._api.events(run.run_id, after)
        await self._inbox.take(answer.read(items), again=not run.log.waiting)
        return answer.whole


class Answer:
    """One of them, made before it is asked for, and read in its turn."""

    def __init__(self, histories: Histories, run_id: str) -> None:
        self._histories = histories
        self._run_id = run_id
        self._doubts = histories.doubts(run_id)
        self._torn = False

    @property
    def void(self) -> bool:
        """The history was doubted since this was asked for."""
        return self._histories.doubts(self._run_id) != self._doubts

    @property
    def whole(self) -> bool:
        """All that was told is in, to the last line."""
        return not self.void and not self._torn

    def read(self, items: Iterator[Decoded]) -> Iterator[Decoded]:
        """What was told, for as long as it is worth something."""
        for item in items:
            if self.void:
                return
            self._torn = isinstance(item, Malformed) and item.torn
            yield item
