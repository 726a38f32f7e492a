"""Errors of flows, in words."""

from __future__ import annotations


class FlowFailed(Exception):
    """A run cannot go on; `str()` is a full sentence that says where and why."""


def describe(error: BaseException) -> str:
    """An exception in one line. Never raises, also when its own `__str__` does."""
    name = type(error).__name__
    try:
        text = str(error).strip()
    except Exception:
        text = ""
    if isinstance(error, FlowFailed):
        return text
    return f"{name}: {text}" if text else name
