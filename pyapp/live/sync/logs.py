"""What is asked of the log of a run: its lines, once a second until it is over, and then until no more come."""

from __future__ import annotations

from functools import partial
from itertools import repeat

from ...contract.http import LogPage
from ...errors import ApiError
from ...link.backend import Questions
from ...run.run import Run
from ...run.tracking import ExecutionTracking
from ...stores.rows import LogLine, RunLog
from ..front import log_key
from ..shared import Shared
from .asker import Asker

POLL_S = 1.0
"""Between two looks at the log of a run."""


class LogQuestions:
    """Owns which runs have no log. Asks nothing of a run that is under way and that nobody sees."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, asker: Asker, api: Questions) -> None:
        self._shared = shared
        self._asker = asker
        self._api = api
        self._without: dict[str, None] = {}
        """Runs of which the server has no log."""
        tracking.on_clear(self._forget)

    def ask(self, run: Run, *, looked_at: bool = False) -> None:
        """Ask for its log lines, from where they ended; a log that was not there may be once somebody looks."""
        if self._api.available and (looked_at or run.run_id not in self._without):
            ask, failed = partial(self._ask, run), partial(self._no_log, run)
            self._asker.want((run.run_id, "log"), ask, failed, again=repeat(POLL_S))

    # -- inside -----------------------------------------------------------------------------------
    async def _ask(self, run: Run) -> bool:
        was_over = run.over
        if not self._front(run) and not was_over:
            return False  # nobody sees it
        known = self._shared.stores.logs.get(run.run_id) or RunLog()
        return not self._add(run.run_id, known, await self._api.logs(run.run_id, known.cursor)) and was_over

    def _add(self, run_id: str, known: RunLog, page: LogPage) -> bool:
        """Show what came; whether there was something and its cursor went on, so that there may be more."""
        self._shared.stores.notices.delete(log_key(run_id))
        lines = [LogLine(line.ts, line.level or "info", line.text, line.node_id) for line in page.lines]
        cursor = page.cursor if page.cursor is not None else known.cursor
        log = (RunLog() if lines and cursor is None else known).extended(lines, cursor)
        if log != known or run_id not in self._shared.stores.logs:
            self._shared.stores.logs.set(run_id, log)
        return bool(lines) and cursor != known.cursor

    def _no_log(self, run: Run, error: ApiError) -> bool:
        if not error.temporary and (run.over or error.status not in (401, 403)):  # one may be let in again
            if run.status != "queued":  # that has none yet
                self._without[run.run_id] = None  # a backend without logs is asked once
            self._shared.stores.notices.delete(log_key(run.run_id))
            return True
        if error.temporary and self._front(run):
            self._shared.say_delayed(log_key(run.run_id), "logs.unavailable", error)
        return False

    def _front(self, run: Run) -> bool:
        return self._shared.stores.front.get() == run.run_id

    def _forget(self, run_id: str) -> None:
        self._without.pop(run_id, None)
        self._shared.stores.notices.delete(log_key(run_id))
