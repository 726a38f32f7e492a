"""What is taken out of functions that are there, and what is left to a copy."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from .swap import CannotSwap, imported_from, take_out

NAME = "of_test_swap"
TEXT = """
import functools

LIMIT = 1 + 1

def doubling(function):
    @functools.wraps(function)
    def doubled():
        return 2 * function()
    return doubled

def counting(start):
    def count():
        return start + 1
    return count

COUNT = counting(5)

@doubling
def limit(more=3):
    return LIMIT + more

class Shelf:
    room = 10

    @property
    def free(self):
        return self.room - 1

    @staticmethod
    def names():
        return [each for each in ("a", "b")]

    def zero(self):
        return 0.0

PAIR = (lambda: 1, lambda: 2)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / f"{NAME}.py").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(NAME)
    del sys.modules[NAME]


def without(module: ModuleType, guard: str, text: str = "") -> None:
    assert module.__file__ is not None and TEXT.count(guard) == 1
    take_out(module.__file__, guard, text, imported_from(str(Path(module.__file__).parent)))


def test_what_a_decorated_function_does(module: ModuleType) -> None:
    assert module.limit() == 10
    without(module, " + more")
    assert module.limit() == 4


def test_what_a_decorator_has_made(module: ModuleType) -> None:
    without(module, "2 * ")
    assert module.limit() == 5


def test_what_a_closure_does(module: ModuleType) -> None:
    without(module, "start + 1", "start + 2")
    assert (module.COUNT(), module.counting(1)()) == (7, 3)


def test_what_a_property_and_a_method_do(module: ModuleType) -> None:
    shelf = module.Shelf()
    without(module, "self.room - 1", "self.room")
    without(module, ' in ("a", "b")', ' in ("a",)')
    without(module, "return 0.0", "return -0.0")
    assert (shelf.free, shelf.names(), str(shelf.zero())) == (10, ["a"], "-0.0")


def test_lines_that_are_gone_change_nothing_else(module: ModuleType) -> None:
    without(
        module,
        '        return [each for each in ("a", "b")]\n\n    def zero(self):\n',
        "        pass\n\n    def zero(self):\n",
    )
    assert (module.Shelf.names(), str(module.Shelf().zero()), module.PAIR[0]()) == (None, "0.0", 1)


def test_a_function_that_is_there_and_would_not_be(module: ModuleType) -> None:
    """Not by its name, and not of what it closes over."""
    made = "    def doubled():\n        return 2 * function()\n    return doubled\n"
    for other in (made.replace("doubled", "tripled"), made.replace("function()", "1")):
        with pytest.raises(CannotSwap, match="doubled"):
            without(module, made, other)
    assert module.limit() == 10


@pytest.mark.parametrize(
    ("guard", "text"),
    [
        ("LIMIT = 1 + 1", "LIMIT = 1"),
        ("room = 10", "room = 11"),
        ("more=3", "more=4"),
        ("@doubling\n", ""),
        ("    @property\n", ""),
        ("start + 1", "1"),
        ("lambda: 1", "lambda: 3"),
        ("LIMIT = 1 + 1", "LIMIT = 1 + 1  # two"),
        ("def limit(", "def limits("),
    ],
)
def test_what_more_than_calls_show_is_left_to_a_copy(module: ModuleType, guard: str, text: str) -> None:
    """And nothing is changed by halves."""
    with pytest.raises(CannotSwap):
        without(module, guard, text)
    assert (module.limit(), module.COUNT(), module.Shelf().free, module.PAIR[0]()) == (10, 6, 9, 1)


def test_a_file_that_nothing_was_imported_from(module: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(CannotSwap, match="is not imported"):
        take_out(str(tmp_path / "other.py"), "a", "b", imported_from(str(tmp_path)))
