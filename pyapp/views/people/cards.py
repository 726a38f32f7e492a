"""Cards: one thing a person is asked for. Made once, then brought up to date around what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from ...contract.addresses import host_of
from ...contract.text import text_of
from ...ports import Element, Off
from ...run.record import SignIn, Wanted
from ...stores.cards import Card
from ...stores.rows import RunKey
from ..context import ViewContext
from ..parts import note
from ..values import draw_arguments
from .forms import moment
from .origin import Origin, named
from .questions import Question, reviewed

ACTIONS: Final = {
    "approve": ("circle-check", "primary"),
    "reject": ("circle-x", "quiet apart"),
    "submit": ("send", "primary"),
    "authorize": ("key-round", "primary"),
    "again": ("refresh-cw", "primary"),
    "later": ("chevron-down", "quiet"),
    "dismiss": ("x", "quiet"),
    "cancel": ("square", "quiet apart"),
}
"""Action → its icon and its class; its words are under the same name."""


def card_number(key: RunKey) -> str:
    """What the parts of a card bear, so that they are found in the page."""
    return quote("/".join(key), safe="")


class DrawnCard:
    """Owns the element of one card. `number`, made of its key, is what its buttons and fields bear."""

    def __init__(self, context: ViewContext, key: RunKey, card: Card) -> None:
        self.number = card_number(key)
        self.until: float | None = None
        """When it expires, by the server's clock."""
        self.counting: Off = lambda: None
        self.question: Question | None = None
        self._context = context
        self._parts = context.parts
        self._words = context.words
        self._asked = _asked(card)
        self._buttons: list[Element] = []
        self._sure = False
        create = self._parts.create
        self.origin = Origin(context, card, self.number)
        self._told = create("p", "card-told", role="status")
        """What became of the answer, or of the sign-in."""
        if card.wanted is not None:
            inside = list(self._ask(card.wanted))
            what = {"data_requirement_id": card.wanted.requirement.id, "data_kind": card.wanted.requirement.kind}
        elif card.sign_in is not None:
            inside = list(self._invite(card.sign_in))
            what = {"data_interaction_id": card.sign_in.event.interaction_id, "data_kind": "oauth"}
        foot = create("footer", "card-foot", *self._buttons)
        self._body = create("div", "card-body", *inside, self._told, foot)
        name = " ".join(f"{each}-{self.number}" for each in ("kind", "whose", "prompt"))
        what |= {"data_run_id": card.run_id, "data_of": self.number, "aria_labelledby": name}
        self.element = create("article", "card", self.origin.element, self._body, **what)

    def is_other(self, card: Card) -> bool:
        """Whether the card now asks for something else than what is drawn."""
        return self._asked != _asked(card)

    def update(self, card: Card) -> None:
        """Bring buttons, fields, names and what is told in line with the card; what was typed stays."""
        front = card.run_id == self._context.stores.front.get()
        folded = card.away or not front
        note(self.element, "data-front", front)
        note(self.element, "data-folded", folded)
        note(self.element, "data-state", card.state if card.sign_in is None else card.sign_in.status)
        self._body.hidden = folded
        self.origin.update(card, folded)
        if self.question is not None:
            free = card.state == "open"
            for each in [*self._buttons, *self.question.inputs]:
                each.disabled = not free
            self._told.textContent = card.error or ("" if free else self._words(f"interaction.{card.state}"))
            (self._told.classList.add if card.error else self._told.classList.remove)("card-problem")
        self.until = moment(card.expires_at)

    def tell_time(self, now: float) -> float | None:
        """How long there still is at a moment of the server's clock; when it says something else."""
        return self.origin.tell_time(self.until, now)

    def focus(self) -> None:
        """Bring a person to where it is answered."""
        fields = self.question.inputs if self.question is not None else []
        next(iter([*fields, *self._buttons]), self.element).focus()

    def confirm(self) -> bool:
        """Whether a person confirms what cannot be undone: by pressing the same button again."""
        asked, self._sure = self._sure, True
        self._buttons[-1].textContent = self._words("interaction.cancel.sure")
        return asked

    def opened(self) -> None:
        """The window to sign in was opened; nobody can tell this page whether it was closed again."""
        self._told.textContent = self._words("interaction.opened")
        again = self._button("authorize", "again")
        self._buttons[0].replaceWith(again)
        self._buttons[0] = again

    # -- what is in it ------------------------------------------------------------------------------
    def _ask(self, wanted: Wanted) -> Iterator[Element]:
        requirement, create = wanted.requirement, self._parts.create
        self.question = Question(self._parts, wanted, self.number)
        prompt = create("div", "card-prompt markdown", id=f"prompt-{self.number}", role="heading", aria_level="3")
        self._parts.document.markdown(prompt, requirement.prompt or self._words(f"interaction.{requirement.kind}"))
        yield prompt
        if requirement.tool_name:
            name = create("p", "card-tool-name", self._parts.icon("wrench"), create("code", "", requirement.tool_name))
            yield create("div", "card-tool", name, *draw_arguments(self._parts, requirement.tool_args or {}))
        yield from self.question.elements
        if self._context.settings.may_act:
            self._buttons += [self._button(action, action) for action in self.question.actions]
        else:
            yield self._framed()

    def _invite(self, sign_in: SignIn) -> Iterator[Element]:
        event, create, words = sign_in.event, self._parts.create, self._words
        at = words("interaction.oauth.at", provider=event.provider) if event.provider else words("interaction.oauth")
        yield create("h3", "card-prompt", at, id=f"prompt-{self.number}")
        refusal, host = self._context.settings.sign_in.refusal(event.auth_url), host_of(event.auth_url)
        if refusal is not None:
            reason = words(refusal, host=host)
            yield create("p", "card-refused", words("interaction.refused", reason=reason))
        elif sign_in.asks:
            if self._context.settings.may_act:
                self._buttons.append(self._button("authorize", "again" if sign_in.status == "failed" else "authorize"))
                yield create("p", "card-host", words("interaction.host", host=host))
            else:
                yield self._framed()
        scopes = event.scopes if isinstance(event.scopes, str) else ", ".join(map(text_of, event.scopes or []))
        if scopes:
            yield create("p", "card-host", words("interaction.scopes", scopes=scopes))
        if sign_in.status != "pending":
            self._told.textContent = words(f"interaction.signed.{sign_in.status if sign_in.open else 'over'}")
        self._buttons.append(self._button("dismiss", "later" if sign_in.asks else "dismiss"))
        if sign_in.asks and self._context.settings.may_act:
            self._buttons.append(self._button("cancel", "cancel"))

    def _framed(self) -> Element:
        """On this page a click may not be a person's own."""
        return self._parts.create("p", "card-refused", self._words("interaction.framed"))

    def _button(self, action: str, name: str) -> Element:
        symbol, style = ACTIONS[name]
        words = self._words(f"interaction.{name}")
        does = {"data_action": action, "data_of": self.number}
        return self._parts.button(words, symbol, style, **does, **named(self.number, action))


def _asked(card: Card) -> object:
    """What is made once of it; how long there is, and by which step it is asked, is brought up to date."""
    if card.sign_in is not None:
        event = card.sign_in.event
        return card.asks, card.sign_in.status, event.auth_url, event.provider, event.scopes
    if card.wanted is None:
        return None
    lasting = {name: value for name, value in vars(card.wanted.requirement).items() if name != "expires_at"}
    return lasting, reviewed(card.wanted) if card.kind == "output_review" else None
