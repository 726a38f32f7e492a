"""Slow work of a run (HTTP, mostly): outside the lanes, owned by the run, bounded in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from ..clock import Clock
from ..errors import ApiError, ErrorReporter


class RunTasks:
    """At most one task for each (run, name); a run that is forgotten takes its tasks along."""

    def __init__(self, clock: Clock, reporter: ErrorReporter) -> None:
        self._clock = clock
        self._reporter = reporter
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def start(
        self, run_id: str, name: str, work: Callable[[], Coroutine[Any, Any, None]], *, bound_s: float | None = 30.0
    ) -> bool:
        """Begin `work` unless that task is under way (then False). Cut off after `bound_s`, None is never."""
        key = (run_id, name)
        if key in self._tasks:
            return False
        self._tasks[key] = asyncio.ensure_future(self._run(key, work, bound_s))
        return True

    def cancel_run(self, run_id: str) -> None:
        """End every task of a run."""
        for key in [key for key in self._tasks if key[0] == run_id]:
            self._tasks.pop(key).cancel()

    def cancel_all(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    def __len__(self) -> int:
        return len(self._tasks)

    async def _run(
        self, key: tuple[str, str], work: Callable[[], Coroutine[Any, Any, None]], bound_s: float | None
    ) -> None:
        task = asyncio.current_task()
        timer = None
        if bound_s is not None and task is not None:
            timer = self._clock.call_later(bound_s, partial(_cancel, task))
        try:
            await work()
        except asyncio.CancelledError:
            if bound_s is not None and self._tasks.get(key) is task:  # not ended by its run: it took too long
                self._reporter.log("warning", f"[{key[1]}] took longer than {bound_s:g} s and was ended.")
        except ApiError as error:
            self._reporter.log("warning", f"[{key[1]}] run {key[0]}: {error}")
        except Exception as error:
            self._reporter.failed(key[1], f"run {key[0]}", error, key[0])
        finally:
            if timer is not None:
                timer.cancel()
            if self._tasks.get(key) is task:
                del self._tasks[key]


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
