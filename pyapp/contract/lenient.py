"""What is read leniently: a part that is not what it should be is as if it had not been sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError, WrapValidator


def _or_none(value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


OrNone = WrapValidator(_or_none)
"""None in place of a value that is not what it should be."""
