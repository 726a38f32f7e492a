"""Errors that a client is told of."""

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
