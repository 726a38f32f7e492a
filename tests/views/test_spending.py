from __future__ import annotations

from pyapp.contract.usage import Usage
from pyapp.locale.catalogue import Catalogue
from pyapp.run.spent import NOTHING, Spent
from pyapp.views.spending import spending


def test_what_is_known_is_said_part_by_part() -> None:
    usage = Usage(
        input_tokens=12_000, output_tokens=40, cost=0.25, currency="EUR", model="m", time_to_first_token_s=0.5
    )
    assert spending(Catalogue(), Spent.of(usage), usage) == [
        "12,000 tokens in, 40 out",
        "0.25 EUR",
        "m",
        "first token after 0.5 s",
    ]


def test_nothing_is_said_where_nobody_told() -> None:
    """A cost without a currency has none; a small one keeps its digits."""
    assert spending(Catalogue(), NOTHING) == []
    assert spending(Catalogue(), Spent.of(Usage(cost=0.0012))) == ["0.0012"]
