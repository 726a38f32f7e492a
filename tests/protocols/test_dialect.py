"""pyapp.protocols.dialect: what a backend cannot do is said in words, never done in silence."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.errors import ApiError
from pyapp.protocols.dialect import Dialect
from pyapp.protocols.protocol import Dialogue, Frame, Heard, Json, Opening, Send
from pyapp.protocols.runs import ForeignRun


class Least(Dialect):
    """No more than a dialect must."""

    name = "least"

    def heard(self, heard: Heard) -> list[Json]:
        return []

    def start(self, flow_id: str, given: Any) -> Opening:
        return Opening(self.new_id(), Frame({}))

    def stop(self, run: ForeignRun) -> Send:
        return Frame({})

    def flows(self) -> Dialogue[list[Json]]:
        return []
        yield


class Nothing:
    def translate(self, event: Any) -> list[Json]:
        return []


def test_the_least_dialect_has_nothing_to_say_of_its_own() -> None:
    dialect, run = Least(lambda: "new"), ForeignRun("k", "f", Nothing)
    assert dialect.start("f", None) == Opening("new", Frame({}))
    assert (dialect.due(), dialect.greeting(), dialect.ping(), dialect.limits) == ([], [], None, ())
    assert (dialect.resume(run), dialect.stream_ended(run, whole=True)) == (None, [])
    for dialogue, nothing in ((dialect.listed(), []), (Least.recognise(), False)):
        with pytest.raises(StopIteration) as ended:
            next(dialogue)
        assert ended.value.value == nothing


def test_what_it_cannot_do_is_said() -> None:
    dialect, run = Least(lambda: "new"), ForeignRun("k", "f", Nothing)
    with pytest.raises(ApiError, match=r"protocol least cannot do this \(continue\)"):
        dialect.answer(run, {"id": "q"})
    with pytest.raises(ApiError, match="state"):
        next(dialect.state(run))
