from __future__ import annotations

import pytest

from pyapp.testing.faults import Faults


def test_a_part_is_broken_and_mended_by_its_name() -> None:
    """Raising, or doing something else; for a number of calls, or until it is mended."""
    faults = Faults()

    def twice(number: int) -> int:
        return number * 2

    double = faults("double", twice)
    assert double(2) == 4 and faults.names == {"double"}
    faults.arm("double", ValueError("torn"))
    for _ in range(2):
        with pytest.raises(ValueError, match="torn"):
            double(2)
    faults.mend("double")
    faults.mend("double")
    faults.arm("double", lambda number: number * 3, times=2)
    assert [double(2) for _ in range(3)] == [6, 6, 4]
    assert faults.fired == {"double": 4}
    faults.arm("double", KeyboardInterrupt())
    faults.mend()
    assert double(1) == 2


def test_a_part_that_is_not_there_cannot_be_broken() -> None:
    """The sentence names those that are: a test that breaks nothing cannot pass."""
    faults = Faults()
    faults("fold", print)
    with pytest.raises(LookupError, match="it has fold"):
        faults.arm("flod", ValueError())
