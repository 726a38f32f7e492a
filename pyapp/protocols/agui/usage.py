"""Usage: what a run spent, as AG-UI 1.0 tells it at the end of each leg, else as Agno tells of each request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json

NAMES = {"inputTokens": "input_tokens", "outputTokens": "output_tokens"}


class RunUsage:
    """Owns the sums of one run. What the protocol itself tells goes before what came beside it."""

    def __init__(self) -> None:
        self._sums: dict[str, int] = {}
        self._model: str | None = None
        self._beside: dict[str, int] = {}
        self._told = False

    def end_of_leg(self, usage: Any) -> None:
        """The list of TokenUsage at the end of a run, an entry for each model."""
        entries = [each for each in usage if isinstance(each, Mapping)] if isinstance(usage, list) else []
        for entry in entries:
            self._told = True
            _add(self._sums, {ours: entry.get(theirs) for theirs, ours in NAMES.items()})
            self._name(entry.get("model"))

    def request(self, event: Mapping[str, Any]) -> bool:
        """Agno's own event beside the stream: a model has answered. False where it says nothing that is told."""
        before = self.told()
        _add(self._beside, {name: event.get(name) for name in NAMES.values()})
        self._name(event.get("model"))
        return self.told() != before

    def told(self) -> Json | None:
        """The contract's usage; None where nothing is known."""
        sums = self._sums if self._told else self._beside
        usage: Json = {**sums, **({"model": self._model} if self._model else {})}
        return usage or None

    def _name(self, model: Any) -> None:
        if isinstance(model, str) and model:
            self._model = self._model or model


def _add(sums: dict[str, int], counts: Mapping[str, Any]) -> None:
    for name, count in counts.items():
        if isinstance(count, int) and not isinstance(count, bool) and 0 < count < 2**53:
            sums[name] = sums.get(name, 0) + count
