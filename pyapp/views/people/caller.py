"""Caller: calls a person who looks elsewhere, when something waits: a number in the title, and a notification.

It does not wait for frames: none come while nobody looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from ...contract.text import unmarked
from ...live.shared import Shared
from ...locale.display import short_id
from ...ports import Attention, Off, Permission
from ...stores.cards import Card
from ...stores.rows import RunKey

SAID: Final[dict[Permission, str]] = {
    "granted": "notify.on",
    "denied": "notify.denied",
    "never": "notify.never",
    "ask": "notify.off",
}
"""What the browser answered → what a person is told of it."""


class Caller:
    """Owns the number, and what calls somebody for which card. Notifications are a person's choice, and kept."""

    def __init__(
        self, shared: Shared, attention: Attention, open_card: Callable[[RunKey], None], run_name: Callable[[str], str]
    ) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._words = shared.words
        self._memory = shared.memory
        self._attention = attention
        self._open_card = open_card
        self._run_name = run_name
        self._called: dict[RunKey, Off] = {}
        """The cards that were seen or called for; what takes the call back."""
        self._task: asyncio.Task[None] | None = None
        shared.stores.interactions.subscribe(self._changed)
        self._offer()

    def switch(self) -> None:
        """A person wants to be called, so that the browser asks whether it may; or no more. Both are said."""
        if self._calls:
            self._memory.notifies = False
            self._take_back()
            self._shared.say("notify.off")
            self._offer()
        else:
            self._task = asyncio.ensure_future(self._ask())

    def stop(self) -> None:
        """Call nobody any more."""
        self._attention.count(0)
        self._take_back()
        if self._task is not None:
            self._task.cancel()

    # -- inside -----------------------------------------------------------------------------------
    async def _ask(self) -> None:
        permission = await self._attention.ask()
        self._memory.notifies = permission == "granted"
        self._shared.say(SAID[permission])
        self._offer()

    @property
    def _calls(self) -> bool:
        return self._memory.notifies and self._attention.permission == "granted"

    def _take_back(self) -> None:
        for close in self._called.values():
            close()

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
                self._called.pop(key, _nothing)()
            elif key not in self._called:
                self._called[key] = self._call(key, card)

    def _call(self, key: RunKey, card: Card) -> Off:
        if not (self._attention.hidden and self._calls):
            return _nothing
        run = self._run_name(card.run_id)
        title = self._words("notify.title", kind=self._words(f"kind.{card.kind}"), run=run)
        text = unmarked(card.prompt) or self._words("interaction.which", run=short_id(card.run_id))
        return self._attention.notify(title, text, "/".join(key), lambda: self._open_card(key))


def _nothing() -> None:
    """Nobody was called."""
