"""InteractionsView: a card for everything that waits for a person, those of the run in front first."""

from __future__ import annotations

from math import inf

from ...ports import DomEvent
from ...stores.cards import Card
from ...stores.rows import RunKey
from ..context import View, ViewContext
from ..keyed import Keyed
from .cards import DrawnCard


class InteractionsView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._list: Keyed[RunKey, Card, DrawnCard] = Keyed(
            self.document.region("interactions"),
            lambda key, card: DrawnCard(context, key, card),
            self._update,
            order=self._order,
            other=DrawnCard.is_other,
        )
        mark = self.draws(self.stores.interactions, self._draw)
        self.owns(self.stores.front.listen(lambda _: mark(self._list)))
        self.owns(self.stores.graph.listen(lambda _: mark(self._list)))
        self.follows(self.stores.runs, lambda runs: mark([key for key in self._list if key[0] in runs]))
        self.on("interactions", "click", "[data-action]", self._act)
        self.on("interactions", "keydown", "input", self._typed)
        self.clicks("interactions", "data-show-node", self.commands.choose_node)
        self.clicks("interactions", "data-show-run", self.commands.show_run)

    def clear(self) -> None:
        self._list.clear()

    def settle(self) -> None:
        count = len(self._list)
        title = self.words("title.interactions")
        self.document.region("interactions-title").textContent = f"{title} ({count})" if count else title

    def _order(self, card: Card) -> tuple[float, str, bool, int]:
        """The same on every page, however it learned of them: by run, the oldest first, then as they were asked."""
        row = self.stores.runs.get(card.run_id)
        started_at = row.started_at if row is not None and row.started_at is not None else inf
        return started_at, card.run_id, card.sign_in is not None, card.serial

    def _draw(self, key: RunKey, card: Card | None) -> None:
        drawn = self._list.get(key)
        if drawn is not None:
            drawn.counting()
        self._list.draw(key, card)

    def _update(self, drawn: DrawnCard, card: Card) -> None:
        drawn.update(card)
        drawn.counting = self.context.ticker.live(self, drawn.tell_time)

    # -- what a person does -------------------------------------------------------------------------
    def _act(self, event: DomEvent) -> None:
        self._do(event.attribute("data-action") or "", event.attribute("data-of"))

    def _typed(self, event: DomEvent) -> None:
        """Enter in a field of one line sends, as in any form; where there is more than one way out it does nothing."""
        of = event.attribute("data-of")
        for _, drawn in self._numbered(of):
            if event.key == "Enter" and drawn.question is not None and drawn.question.actions == ("submit",):
                self._do("submit", of)

    def _numbered(self, number: str | None) -> list[tuple[RunKey, DrawnCard]]:
        """The card whose buttons and fields bear a number."""
        return [(key, drawn) for key, drawn in self._list.items() if drawn.number == number]

    def _do(self, action: str, of: str | None) -> None:
        for key, drawn in self._numbered(of):
            card = self.stores.interactions.get(key)
            if card is not None and (self.context.settings.may_act or action == "dismiss"):
                self._act_on(key, drawn, card, action)

    def _act_on(self, key: RunKey, drawn: DrawnCard, card: Card, action: str) -> None:
        if action == "authorize" and card.sign_in is not None:
            if self.context.settings.sign_in.refusal(card.sign_in.event.auth_url) is None:
                drawn.opened()
                self.document.open_window(card.sign_in.event.auth_url)
        elif action == "dismiss":
            self.commands.put_away(key)
        elif drawn.question is not None and card.state == "open":
            answer = drawn.question.answer(action)
            if answer is not None:
                self.commands.answer(key, answer)
