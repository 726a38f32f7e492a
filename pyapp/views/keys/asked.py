"""Asked: what a decision by key would be about, in words. Nobody is to sign what cannot be seen."""

from __future__ import annotations

from ...contract.text import text_of, unmarked
from ...locale.display import short_id
from ...stores.cards import Card
from ..context import ViewContext

MOST_CHARS = 120
MOST_OF_ARGUMENTS = 400


def question(context: ViewContext, card: Card) -> str:
    """What a card asks, in short."""
    tool = card.wanted.requirement.tool_name if card.wanted is not None else None
    return (unmarked(card.prompt) or tool or "")[:MOST_CHARS] or context.title(card.node_id or "", card.run_id)


def about(context: ViewContext, card: Card) -> str:
    """Whose question it is: flow, run and step; and the tool that would be called, with what."""
    which = context.words("interaction.which", run=short_id(card.run_id))
    step = context.title(card.node_id or "", card.run_id)
    return " · ".join(filter(None, (context.run_name(card.run_id), which, step, _tool(card))))


def _tool(card: Card) -> str:
    requirement = card.wanted.requirement if card.wanted is not None else None
    if requirement is None or not requirement.tool_name:
        return ""
    given = ", ".join(
        f"{name}: {' '.join(text_of(value).split())}" for name, value in (requirement.tool_args or {}).items()
    )
    cut = given if len(given) <= MOST_OF_ARGUMENTS else f"{given[:MOST_OF_ARGUMENTS]}…"
    return f"{requirement.tool_name} ({cut})" if cut else requirement.tool_name
