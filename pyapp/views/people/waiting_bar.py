"""WaitingBarView: over the canvas, what waits for a person next: who, of which run, how long is left; and Open."""

from __future__ import annotations

from math import inf

from ...ports import Off
from ...stores.cards import Card
from ...stores.rows import RunKey
from ..context import View, ViewContext
from ..names import follow_names
from ..parts import Told
from .forms import moment
from .origin import tell_left


class WaitingBarView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create, words = self.create, self.words
        self._region = Told(self.document.region("waiting-bar"))
        self._name, self._more = (Told(create("span", f"waiting-{each}")) for each in ("name", "more"))
        before, after = (create("span", "waiting-words", each) for each in words("waiting.who", who="\n").split("\n"))
        who = create("span", "waiting-who", before, self._name.element, after)
        self._time = create("span", "waiting-time")
        opens = create("button", "primary", words("interaction.open"), type="button", data_waiting="open")
        self._notify = Told(create("button", "quiet", words("notify.ask"), type="button", data_waiting="notify"))
        text = create("span", "waiting-text", who, self._time, self._more.element)
        self._region.element.replaceChildren(self.parts.icon("circle-pause"), text, opens, self._notify.element)
        self._next: RunKey | None = None
        self._is_late = False
        """Its time is up, as that of all others: else another one is next."""
        self._counting: Off = lambda: None
        stores = self.stores
        again = self._again = self.shows(self._draw, stores.front, stores.graph, stores.flows, stores.can_notify)
        self.follows(stores.interactions, lambda _: again())
        follow_names(self, lambda _: again())
        self.follows(stores.runs, lambda runs: again() if self._next is not None and self._next[0] in runs else None)
        self.clicks("waiting-bar", "data-waiting", self._act)

    def _draw(self) -> None:
        cards = [(key, card) for key, card in self.stores.interactions.items() if card.asks]
        self._counting()
        self._region.hide(not cards)
        if not cards:
            self._next = None
            for told in (self._name, self._more):
                told.say("")
            self._name.note("title", None)
            self._tell(None, 0.0)
            return
        self._next, card = min(cards, key=lambda each: self._urgency(each[1]))
        known = card.run_id == self.front and card.node_id is not None
        who = self.context.title(card.node_id or "", card.run_id) if known else self.context.run_name(card.run_id)
        self._name.say(who)
        self._name.note("title", who)
        rest = len(cards) - 1
        self._more.say(self.words("waiting.more", count=rest) if rest else "")
        self._notify.hide(not self.stores.can_notify.get())
        until = moment(card.expires_at)
        self._is_late = self._late(until)
        self._counting = self.context.ticker.live(self, lambda now: self._tell(until, now))

    def _urgency(self, card: Card) -> tuple[bool, bool, float, bool, float, int, RunKey]:
        """What was put away comes last, then what expired; else what expires first, then the run in front, then who
        waits longest, then what was asked first.
        """
        row, until = self.stores.runs.get(card.run_id), moment(card.expires_at)
        started_at = row.started_at if row is not None and row.started_at is not None else inf
        first = inf if until is None else until
        behind = card.run_id != self.front
        return card.away, self._late(until), first, behind, started_at, card.serial, card.key

    def _late(self, until: float | None) -> bool:
        return until is not None and until <= self.context.shared.server_clock.now()

    def _tell(self, until: float | None, now: float) -> float | None:
        again = tell_left(self.words, self._time, until, now, "waiting.expired")
        if self._late(until) and not self._is_late:
            self._again()
        return again

    def _act(self, what: str) -> None:
        if what == "notify":
            self.context.caller.switch()
        elif self._next is not None:
            self.commands.take_up(self._next)
