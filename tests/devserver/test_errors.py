"""Errors in words."""

from __future__ import annotations

from devserver.errors import FlowFailed, Refused, describe


class Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_exception_is_named_with_its_text() -> None:
    """One line; without a text the name alone; a failed flow speaks for itself."""
    assert describe(ValueError(" bad ")) == "ValueError: bad"
    assert describe(ValueError()) == "ValueError"
    assert describe(FlowFailed("Parse failed: why.")) == "Parse failed: why."


def test_an_exception_that_cannot_speak_is_named() -> None:
    """Whatever its `__str__` does."""
    assert describe(Speechless()) == "Speechless"


def test_a_refusal_has_the_shape_of_the_contract() -> None:
    """Code for programs, a sentence for people."""
    refused = Refused(404, "unknown_run", "There is no such run.")
    assert refused.json() == {"error": {"code": "unknown_run", "message": "There is no such run."}}
