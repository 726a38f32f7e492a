"""Log polling: the server's log lines of one run, from its start until just after its end."""

from __future__ import annotations

from ..clock import sleep
from ..contract.http import LogPage
from ..errors import ApiError
from ..run.record_old import RunRecord
from ..stores.logs import LogLine, RunLog
from .context import HandlerContext

POLL_S = 1.0
MAX_POLL_S = 20.0


async def poll_logs(run: RunRecord, context: HandlerContext) -> None:
    """Fetch new lines once a second; once more after the run is over, so that the last ones are there.

    A backend without logs is asked once. Trouble slows the polling down and is said once in words.
    """
    cursor: str | int | None = None
    delay_s = POLL_S
    while True:
        was_over = run.over
        try:
            page = await context.api.logs(run.run_id, cursor)
        except ApiError as error:
            if not error.temporary or was_over:
                return
            delay_s = min(MAX_POLL_S, delay_s * 2)
            context.notices.say("logs", context.words("logs.unavailable", reason=str(error)))
        else:
            delay_s = POLL_S
            cursor = page.cursor if page.cursor is not None else cursor
            _add(run.run_id, page, context)
            if was_over:
                return
        await sleep(context.clock, delay_s)


def _add(run_id: str, page: LogPage, context: HandlerContext) -> None:
    if page.lines:
        log = context.stores.logs.get(run_id) or RunLog()
        lines = [LogLine(line.ts, line.level, line.text, line.node_id) for line in page.lines]
        context.stores.logs.set(run_id, log.extended(lines))
