"""Bounds of what comes over the wire: at each one all is well, one beyond costs that item alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.contract.decode import Malformed, decode
from pyapp.contract.events import StartNode
from pyapp.run.log import MAX_GAP, RunLog

LEVELS = 200
"""How deep JSON may nest, by the parser itself."""


def one(text: str) -> Any:
    (item,) = decode(text)
    return item


def nested(levels: int, opening: str, closing: str) -> str:
    """An event with this many levels in all, itself among them."""
    inside = opening * (levels - 1) + "0" + closing * (levels - 1)
    return '{"event": "start_node", "run_id": "r", "node_id": "n", "input": ' + inside + "}"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
def test_nesting_at_and_beyond_its_bound(opening: str, closing: str) -> None:
    """No recursion of ours is deeper than this; what nests deeper is refused before Python sees it."""
    assert isinstance(one(nested(LEVELS, opening, closing)), StartNode)
    assert isinstance(one(nested(LEVELS + 1, opening, closing)), Malformed)


@pytest.mark.parametrize("seq", [0, 2**53 - 1])
def test_a_number_that_javascript_can_hold(seq: int) -> None:
    assert one(json.dumps({"event": "start_node", "run_id": "r", "node_id": "n", "seq": seq})).seq == seq


@pytest.mark.parametrize("name", ["__proto__", "constructor", "x" * 100_000, "\u202e", "a\x00b"])
def test_names_are_only_names(name: str) -> None:
    """Of any length, and whatever they mean elsewhere."""
    event = one(json.dumps({"event": "start_node", "run_id": name, "node_id": name}))
    assert (event.run_id, event.node_id) == (name, name)


@pytest.mark.parametrize("status", ["success n0", "executing", "", "SUCCESS", 1])
def test_a_status_is_one_of_a_few_words(status: object) -> None:
    """A class is made of it: any other word is refused with its event."""
    event = {"event": "end_node", "run_id": "r", "node_id": "n"}
    assert isinstance(one(json.dumps({**event, "status": status})), Malformed)
    assert not isinstance(one(json.dumps({**event, "status": "success"})), Malformed)


def test_a_number_used_at_and_beyond_the_largest_gap() -> None:
    """Whoever sends one number far ahead makes nobody wait for all that lies between."""
    log = RunLog("r")
    log.use(MAX_GAP + 1)
    assert log.last_told == -1
    log.use(MAX_GAP)
    assert log.last_told == MAX_GAP
