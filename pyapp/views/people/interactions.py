"""InteractionsView: a card for everything that waits for a person, those of the run in front first."""

from __future__ import annotations

from ...ports import DomEvent
from ...stores.interactions import Card, CardKey
from ..context import View, ViewContext
from ..ticker import Ticker
from .cards import CardMaker, DrawnCard


class InteractionsView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("interactions")
        self._maker = CardMaker(context)
        self._drawn: dict[CardKey, DrawnCard] = {}
        self._ticker = Ticker(context.clock, self._tick)
        self.owns(self._ticker.stop)
        self.owns(self.stores.interactions.subscribe(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._placed()))
        self.on("interactions", "click", "[data-action]", self._act)
        self.on("interactions", "click", "[data-show-node]", self._show_node)
        self.on("interactions", "click", "[data-show-run]", self._show_run)
        self.on("interactions", "keydown", "input", self._typed)

    def _changed(self, keys: set[CardKey]) -> None:
        new = False
        for key in keys:
            card = self.stores.interactions.get(key)
            if card is None:
                self._remove(key)
            elif key in self._drawn:
                self._update(key, card)
            else:
                new = True
        if new:  # in the order in which they were asked for
            for key, card in self.stores.interactions.items():
                if key not in self._drawn:
                    self._add(key, card)
        self._ticker.run(any(card.expires_at is not None for _, card in self.stores.interactions.items()))
        self._title()

    def _add(self, key: CardKey, card: Card) -> None:
        drawn = self._drawn[key] = self._maker.make(key, card)
        self._place(drawn, card)
        self._region.append(drawn.element)

    def _update(self, key: CardKey, card: Card) -> None:
        drawn = self._drawn[key]
        if self._maker.is_other(drawn, card):
            before = drawn.element
            self._drawn[key] = drawn = self._maker.make(key, card)
            before.replaceWith(drawn.element)
            self._place(drawn, card)
        else:
            self._maker.update(drawn, card)

    def _remove(self, key: CardKey) -> None:
        drawn = self._drawn.pop(key, None)
        if drawn is not None:
            drawn.element.remove()

    def _placed(self) -> None:
        """Another run is in front."""
        for key, drawn in self._drawn.items():
            card = self.stores.interactions.get(key)
            if card is not None:
                self._place(drawn, card)

    def _place(self, drawn: DrawnCard, card: Card) -> None:
        front = card.run_id == self.stores.front.get()
        drawn.element.setAttribute("data-front", "true" if front else "false")
        drawn.of_run.hidden = front

    def _title(self) -> None:
        count = len(self._drawn)
        title = self.words("title.interactions")
        self.document.region("interactions-title").textContent = f"{title} ({count})" if count else title

    def _tick(self) -> None:
        for key, drawn in self._drawn.items():
            card = self.stores.interactions.get(key)
            if card is not None:
                self._maker.tell_time(drawn, card)

    # -- what a person does -------------------------------------------------------------------------
    def _act(self, event: DomEvent) -> None:
        self._do(event.attribute("data-action") or "", event.attribute("data-of"))

    def _typed(self, event: DomEvent) -> None:
        """Enter in a field of one line sends, as in any form; where there is more than one way out it does nothing."""
        of = event.attribute("data-of")
        drawn = self._drawn.get(self._maker.keys.get(of or "", ("", "")))
        question = drawn.question if drawn is not None else None
        if event.key == "Enter" and question is not None and question.actions == ("submit",):
            self._do("submit", of)

    def _do(self, action: str, of: str | None) -> None:
        key = self._maker.keys.get(of or "")
        card = self.stores.interactions.get(key) if key is not None else None
        if key is None or card is None or key not in self._drawn:
            return
        drawn = self._drawn[key]
        if action == "authorize" and card.sign_in is not None:
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
