"""FakeAttention: what would have called somebody who looks elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ..ports import Off, Permission


class FakeAttention:
    """Notes numbers and notifications. A test says whether the page is hidden, and what the person answers."""

    def __init__(self) -> None:
        self.hidden = False
        self.permission: Permission = "ask"
        self.answers: Permission = "granted"
        self.number = 0
        self.told: dict[str, tuple[str, str]] = {}
        """Key → title and text of the notification that shows."""
        self.clicks: dict[str, Callable[[], None]] = {}

    def count(self, number: int) -> None:
        self.number = number

    async def ask(self) -> Permission:
        self.permission = self.answers
        return self.permission

    def notify(self, title: str, text: str, key: str, clicked: Callable[[], None]) -> Off:
        assert self.hidden, "who sees the page needs no notification"
        assert self.permission == "granted", "a browser would refuse"
        self.told[key] = (title, text)
        self.clicks[key] = clicked

        def close() -> None:
            self.told.pop(key, None)

        return close
