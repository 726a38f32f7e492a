"""What models spent, in words: tokens in and out, cost, model, time until the first token."""

from __future__ import annotations

from ..contract.usage import Usage
from ..locale.catalogue import Catalogue
from ..locale.display import duration
from ..run.spent import Spent

SMALL = 0.01
"""Below, a cost is said to four digits behind the point."""


def spending(words: Catalogue, spent: Spent, usage: Usage | None = None, *, models: bool = True) -> list[str]:
    """What is known of it, each part for itself; nothing where nobody told. `usage`: of one execution alone."""
    parts = []
    if spent.tokens:
        given, made = (words.number(each) for each in (spent.input_tokens, spent.output_tokens))
        parts.append(words("spent.tokens", given=given, made=made))
    parts += [cost(words, amount, currency) for currency, amount in spent.costs.items()]
    parts += spent.models if models else ()
    if usage is not None and usage.time_to_first_token_s is not None:
        parts.append(words("spent.first_token", time=duration(words, usage.time_to_first_token_s)))
    return parts


def cost(words: Catalogue, amount: float, currency: str) -> str:
    return f"{words.number(amount, 2 if amount >= SMALL else 4)} {currency}".strip()
