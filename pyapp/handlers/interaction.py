"""InteractionHandler: a card for everything a run waits for a person to do.

The record says what is open (`state/waiting.py`); this keeps the cards in line with it. An answer that is under
way, or that did not arrive, stays with its card.
"""

from __future__ import annotations

from dataclasses import replace

from ..contract.events import Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record_old import RunRecord
from ..run.waiting_old import SignIn, Wanted
from ..stores.interactions import Card, CardKey, requirement_key, sign_in_key


class InteractionHandler(EventHandler):
    name = "InteractionHandler"
    events = frozenset({"AgentPaused", "interaction_event", "resume_start", "resume_end", "run_end"})
    costs = "Questions of the run may not appear, or stay when they are answered. The run itself waits safely."

    def handle(self, message: Event, context: HandlerContext) -> None:
        self._sync(context.tracking.run(message.run_id), context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        if run is not None:
            self._sync(run, context)

    def _sync(self, run: RunRecord, context: HandlerContext) -> None:
        for requirement_id, wanted in run.waiting.wanted.items():
            self._ask(requirement_key(run.run_id, requirement_id), wanted, run, context)
        for interaction_id, sign_in in run.waiting.sign_ins.items():
            self._invite(sign_in_key(run.run_id, interaction_id), sign_in, context)

    def _ask(self, key: CardKey, wanted: Wanted, run: RunRecord, context: HandlerContext) -> None:
        card = context.stores.interactions.get(key)
        if (wanted.open and card is None) or (wanted.open and card is not None and card.wanted != wanted):
            context.stores.interactions.set(key, Card(key[0], wanted=wanted))
        elif not wanted.open and card is not None:
            context.stores.interactions.delete(key)
            if card.state == "open" and not run.over:
                context.notices.say("elsewhere", context.words("interaction.elsewhere"))

    def _invite(self, key: CardKey, sign_in: SignIn, context: HandlerContext) -> None:
        cards = context.stores.interactions
        if not sign_in.open:
            cards.delete(key)
            cards.dismissed.pop(key, None)
        elif cards.dismissed.get(key) != sign_in:
            cards.dismissed.pop(key, None)
            card = cards.get(key)
            if card is None or card.sign_in != sign_in:
                cards.set(key, replace(card or Card(key[0]), sign_in=replace(sign_in)))
