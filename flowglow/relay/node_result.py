"""What is known of one node of a run, as HTTP tells it and as a log keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..wire import size, to_text


@dataclass(slots=True)
class NodeResult:
    """One node of a run; `status` and `content` speak of the last of its `orders`."""

    status: str = "executing"
    content: Any = None
    error: Any = None
    orders: dict[int, None] = field(default_factory=dict)
    open: dict[int, None] = field(default_factory=dict)
    """Those of `orders` that are executing, oldest first."""
    cut: set[str] = field(default_factory=set)
    """Fields of which not all is kept: `content`, `error`, `orders`."""
    given: int = 0
    """Bytes of `content` and `error`."""

    def json(self) -> dict[str, Any]:
        """As HTTP tells it."""
        answer: dict[str, Any] = {"status": self.status, "orders": list(self.orders)}
        if self.content is not None:
            answer["content"] = self.content
        if self.error is not None:
            answer["error"] = self.error
        if self.cut:
            answer["cut"] = sorted(self.cut)
        return answer

    def parts(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return self.json() | {"open": list(self.open), "given": self.given}

    @classmethod
    def of_parts(cls, parts: Mapping[str, Any]) -> NodeResult:
        """Back from its parts; logs of before they were bounded have fewer."""
        orders, open_ones = (dict.fromkeys(parts.get(name, ())) for name in ("orders", "open"))
        content, error = parts.get("content"), parts.get("error")
        given = parts["given"] if "given" in parts else bytes_of(content) + bytes_of(error)
        return cls(parts["status"], content, error, orders, open_ones, set(parts.get("cut", ())), given)


def bytes_of(value: Any) -> int:
    """How many it has as JSON; none where nothing is said."""
    return 0 if value is None else size(to_text(value))
