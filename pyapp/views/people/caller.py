"""Caller: calls a person who looks elsewhere, when something waits: a number in the title, and a notification.

It does not wait for frames: none come while nobody looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ...live.shared import Shared
from ...locale.display import short_id
from ...ports import Attention
from ...stores.cards import Card
from ...stores.rows import RunKey


class Caller:
    """Owns the number, and which cards somebody was called for. Notifications are a person's choice, and kept."""

    def __init__(
        self,
        shared: Shared,
        attention: Attention,
        open_card: Callable[[RunKey], None],
        run_name: Callable[[str], str],
    ) -> None:
        self._stores = shared.stores
        self._words = shared.words
        self._memory = shared.memory
        self._attention = attention
        self._open_card = open_card
        self._run_name = run_name
        self._called: set[RunKey] = set()
        self._task: asyncio.Task[None] | None = None
        shared.stores.interactions.subscribe(self._changed)
        self._offer()

    def ask(self) -> None:
        """A person wants to be called; the browser asks whether it may."""
        self._task = asyncio.ensure_future(self._ask())

    def stop(self) -> None:
        """Call nobody any more."""
        self._attention.count(0)
        if self._task is not None:
            self._task.cancel()

    # -- inside -----------------------------------------------------------------------------------
    async def _ask(self) -> None:
        self._memory.notifies = await self._attention.ask() == "granted"
        self._offer()

    def _offer(self) -> None:
        """Whether a person can be asked: only who was not, and where the browser has such a thing."""
        may = self._attention.permission
        self._stores.can_notify.set(may == "ask" or (may == "granted" and not self._memory.notifies))

    def _changed(self, keys: dict[RunKey, None]) -> None:
        cards = self._stores.interactions
        self._attention.count(cards.asking)
        for key in keys:
            card = cards.get(key)
            if card is None or not card.asks:
                self._called.discard(key)
            elif key not in self._called:
                self._called.add(key)
                self._call(key, card)

    def _call(self, key: RunKey, card: Card) -> None:
        attention = self._attention
        if not (attention.hidden and self._memory.notifies and attention.permission == "granted"):
            return
        run = self._run_name(card.run_id)
        title = self._words("notify.title", kind=self._words(f"kind.{card.kind}"), run=run)
        text = card.prompt or self._words("interaction.which", run=short_id(card.run_id))
        attention.notify(title, text, "/".join(key), lambda: self._open_card(key))
