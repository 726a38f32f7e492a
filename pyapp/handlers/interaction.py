"""InteractionHandler: a card for everything a run waits for a person to do.

The run says what is open; this keeps the cards in line with it. An answer that is under way, or that did not arrive,
stays with its card.
"""

from __future__ import annotations

from dataclasses import replace

from ..contract.events import Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record import SignIn, Wanted
from ..run.run import Run
from ..stores.cards import Card, requirement_key, sign_in_key
from ..stores.rows import RunKey
from ..stores.tables import InteractionsStore, RunTable


class InteractionHandler(EventHandler):
    name = "InteractionHandler"
    events = frozenset({"AgentPaused", "interaction_event", "resume_start", "resume_end", "end_node", "run_end"})
    part = "cards"
    costs = "costs.interaction"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.run
        if self._show(run, context) and not run.over:
            context.notices.say("elsewhere", context.words("interaction.elsewhere"), news=True)

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        if run is not None:
            self._show(run, context)

    def _show(self, run: Run, context: HandlerContext) -> bool:
        """Whether a card was taken away that a person could still have answered here."""
        cards = context.stores.interactions
        closed = dict.fromkeys(cards.of_run(run.run_id))
        for requirement_id, wanted in run.cards():
            key = requirement_key(run.run_id, requirement_id)
            closed.pop(key[1], None)
            card = cards.get(key)
            if card is None or not card.asks_the_same(wanted):
                card = Card(run.run_id)
            if card.wanted != wanted:
                cards.set(key, replace(card, wanted=replace(wanted)))
        for interaction_id, sign_in in run.sign_ins():
            key = sign_in_key(run.run_id, interaction_id)
            closed.pop(key[1], None)
            self._invite(key, sign_in, cards)
        self._keep_answers(run, context.stores.answered)
        answered = False
        for name in closed:
            card = cards.get((run.run_id, name))
            answered = answered or (card is not None and card.wanted is not None and card.state == "open")
            cards.delete((run.run_id, name))
        if run.over:
            cards.delete_run(run.run_id)
        return answered

    def _invite(self, key: RunKey, sign_in: SignIn, cards: InteractionsStore) -> None:
        put_away = cards.dismissed.get(key)
        if put_away is not None and not _news(put_away, sign_in):
            return
        cards.dismissed.pop(key, None)
        card = cards.get(key) or Card(key[0])
        if card.sign_in != sign_in:
            away = card.away and card.sign_in is not None and not _news(card.sign_in, sign_in)
            cards.set(key, replace(card, sign_in=replace(sign_in), away=away))

    def _keep_answers(self, run: Run, answers: RunTable[Wanted]) -> None:
        """What the record has as answered, and nothing else: a question may be asked again, a history told anew."""
        gone = dict.fromkeys(answers.of_run(run.run_id))
        for requirement_id, wanted in run.record.wanted.items():
            if not wanted.open:
                gone.pop(requirement_id, None)
                answers.set((run.run_id, requirement_id), replace(wanted))
        for requirement_id in gone:
            answers.delete((run.run_id, requirement_id))


def _news(shown: SignIn, sign_in: SignIn) -> bool:
    """Whether it tells a person something that the one shown does not."""
    one, other = shown.event, sign_in.event
    told = shown.status, one.auth_url, one.provider, one.scopes, one.expires_at
    return told != (sign_in.status, other.auth_url, other.provider, other.scopes, other.expires_at)
