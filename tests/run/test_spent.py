from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.usage import Usage
from pyapp.run.spent import NOTHING, Spent

USAGES = st.builds(
    Usage,
    input_tokens=st.none() | st.integers(0, 1000),
    output_tokens=st.none() | st.integers(0, 1000),
    cost=st.none() | st.decimals(0, 10, places=6).map(float),
    currency=st.sampled_from([None, "EUR", "USD"]),
    model=st.sampled_from([None, "m", "n"]),
)


def test_what_nobody_told_is_nothing() -> None:
    assert Spent.of(None) == Spent.of(Usage()) == NOTHING and not NOTHING
    spent = Spent.of(Usage(input_tokens=3, cost=0.5, model="m"))
    assert (spent.tokens, spent.costs, spent.models) == (3, {"": 0.5}, {"m": 1}) and spent


@given(st.lists(USAGES, max_size=8))
def test_a_sum_is_the_same_in_any_order_and_parts_can_be_taken_out(usages: list[Usage]) -> None:
    """Currencies and models stay apart."""
    parts = [Spent.of(each) for each in usages]
    total = sum(parts, NOTHING)
    assert total == sum(reversed(parts), NOTHING)
    for each in parts:
        total = total - each
    assert total == NOTHING
