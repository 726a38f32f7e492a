"""Origin: the first line of a card: what is asked, by which step of which run, and how long there is."""

from __future__ import annotations

from math import floor, inf
from typing import Final

from ...locale.catalogue import Catalogue
from ...locale.display import duration, exact_time, short_id, start_time
from ...ports import Element
from ...stores.cards import Card
from ..context import ViewContext
from ..parts import Told

ICONS: Final = {
    "confirmation": "circle-help",
    "user_input": "file-text",
    "user_feedback": "message-square",
    "external_execution": "terminal",
    "route_selection": "git-branch",
    "output_review": "scan",
    "oauth": "key-round",
}
SOON_S = 30.0
"""With so little time left it is said in red."""


class Origin:
    """Owns that line. Nobody is to sign what cannot be seen: a card of another run is this line, until it is opened."""

    def __init__(self, context: ViewContext, card: Card, number: str) -> None:
        self._context = context
        self._words = context.words
        create, words = context.parts.create, context.words
        kind = card.kind
        self._run = Told(create("span", "card-run"))
        self._which = Told(create("span", "card-which"))
        self._node = Told(create("button", "quiet node-link", type="button", title=words("chat.show_node")))
        self.time = create("span", "card-time")
        opens = {"type": "button", "data_show_run": card.run_id, "data_of": number, **named(number, "open")}
        self._open = Told(create("button", "card-open", words("interaction.open"), **opens))
        what = create("span", "card-kind", context.parts.icon(ICONS[kind]), words(f"kind.{kind}"), id=f"kind-{number}")
        said = self._run.element, self._which.element, self._node.element
        whose = create("span", "card-whose", *said, id=f"whose-{number}")
        self.element = create("header", "card-head", what, self.time, whose, self._open.element)

    def update(self, card: Card, folded: bool) -> None:
        """Bring the names in line with what is known of the run now."""
        row, now = self._context.stores.runs.get(card.run_id), self._context.shared.server_clock.now()
        started_at = row.started_at if row is not None else None
        self._run.say(self._context.run_name(card.run_id))
        self._run.note("title", card.run_id)
        started = start_time(self._words, started_at, now)
        which = ("interaction.which.started", {"time": started}) if started else ("interaction.which", {})
        self._which.say(self._words(which[0], run=short_id(card.run_id), **which[1]))
        self._which.note("title", exact_time(started_at) or None)
        node_id = card.node_id or ""
        self._node.say(self._context.title(node_id, card.run_id))
        self._node.note("data-show-node", node_id)
        self._node.hide(not node_id or (folded and not self._context.named(node_id, card.run_id)))
        graph = self._context.stores.graph.get()
        self._node.element.disabled = graph is None or self._context.graph_of(card.run_id) is not graph
        self._open.hide(not folded)

    def tell_time(self, until: float | None, now: float) -> float | None:
        """How long there still is; the moment at which it says something else."""
        return tell_left(self._words, self.time, until, now, "interaction.expired")


def named(number: str, action: str) -> dict[str, str]:
    """What tells a button of a card from the same one of another: what is asked, then by whom."""
    own = f"{action}-{number}"
    return {"id": own, "aria_labelledby": f"{own} prompt-{number}", "aria_describedby": f"whose-{number}"}


def tell_left(words: Catalogue, element: Element, until: float | None, now: float, over: str) -> float | None:
    """Say how long there still is, in the words of `over` that there is none; when it is other words, None for never.

    As of the clock's whole second: whatever says it of one moment says the same, whenever it was drawn.
    """
    left = inf if until is None else until - floor(now)
    (element.classList.add if left < SOON_S else element.classList.remove)("card-soon")
    if until is None or until <= now:
        element.textContent = "" if until is None else words(over)
        return None
    element.textContent = words("interaction.left", time=duration(words, max(1.0, floor(left))))
    return min(until, floor(now) + 1.0)
