from __future__ import annotations

import json

import pytest

from pyapp.contract.location import Look, Looked
from pyapp.views.timeline.looks import read_look, write_look


@pytest.mark.parametrize(
    "looked",
    [Looked(), Looked("r", Look("cut", (2.5, 4.0), True)), Looked("r", Look("sequence")), Looked(None, Look())],
)
def test_what_is_told_is_read_back(looked: Looked) -> None:
    assert read_look(write_look(looked)) == looked


@pytest.mark.parametrize("span", [None, [4, 2.5], [1, 1]])
def test_what_is_no_stretch_of_time_is_all_of_it(span: object) -> None:
    told = json.dumps({"run": "", "scale": "months", "span": span, "critical": False})
    assert read_look(told) == Looked(None, Look())
