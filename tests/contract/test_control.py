from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pyapp.contract.control import CONTROL_ADAPTER, CONTROLS, CatchUp, Hello, Ping, ServerError

CATCH_UP = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 3, "complete": True}


@pytest.mark.parametrize(
    ("frame", "model"),
    [
        ({"type": "hello"}, Hello),
        ({"type": "hello", "heartbeat_s": 10, "sparse": True, "server": "s", "protocol": 1, "instance": "i"}, Hello),
        ({"type": "ping"}, Ping),
        (CATCH_UP, CatchUp),
        ({"type": "error", "code": "c", "message": "m"}, ServerError),
    ],
)
def test_what_a_server_may_say(frame: dict[str, Any], model: type) -> None:
    """Unknown fields are kept."""
    read = CONTROL_ADAPTER.validate_python({**frame, "more": 1})
    assert isinstance(read, model)
    assert read.model_dump(exclude_none=True) == {**frame, "more": 1}


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "hello", "heartbeat_s": 0},
        {"type": "hello", "heartbeat_s": float("inf")},
        {"type": "hello", "heartbeat_s": "10"},
        {"type": "hello", "sparse": 1},
        {"type": "hello", "instance": 7},
        {**CATCH_UP, "run_id": ""},
        {**CATCH_UP, "from_seq": True},
        {**CATCH_UP, "complete": "yes"},
        {key: value for key, value in CATCH_UP.items() if key != "complete"},
        {"type": "error", "code": "c"},
        {"type": "pong"},
    ],
)
def test_what_is_no_control_frame(frame: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONTROL_ADAPTER.validate_python(frame)


def test_their_names_are_the_contracts() -> None:
    assert {"hello", "ping", "catch_up", "error"} == CONTROLS
