"""What Agno tells of tokens, cost and model, as `usage` of the contract: of a run, and of a step it spoke for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
SUMS = ("input_tokens", "output_tokens", "cost")
MAX_KNOWN = 10_000


class AgnoUsage:
    """Owns what was told of runs and steps that are not over. A number that is none, or zero, says nothing."""

    def __init__(self) -> None:
        self._runs: dict[str, Json] = {}
        self._steps: dict[str, Json] = {}

    def request(self, event: Mapping[str, Any]) -> bool:
        """A model has answered: what counts where the run tells nothing at its end. False where it says nothing."""
        return _add(self._runs, str(event.get("run_id")), usage_of(event, event.get("model")))

    def run_over(self, event: Mapping[str, Any], step: str | None) -> Json | None:
        """What a run spent, by its own words, else by those of its requests; a step that it speaks for has it, too."""
        heard = self._runs.pop(str(event.get("run_id")), None)
        metrics = event.get("metrics")
        told = usage_of(metrics, _model(metrics)) if isinstance(metrics, Mapping) else None
        usage = {**(heard or {}), **(told or {})} or None
        if step is not None:
            _add(self._steps, step, usage)
        return usage

    def step_over(self, step: str) -> Json | None:
        """What the runs that spoke for a step spent."""
        return self._steps.pop(step, None)


def usage_of(numbers: Mapping[str, Any], model: Any) -> Json | None:
    """The parts that are known; None where none is."""
    usage: Json = {name: numbers[name] for name in SUMS if _counts(numbers.get(name))}
    if isinstance(model, str) and model:
        usage["model"] = model
    if _counts(numbers.get("time_to_first_token")):
        usage["time_to_first_token_s"] = numbers["time_to_first_token"]
    return usage or None


def _add(known: dict[str, Json], key: str, usage: Json | None) -> bool:
    """One more usage of the same: sums grow; the model and the first token are those told first. False where all
    stays as it is.
    """
    if usage is None or (key not in known and len(known) >= MAX_KNOWN):
        return False
    before = known.get(key, {})
    sums = {name: before.get(name, 0) + usage.get(name, 0) for name in SUMS if name in before or name in usage}
    known[key] = {**usage, **before, **sums}
    return known[key] != before


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


def _model(metrics: Any) -> Any:
    """The first model that the metrics name."""
    details = metrics.get("details") if isinstance(metrics, Mapping) else None
    models = details.get("model") if isinstance(details, Mapping) else None
    first = models[0] if isinstance(models, list) and models else None
    return first.get("id") if isinstance(first, Mapping) else None
