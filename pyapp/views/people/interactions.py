"""InteractionsView: a card for everything that waits for a person, those of the run in front first."""

from __future__ import annotations

from ...ports import DomEvent
from ...stores.rows import Card, RunKey
from ..context import View, ViewContext
from ..keyed import Keyed
from .cards import CardMaker, DrawnCard


class InteractionsView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._maker = CardMaker(context)
        self._list: Keyed[RunKey, Card, DrawnCard] = Keyed(
            self.document.region("interactions"), self._maker.make, self._update, other=self._maker.is_other
        )
        mark = self.draws(self.stores.interactions, self._draw)
        self.owns(self.stores.front.listen(lambda _: mark(self._keys())))
        self.owns(self.stores.graph.listen(lambda _: mark(self._keys())))
        self.owns(self.stores.runs.listen(lambda runs: mark([key for key in self._keys() if key[0] in runs])))
        self.on("interactions", "click", "[data-action]", self._act)
        self.on("interactions", "click", "[data-show-node]", self._show_node)
        self.on("interactions", "click", "[data-show-run]", self._show_run)
        self.on("interactions", "keydown", "input", self._typed)

    def clear(self) -> None:
        self._list.clear()

    def settle(self) -> None:
        count = len(self._list)
        title = self.words("title.interactions")
        self.document.region("interactions-title").textContent = f"{title} ({count})" if count else title

    def _keys(self) -> list[RunKey]:
        return [key for key, _ in self._list.items()]

    def _draw(self, key: RunKey, card: Card | None) -> None:
        drawn = self._list.get(key)
        if drawn is not None:
            drawn.counting()
        self._list.draw(key, card)

    def _update(self, drawn: DrawnCard, card: Card) -> None:
        self._maker.update(drawn, card)
        drawn.counting = self.context.ticker.live(self.drawing, lambda now: self._maker.tell_time(drawn, now))

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
            if card is not None and (self.context.may_act or action == "dismiss"):
                self._act_on(key, drawn, card, action)

    def _act_on(self, key: RunKey, drawn: DrawnCard, card: Card, action: str) -> None:
        if action == "authorize" and card.sign_in is not None:
            if self.context.sign_in.refusal(card.sign_in.event.auth_url) is None:
                self._maker.opened(drawn)
                self.document.open_window(card.sign_in.event.auth_url)
        elif action == "dismiss":
            self.context.commands.put_away(key)
        elif drawn.question is not None and card.state == "open":
            answer = drawn.question.answer(action)
            if answer is not None:
                self.context.commands.answer(key, answer)

    def _show_node(self, event: DomEvent) -> None:
        self.context.commands.choose_node(event.attribute("data-show-node"))

    def _show_run(self, event: DomEvent) -> None:
        run_id = event.attribute("data-show-run")
        if run_id is not None:
            self.context.commands.show_run(run_id)
