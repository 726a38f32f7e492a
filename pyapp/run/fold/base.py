"""What a fold begins with: a copy of the record of the events that have left the log, made a part at a time.

A copy has containers of its own. What came from the wire it shares: nobody changes that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from ..record import RunRecord


def copying(base: RunRecord | None, record: RunRecord) -> Iterator[None]:
    """Make `record`, an empty one, equal to `base`; between two parts there is time for something else."""
    if base is not None:
        yield from _filling(base, record)


def _filling(part: Any, copy: Any) -> Iterator[None]:
    """Fill a part of a record with copies of what another one holds, the parts in it each by itself."""
    yield
    for name in _names(part.__class__):
        held = getattr(part, name)
        if not isinstance(held, dict):
            setattr(copy, name, list(held) if isinstance(held, list) else held)
            continue
        own: dict[Any, Any] = {}
        setattr(copy, name, own)
        for key, each in held.items():
            if is_dataclass(each):
                own[key] = object.__new__(type(each))
                yield from _filling(each, own[key])
            else:
                own[key] = list(each) if isinstance(each, list) else each


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
