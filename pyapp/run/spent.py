"""Spent: what models took in, gave and cost, added up: of an execution, a node, a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..contract.usage import Usage

DIGITS = 9
"""Digits of a cost behind the point: a sum is the same in whatever order it was added up."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A sum of usages. What nobody told is nothing; costs stand by currency, "" for one that was not named."""

    input_tokens: int = 0
    output_tokens: int = 0
    costs: dict[str, float] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)
    """Model → how many of the usages named it."""

    @classmethod
    def of(cls, usage: Usage | None) -> Spent:
        if usage is None:
            return NOTHING
        return cls(
            usage.input_tokens or 0,
            usage.output_tokens or 0,
            {usage.currency or "": usage.cost} if usage.cost else {},
            {usage.model: 1} if usage.model else {},
        )

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __bool__(self) -> bool:
        return bool(self.tokens or self.costs or self.models)

    def __add__(self, other: Spent) -> Spent:
        return self._with(other, 1)

    def __sub__(self, other: Spent) -> Spent:
        """This sum without a part of it."""
        return self._with(other, -1)

    def _with(self, other: Spent, sign: int) -> Spent:
        if not other:
            return self
        costs = _added(self.costs, other.costs, sign)
        models = _added(self.models, other.models, sign)
        return Spent(
            self.input_tokens + sign * other.input_tokens,
            self.output_tokens + sign * other.output_tokens,
            {each: round(cost, DIGITS) for each, cost in costs.items() if round(cost, DIGITS)},
            {each: int(count) for each, count in models.items() if count},
        )


def _added(one: Mapping[str, float], other: Mapping[str, float], sign: int) -> dict[str, float]:
    return {each: one.get(each, 0) + sign * other.get(each, 0) for each in {**one, **other}}


NOTHING = Spent()
