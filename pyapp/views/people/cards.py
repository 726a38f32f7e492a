"""Cards: one thing a person is asked for. Made once, then brought up to date around what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from ...contract.addresses import host_of
from ...contract.events import Requirement
from ...contract.text import text_of
from ...locale.display import duration
from ...ports import Element, Off
from ...run.record import SignIn, Wanted
from ...stores.rows import Card, RunKey
from ..context import ViewContext
from ..parts import button, icon
from ..values import draw_value
from .forms import moment
from .questions import Question

ICONS: Final = {
    "confirmation": "circle-help",
    "user_input": "file-text",
    "user_feedback": "message-square",
    "external_execution": "terminal",
    "route_selection": "git-branch",
    "output_review": "scan",
    "oauth": "key-round",
}
ACTION_ICONS: Final = {"approve": "circle-check", "reject": "circle-x", "submit": "send"}


@dataclass(slots=True)
class DrawnCard:
    """One card on the page."""

    element: Element
    number: str
    """What its buttons and fields bear."""
    asked: object
    """What is asked for: a card that asks for something else is another one."""
    of_run: Element
    """Says that it is of a run that is not in front."""
    run_name: Element
    time: Element
    told: Element
    """What became of the answer, or of the sign-in."""
    node: Element | None = None
    """Names the node that waits."""
    buttons: list[Element] = field(default_factory=list)
    question: Question | None = None
    until: float | None = None
    """When it expires, by the server's clock."""
    counting: Off = lambda: None


