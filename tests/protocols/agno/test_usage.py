from __future__ import annotations

from typing import Any

from pyapp.protocols.agno.usage import AgnoUsage, usage_of

METRICS: dict[str, Any] = {
    "input_tokens": 110,
    "output_tokens": 21,
    "time_to_first_token": 0.5,
    "cost": 0.25,
    "details": {"model": [{"id": "m"}]},
}
TOLD = {"input_tokens": 110, "output_tokens": 21, "cost": 0.25, "model": "m", "time_to_first_token_s": 0.5}


def request(run: str, tokens: int) -> dict[str, Any]:
    return {"run_id": run, "model": "m", "input_tokens": tokens, "output_tokens": 0}


def test_a_run_tells_it_at_its_end() -> None:
    """Its requests are a part of that."""
    usage = AgnoUsage()
    usage.request(request("r", 40))
    assert usage.run_over({"run_id": "r", "metrics": METRICS}, None) == TOLD
    assert usage.run_over({"run_id": "r"}, None) is None


def test_without_a_word_at_its_end_its_requests_count() -> None:
    """As when it failed."""
    usage = AgnoUsage()
    usage.request(request("r", 40))
    usage.request(request("r", 30))
    usage.request(request("other", 1))
    assert usage.run_over({"run_id": "r", "metrics": None}, None) == {"input_tokens": 70, "model": "m"}


def test_a_step_has_what_the_runs_in_it_spent() -> None:
    usage = AgnoUsage()
    for run in ("r", "s"):
        usage.run_over({"run_id": run, "metrics": METRICS}, "a")
    assert usage.step_over("a") == {**TOLD, "input_tokens": 220, "output_tokens": 42, "cost": 0.5}
    assert usage.step_over("a") is None


def test_what_says_nothing_is_left_out() -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"input_tokens": 0, "cost": None},
        {"input_tokens": True},
        {"cost": float("inf")},
        {"output_tokens": "3"},
    ]
    assert [usage_of(each, None) for each in wrong] == [None] * 5
    odd: tuple[dict[str, Any], ...] = ({"details": 3}, {"details": {"model": []}}, {"details": {"model": ["m"]}})
    assert [AgnoUsage().run_over({"run_id": "r", "metrics": each}, None) for each in odd] == [None] * 3
