"""FakeStorage: what is kept, in memory."""

from __future__ import annotations


class FakeStorage:
    """Keeps texts; with `refuses` it keeps nothing, as a browser in a private frame."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.refuses = False

    def read(self, key: str) -> str | None:
        return None if self.refuses else self.kept.get(key)

    def write(self, key: str, text: str) -> None:
        if not self.refuses:
            self.kept[key] = text