class CardMaker:
    """Makes cards and updates them; keeps nothing of them itself."""

    def __init__(self, context: ViewContext) -> None:
        self._context = context
        self._document = context.document
        self._words = context.words

    def make(self, key: RunKey, card: Card) -> DrawnCard:
        """A new card."""
        number = quote("/".join(key), safe="")
        create = self._document.create
        drawn = DrawnCard(
            create("article", "card", data_run_id=card.run_id),
            number,
            _asked(card),
            create("p", "card-run"),
            create("button", "quiet", type="button", data_show_run=card.run_id),
            create("span", "card-time"),
            create("p", "card-told", role="status"),
        )
        if card.wanted is not None:
            self._ask(drawn, number, card.wanted)
        elif card.sign_in is not None:
            self._invite(drawn, number, card.sign_in)
        drawn.of_run.append(drawn.run_name)
        drawn.element.append(drawn.of_run)
        return drawn

    def is_other(self, drawn: DrawnCard, card: Card) -> bool:
        """Whether the card now asks for something else than what is drawn."""
        return drawn.asked != _asked(card)

    def update(self, drawn: DrawnCard, card: Card) -> None:
        """Bring buttons, fields, names and what is told in line with the card; what was typed stays."""
        front = card.run_id == self._context.stores.front.get()
        row = self._context.stores.runs.get(card.run_id)
        name = (row.name if row is not None else None) or card.run_id
        drawn.element.setAttribute("data-front", "true" if front else "false")
        drawn.of_run.hidden = front
        drawn.run_name.textContent = self._words("interaction.of_run", run=name)
        if drawn.node is not None and card.node_id is not None:
            drawn.node.textContent = self._context.title(card.node_id)
        drawn.element.setAttribute("data-state", card.state if card.sign_in is None else card.sign_in.status)
        if card.wanted is not None:
            free = card.state == "open"
            for each in [*drawn.buttons, *(drawn.question.inputs if drawn.question is not None else [])]:
                each.disabled = not free
            drawn.told.textContent = card.error or ("" if free else self._words(f"interaction.{card.state}"))
            drawn.told.classList.remove("card-problem")
            if card.error:
                drawn.told.classList.add("card-problem")
        drawn.until = moment(card.expires_at)

    def tell_time(self, drawn: DrawnCard, now: float) -> float | None:
        """How long there still is at a moment of the server's clock; when it says something else."""
        if drawn.until is None:
            drawn.time.textContent = ""
            return None
        left = drawn.until - now
        expired = left <= 0
        drawn.time.textContent = (
            self._words("interaction.expired")
            if expired
            else self._words("interaction.left", time=duration(self._words, max(1.0, float(round(left)))))
        )
        (drawn.time.classList.add if expired else drawn.time.classList.remove)("card-expired")
        return None if expired else now + min(1.0, left)

    def opened(self, drawn: DrawnCard) -> None:
        """The window to sign in was opened; nobody can tell this page whether it was closed again."""
        drawn.told.textContent = self._words("interaction.opened")
        drawn.buttons[0].replaceChildren(
            icon(self._document, "refresh-cw"), self._document.create("span", text=self._words("interaction.again"))
        )

    # -- requirements -------------------------------------------------------------------------------
    def _ask(self, drawn: DrawnCard, number: str, wanted: Wanted) -> None:
        requirement = wanted.requirement
        question = drawn.question = Question(self._document, self._words, wanted, number)
        drawn.element.setAttribute("data-requirement-id", requirement.id)
        drawn.element.setAttribute("data-kind", requirement.kind)
        self._head(drawn, requirement.kind, self._words(f"interaction.{requirement.kind}"), wanted.node_id)
        if requirement.prompt:
            prompt = self._document.create("div", "card-prompt markdown")
            self._document.markdown(prompt, requirement.prompt)
            drawn.element.append(prompt)
        if requirement.tool_name:
            self._tool(drawn, requirement)
        drawn.element.append(*question.elements)
        for action in question.actions if self._may_act(drawn) else ():
            style = "" if action == "reject" else "primary"
            made = self._button(action, number, ACTION_ICONS[action], style)
            drawn.buttons.append(made)
        self._foot(drawn)

    def _tool(self, drawn: DrawnCard, requirement: Requirement) -> None:
        create = self._document.create
        box = create("div", "card-tool")
        name = create("p", "card-tool-name")
        name.append(icon(self._document, "wrench"), create("code", text=requirement.tool_name or ""))
        box.append(name)
        if requirement.tool_args:
            box.append(draw_value(self._document, self._words, requirement.tool_args))
        drawn.element.append(box)

    # -- sign-ins -----------------------------------------------------------------------------------
    def _invite(self, drawn: DrawnCard, number: str, sign_in: SignIn) -> None:
        event, create = sign_in.event, self._document.create
        drawn.element.setAttribute("data-interaction-id", event.interaction_id)
        drawn.element.setAttribute("data-kind", "oauth")
        words = self._words("interaction.oauth")
        if event.provider:
            words = self._words("interaction.oauth.at", provider=event.provider)
        self._head(drawn, "oauth", words, event.node_id)
        refusal = self._context.sign_in.refusal(event.auth_url)
        host = host_of(event.auth_url)
        if refusal is not None:
            reason = self._words(refusal, host=host)
            drawn.element.append(create("p", "card-refused", self._words("interaction.refused", reason=reason)))
        elif sign_in.status in ("pending", "failed") and self._may_act(drawn):
            again = sign_in.status == "failed"
            words = self._words("interaction.again" if again else "interaction.authorize")
            drawn.buttons.append(
                button(self._document, words, "key-round", "primary", data_action="authorize", data_of=number)
            )
            drawn.element.append(create("p", "card-host", self._words("interaction.host", host=host)))
        scopes = event.scopes if isinstance(event.scopes, str) else ", ".join(map(text_of, event.scopes or []))
        if scopes:
            drawn.element.append(create("p", "card-host", self._words("interaction.scopes", scopes=scopes)))
        if sign_in.status != "pending":
            drawn.told.textContent = self._words(f"interaction.signed.{sign_in.status}")
        drawn.buttons.append(self._button("dismiss", number, "x", "quiet"))
        self._foot(drawn)

    # -- parts --------------------------------------------------------------------------------------
    def _head(self, drawn: DrawnCard, kind: str, words: str, node_id: str | None) -> None:
        create = self._document.create
        head = create("header", "card-head")
        head.append(icon(self._document, ICONS[kind]), create("h3", text=words))
        if node_id is not None:
            hint = self._words("chat.show_node")
            drawn.node = create("button", "quiet node-link", type="button", data_show_node=node_id, title=hint)
            head.append(drawn.node)
        head.append(drawn.time)
        drawn.element.append(head)

    def _may_act(self, drawn: DrawnCard) -> bool:
        """Whether a click on this page is surely a person's; where it may be a trap, that is said."""
        if not self._context.may_act:
            drawn.element.append(self._document.create("p", "card-refused", self._words("interaction.framed")))
        return self._context.may_act

    def _button(self, action: str, number: str, icon_name: str, style: str) -> Element:
        words = self._words(f"interaction.{action}")
        return button(self._document, words, icon_name, style, data_action=action, data_of=number)

    def _foot(self, drawn: DrawnCard) -> None:
        foot = self._document.create("footer", "card-foot")
        foot.append(*drawn.buttons)
        drawn.element.append(drawn.told, foot)


def _asked(card: Card) -> object:
    if card.sign_in is not None:
        return card.sign_in.event, card.sign_in.status
    return card.wanted.requirement if card.wanted is not None else None
