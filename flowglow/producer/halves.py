"""Halves of characters: what a text was cut through the middle of, kept until the rest of it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyapp.contract.events import TEXTS


class Halves:
    """Owns the half at the end of each source's text; JSON in UTF-8 cannot carry it by itself."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], str] = {}

    def joined(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event, begun with the half that its source told last, and without one at its end, which is kept."""
        content = event.get("content")
        if event.get("event") not in TEXTS or not isinstance(content, str):
            return dict(event)
        key = tuple(str(event.get(name)) for name in ("event", "source_run_id", "agent_id", "team_id", "node_id"))
        half = self._kept.pop(key, "")
        if event.get("mode") != "snapshot":
            content = half + content
        if content and "\ud800" <= content[-1] <= "\udbff":
            content, self._kept[key] = content[:-1], content[-1]
        return {**event, "content": content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")}
