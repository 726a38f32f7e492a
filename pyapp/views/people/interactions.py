"""InteractionsView: a card for everything that waits for a person, those of the run in front first."""

from __future__ import annotations

from math import inf

from ...ports import DomEvent
from ...stores.cards import Card
from ...stores.rows import RunKey
from ..context import View, ViewContext
from ..keyed import Keyed
from ..names import follow_names
from ..parts import Told
from .cards import DrawnCard


class InteractionsView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._told = Told(self.document.region("interactions"))
        self._list: Keyed[RunKey, Card, DrawnCard] = Keyed(
            self._told.element,
            lambda key, card: DrawnCard(context, key, card),
            self._update,
            order=self._order,
            other=DrawnCard.is_other,
        )
        self._opened: RunKey | None = None
        """A card that a person opened: the focus goes there once it is unfolded."""
        self._mark = mark = self.draws(self.stores.interactions, self._draw)
        for store in (self.stores.front, self.stores.graph, self.stores.today):
            self.owns(store.listen(lambda _: mark(self._list)))
        self.follows(self.stores.runs, lambda runs: mark([key for key in self._list if key[0] in runs]))
        follow_names(self, lambda _: mark(key for key in self._list if key[0] == self.front))
        self.on("interactions", "click", "[data-action]", self._act)
        self.on("interactions", "keydown", "input, textarea, select", self._typed)
        self.clicks("interactions", "data-show-node", self.commands.choose_node)
        self.on("interactions", "click", "[data-show-run]", lambda event: self._open(event.attribute("data-of")))
        self.owns(self.stores.taken_up.listen(self._taken_up))

    def clear(self) -> None:
        self._list.clear()

    def settle(self) -> None:
        count = self.stores.interactions.asking
        self._told.note("data-asking", str(count))
        self.document.region("waiting").hidden = not self._list
        opened = self._list.get(self._opened) if self._opened is not None and self._opened[0] == self.front else None
        if opened is not None:
            self._opened = None
            self.context.platform.zones.reveal("waiting")
            self.document.scroll_to(opened.element)
            opened.focus()
        if not self._list and self.document.holds_focus("interactions-title"):
            self.document.region("canvas-title").focus()  # the title goes with the last card
        title = self.words("title.interactions")
        self.document.region("interactions-title").textContent = f"{title} ({count})" if count else title

    def _order(self, card: Card) -> tuple[bool, float, str, bool, int]:
        """Those of the run in front first; the others by run, the oldest first; of a run as they were asked."""
        row = self.stores.runs.get(card.run_id)
        started_at = row.started_at if row is not None and row.started_at is not None else inf
        return card.run_id != self.front, started_at, card.run_id, card.sign_in is not None, card.serial

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

    def _typed(self, event: DomEvent) -> bool:
        """Ctrl or ⌘ with Enter sends; Enter alone in a field of one line does, where there is one way out."""
        for _, drawn in self._numbered(event.attribute("data-of")) if event.key == "Enter" else ():
            if drawn.question is not None:
                line = event.target.getAttribute("type") == "text" and drawn.question.actions == ("submit",)
                if event.command or line:
                    self._do(drawn.question.actions[0], drawn.number)
                    return True
        return False

    def _open(self, of: str | None) -> None:
        for key, _ in self._numbered(of):
            self.commands.take_up(key)

    def _taken_up(self, taken: tuple[RunKey, int] | None) -> None:
        """What was one line is seen whole, its run in front, and a person can go on in it at once."""
        if taken is not None:
            self._opened = taken[0]
            self._mark([taken[0]])

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
            self._go_on(key)
        elif action == "cancel":
            if drawn.confirm():
                self.commands.stop(card.run_id)
                self._go_on(key)
        elif drawn.question is not None and card.state == "open":
            answer = drawn.question.answer(action)
            if answer is not None:
                self.commands.answer(key, answer)
                self._go_on(key)

    def _go_on(self, done: RunKey) -> None:
        """The focus goes to the next card that can be answered, else to the title; never away with what is done."""
        for key, drawn in self._list.items():
            card = self.stores.interactions.get(key)
            if key != done and card is not None and card.asks and not card.away and card.run_id == self.front:
                drawn.focus()
                return
        self.document.region("interactions-title").focus()
