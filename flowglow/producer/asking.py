"""Asking people: what a run wants to know is told, and waited for as long as an answer can come."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..errors import Refused
from ..relay.log.port import Draft
from .outgoing import Outgoing
from .wishes import Wishes

Key = tuple[str, str]
"""The event that asked, and the id of the requirement as it was told."""


class Asking:
    """Waits for answers. Owns nothing: `outgoing` has what is told, `wishes` what people want."""

    def __init__(self, outgoing: Outgoing, wishes: Wishes) -> None:
        self._outgoing = outgoing
        self._wishes = wishes

    async def answers(self, questions: Sequence[Draft]) -> list[dict[str, Any]]:
        """Tell these and wait: an answer to each requirement, in order; fewer once the run is stopped. Raises Refused.

        An id is looked for as it was told, which is not as it was given where UTF-8 cannot carry that.
        """
        answers = self._wishes.answers
        keys: list[Key] = [
            (question.event_id, str(each["id"])) for question in questions for each in question.event["requirements"]
        ]
        with contextlib.ExitStack() as minding:
            lost = [minding.enter_context(self._outgoing.minding(question)) for question in questions]

            def refused() -> Refused | None:
                return next((why for each in lost if (why := each()) is not None), self._wishes.refused)

            def is_settled() -> bool:
                return all(key in answers for key in keys) or self._wishes.stopped.is_set() or refused() is not None

            await self._tell(questions, is_settled)
            if (why := refused()) is not None:
                raise why
        return [answers[key] for key in keys if key in answers]

    async def _tell(self, questions: Sequence[Draft], is_settled: Callable[[], bool]) -> None:
        """Until it is settled: again with each word of what is wanted, as nobody can answer what the log has lost."""

        def is_due(heard: int) -> bool:
            return is_settled() or (self._wishes.heard != heard and not self._outgoing.waiting)

        settled = False
        while not settled:
            for question in questions:
                await self._outgoing.put(question)
            async with self._outgoing.changed:
                await self._outgoing.changed.wait_for(partial(is_due, self._wishes.heard))
                settled = is_settled()
