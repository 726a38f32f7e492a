from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.stores.rows import MockNode
from pyapp.views.tally import Tally

STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.sampled_from(["executing", "error", None])))


@given(STEPS)
def test_it_counts_as_if_it_counted_anew(steps: list[tuple[str, int, str | None]]) -> None:
    """Executions that go on; nodes that ended at least once, however often."""
    tally, known = Tally(), dict[str, MockNode]()
    for node, order, status in steps:
        name = f"{node}-{order}"
        known.pop(name, None)
        if status is not None:
            known[name] = MockNode(name, node, node, "r", order, status, True)  # type: ignore[arg-type]
        tally.note(name, known.get(name))
        assert tally.executing == sum(not mock.ended for mock in known.values())
        assert tally.done == len({mock.node_id for mock in known.values() if mock.ended})
