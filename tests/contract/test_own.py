"""Message types of a portal's own: read by name, refused where they claim what is not theirs."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import model_validator

from pyapp.contract.decode import Malformed, Unknown, decode
from pyapp.contract.own import OwnEvent, OwnTypes, names_of
from pyapp.errors import HandlerError


class Deploy(OwnEvent):
    event: Literal["deploy"]
    percent: int


def item(text: str) -> Unknown:
    found = next(decode(text))
    assert isinstance(found, Unknown)
    return found


def test_a_message_is_read_by_its_own_type() -> None:
    types = OwnTypes()
    types.add(Deploy)
    types.add(Deploy)
    read = types.read(item('{"event": "deploy", "run_id": "r", "seq": 3, "percent": 40, "more": 1}'))
    assert isinstance(read, Deploy) and (read.percent, read.seq) == (40, 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"event": "deploy", "run_id": "r", "seq": 3, "percent": "much"}', "deploy: percent: "),
        ('{"event": "deploy", "seq": 3, "percent": 4}', "deploy: run_id: "),
    ],
)
def test_what_does_not_fit_its_type_is_malformed_and_uses_up_its_number(text: str, reason: str) -> None:
    types = OwnTypes()
    types.add(Deploy)
    read = types.read(item(text))
    assert isinstance(read, Malformed) and read.reason.startswith(reason)
    assert read.used == (("r", 3) if "run_id" in text else None)


def test_what_nobody_has_a_type_for_stays_unknown() -> None:
    """Also a control frame that is called so."""
    types = OwnTypes()
    types.add(Deploy)
    for text in ('{"event": "dance", "run_id": "r"}', '{"type": "deploy", "run_id": "r"}'):
        found = item(text)
        assert types.read(found) is found


def test_a_type_that_fails_in_its_own_way_costs_its_message() -> None:
    class Odd(Deploy):
        event: Literal["odd"]  # type: ignore[assignment]

        def model_post_init(self, _: Any) -> None:
            raise ZeroDivisionError

    types = OwnTypes()
    types.add(Odd)
    read = types.read(item('{"event": "odd", "run_id": "r", "percent": 1}'))
    assert isinstance(read, Malformed) and "ZeroDivisionError" in read.reason


def test_a_type_that_ends_the_program_costs_its_message() -> None:
    class Ends(Deploy):
        event: Literal["ends"]  # type: ignore[assignment]

        @model_validator(mode="before")
        @classmethod
        def look(cls, _: Any) -> Any:
            raise SystemExit

    types = OwnTypes()
    types.add(Ends)
    read = types.read(item('{"event": "ends", "run_id": "r", "seq": 4, "percent": 1}'))
    assert isinstance(read, Malformed) and "SystemExit" in read.reason and read.used == ("r", 4)


def test_a_type_cannot_move_its_message_to_another_place() -> None:
    """Nor change what came: others read it, too."""

    class Moves(Deploy):
        event: Literal["moves"]  # type: ignore[assignment]
        deep: dict[str, Any]

        @model_validator(mode="before")
        @classmethod
        def move(cls, data: Any) -> Any:
            data["deep"]["a"].append(data.pop("seq"))
            return {**data, "seq": 99, "run_id": "other", "session_id": "s"}

    types = OwnTypes()
    types.add(Moves)
    came = item('{"event": "moves", "run_id": "r", "seq": 3, "percent": 1, "deep": {"a": []}}')
    read = types.read(came)
    assert isinstance(read, Moves) and (read.run_id, read.seq, read.session_id) == ("r", 3, None)
    assert (read.deep, came.raw["deep"]) == ({"a": [3]}, {"a": []})


def test_a_type_that_makes_something_else_of_its_message_costs_it() -> None:
    class Other(Deploy):
        event: Literal["other"]  # type: ignore[assignment]

        @model_validator(mode="wrap")
        @classmethod
        def make(cls, data: Any, make: Any) -> Any:
            return "something else"

    types = OwnTypes()
    types.add(Other)
    read = types.read(item('{"event": "other", "run_id": "r", "percent": 1}'))
    assert isinstance(read, Malformed) and "no message" in read.reason


def test_names_are_a_types_own() -> None:
    class Taken(OwnEvent):
        event: Literal["run_end"]

    class Frame(OwnEvent):
        event: Literal["ping"]

    class Nameless(OwnEvent):
        pass

    class Twin(OwnEvent):
        event: Literal["deploy"]

    assert names_of(Deploy) == {"deploy"}
    for kind, words in (
        (Taken, "a name of the contract"),
        (Frame, "a name of the contract"),
        (Nameless, "what it is called"),
    ):
        with pytest.raises(HandlerError, match=words):
            names_of(kind)
    types = OwnTypes()
    types.add(Deploy)
    with pytest.raises(HandlerError, match="another type"):
        types.add(Twin)
