"""Errors that a client is told of, and words for those it is not to blame for."""

from __future__ import annotations


class Refused(Exception):
    """A call that cannot be carried out. `str()` is a full sentence for a user; `status` is HTTP's."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def json(self) -> dict[str, dict[str, str]]:
        """The body of the answer (docs/contract.md §2)."""
        return {"error": {"code": self.code, "message": str(self)}}


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
