"""ListConsole: log lines in a list."""

from __future__ import annotations

from ..errors import Level


class ListConsole:
    """Keeps every line as (level, text)."""

    def __init__(self) -> None:
        self.lines: list[tuple[Level, str]] = []

    def write(self, level: Level, text: str) -> None:
        self.lines.append((level, text))

    def texts(self, level: Level | None = None) -> list[str]:
        """The texts of one level, or of all."""
        return [text for each, text in self.lines if level in (None, each)]
