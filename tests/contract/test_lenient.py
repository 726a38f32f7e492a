from __future__ import annotations

from pydantic import BaseModel

from pyapp.contract.lenient import Lenient


class Part(BaseModel):
    number: Lenient[int] = 7


def test_what_is_not_what_it_should_be_was_not_sent() -> None:
    assert [Part.model_validate(each).number for each in ({"number": 3}, {"number": "x"}, {})] == [3, None, 7]
