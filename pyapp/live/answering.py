"""Answering: what people answer, until something comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..clock import sleep
from ..errors import ApiError
from ..link.backend import Questions
from ..link.replay import Replay
from ..run.tracking import ExecutionTracking
from ..stores.cards import Card, CardState
from ..stores.rows import RunKey
from .shared import Shared
from .stops import EFFECT_S
from .sync import Sync

ASKED_S = 5.0
"""Between a question about a run that has not gone on, EFFECT_S behind an answer, and a look at what was said."""


class Answering:
    """Owns the way of an answer from its card to its effect: a server that took it may have been started anew since."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, sync: Sync, backend: Questions | Replay) -> None:
        self._shared = shared
        self._cards = shared.stores.interactions
        self._tracking = tracking
        self._sync = sync
        self._backend = backend

    async def give(self, key: RunKey, run_id: str, answer: dict[str, Any]) -> None:
        """Send it, and wait for what comes of it; the card says why it did not arrive, and can be sent again then."""
        sending = self._cards.get(key)
        failure: str | None = None
        try:
            await self._backend.answer(run_id, answer)
            self._shared.stores.own_answers.set((key[0], str(answer["id"])), answer)
        except ApiError as error:
            failure = self._shared.words("failed.answer", reason=error)
            run = self._tracking.find(key[0])
            if run is not None:  # it may have been taken all the same, or be of use to nobody any more
                self._sync.runs.state(run)
        if sending is not None and self._is(key, sending, "sending"):
            self._set(key, "sent" if failure is None else "open", failure)
            while self._is(key, sending, "sent"):
                await self._look(key, sending, str(answer["id"]))

    async def _look(self, key: RunKey, sent: Card, requirement_id: str) -> None:
        """Ask how the run is, some time behind the answer: what it still waits for then may be answered again."""
        await sleep(self._shared.clock, EFFECT_S)
        run = self._tracking.find(key[0])
        if run is None or not self._is(key, sent, "sent"):
            return
        asked = self._tracking.asking(run).serial
        self._sync.runs.state(run)
        await sleep(self._shared.clock, ASKED_S)
        info, heard = run.word.info, run.answered > asked
        others = [self._cards.get((key[0], each)) for each in self._cards.of_run(key[0])]
        if any(each is not None and each.asks for each in others):
            return  # it may go on only when all that it asks is answered
        listed = any(each.id == requirement_id for each in info.requirements or ())
        if heard and listed and info.status == "paused" and self._is(key, sent, "sent"):
            self._set(key, "open", self._shared.words("interaction.no_effect"))

    def _is(self, key: RunKey, sent: Card, state: CardState) -> bool:
        """Whether its card is so: it may be closed by now, or asked again, or more is known of it."""
        card = self._cards.get(key)
        return card is not None and card.state == state and sent.asks_the_same(card.wanted)

    def _set(self, key: RunKey, state: CardState, error: str | None) -> None:
        card = self._cards.get(key)
        if card is not None:
            self._cards.set(key, replace(card, state=state, error=error))
