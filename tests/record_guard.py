"""Only the fold writes a record: while tests run, a record refuses any other writer, and a mock node every one.

What a record holds in dicts and lists cannot refuse; `tests/run/test_record.py` looks for such writers in the source.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import cache
from typing import Any

from pyapp.run import record
from pyapp.stores.rows import MockNode

WRITERS = ("pyapp.run.fold", "pyapp.run.record", "pyapp.stores.rows", "copy")
"""Modules that may write: the fold, what dataclass generates, and copying."""


def record_classes() -> list[type]:
    """Every class of pyapp.run.record that holds data."""
    return [
        each
        for each in vars(record).values()
        if isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == record.__name__
    ]


def install() -> None:
    """From now on, in this process."""
    for each in (*record_classes(), MockNode):
        each.__setattr__ = _write  # type: ignore[method-assign, assignment]


def _write(self: object, name: str, value: Any) -> None:
    writer = sys._getframe(1).f_globals.get("__name__", "")
    if not _may_write(writer):
        raise AssertionError(f"{writer} writes {type(self).__name__}.{name}: only the fold writes a record")
    object.__setattr__(self, name, value)


@cache
def _may_write(module: str) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in WRITERS)
