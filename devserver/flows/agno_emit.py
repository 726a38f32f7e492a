"""What a translator gives, into a run of this server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..engine.runs import RunHandle


def emit(run: RunHandle, translated: Iterable[dict[str, Any]]) -> None:
    """Emit the contract's events; what is told aside is no event, and these flows are here to show the others."""
    for ours in translated:
        if "event" in ours:
            run.emit(ours)
