"""The lines of a run: what comes in them, and that nothing which cannot be told ends the rest."""

from __future__ import annotations

import pytest

from flowglow.watch.lines import Lines
from pyapp.run.tracking import Taken
from tests.flowglow.watch.test_watcher import Bench, happened


@pytest.mark.parametrize("ts", [1e300, -1e18, 1e12, -1.0])
async def test_a_moment_that_is_none_costs_no_line(ts: float) -> None:
    said: list[str] = []
    bench = Bench()
    bench.open()
    bench.watcher.on_taken(Lines(said.append).taken)
    bench.tell({**happened()[0], "ts": ts}, happened()[1])
    assert [each.split(" ", 1)[1] for each in said] == ["r ● started (demo)", "r ● ① a executing"]
    assert bench.watcher.told == []


async def test_a_listener_that_fails_is_told_once_and_costs_nobody_anything(caplog: pytest.LogCaptureFixture) -> None:
    def failing(taken: Taken) -> None:
        raise ValueError(f"no \x1b[31m{taken.run.run_id}")

    heard: list[Taken] = []
    bench = Bench()
    bench.open()
    bench.watcher.on_taken(failing)
    bench.watcher.on_taken(heard.append)
    bench.tell(*happened())
    assert len(heard) == len(happened()) and bench.watcher.open
    assert len(bench.watcher.told) == len(caplog.records) == 1
    assert "failed" in caplog.text and "no �[31mr" in caplog.text and "\x1b" not in caplog.text
