"""Errors in the contract's shape."""

from __future__ import annotations

from flowglow.errors import Refused


def test_a_refusal_has_the_shape_of_the_contract() -> None:
    """Code for programs, a sentence for people."""
    refused = Refused(404, "unknown_run", "There is no such run.")
    assert refused.json() == {"error": {"code": "unknown_run", "message": "There is no such run."}}
