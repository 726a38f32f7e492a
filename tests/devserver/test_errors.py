"""Errors in words."""

from __future__ import annotations

from devserver.errors import FlowFailed, describe


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
