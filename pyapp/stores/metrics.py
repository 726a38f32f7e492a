"""The metrics store: what came over the wire and what became of it, for the inspector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from .store import Batch, MapStore

Metric = Literal["received", "handled", "merged", "duplicate", "gap", "malformed", "unknown", "failed", "tracked"]
METRICS: tuple[Metric, ...] = get_args(Metric)
MAX_QUARANTINE = 50


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One thing that could not be understood, with the reason."""

    reason: str
    text: str


class MetricsStore(MapStore[Metric, int]):
    """received counts frames; handled, duplicate, unknown events; merged those whose words
    were added to others' because too many waited; gap the gaps noticed; tracked the runs known.
    """

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        for metric in METRICS:
            self.set(metric, 0)

    def count(self, metric: Metric, by: int = 1) -> None:
        self.set(metric, (self.get(metric) or 0) + by)
