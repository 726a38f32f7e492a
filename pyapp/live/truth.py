"""The truth over HTTP: asking the server how a run is, when the stream has not said so."""

from __future__ import annotations

from dataclasses import replace

from ..clock import sleep
from ..errors import ApiError
from ..run.record_old import RunRecord
from ..run.snapshot_old import apply_snapshot
from .context import HandlerContext
from .stage import row_of

SILENCE_S = 30.0
"""An unfinished run that says nothing for this long makes the page ask."""

RESULT_DELAYS_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Waits between attempts to fetch the results."""

ASK_AGAIN_S = 10.0
"""While the answer stays away, the page asks again this often."""


async def ask(run: RunRecord, context: HandlerContext) -> None:
    """Fetch the run's state and show it; events the server has and this page has not follow. Raises ApiError."""
    seen = run.last_seq
    answer = await context.api.run(run.run_id)
    apply_snapshot(run, answer, context.clock.now())
    context.refresh(run)
    if answer.last_seq is not None:
        context.compare(run, answer.last_seq, seen)


async def fetch_results(run: RunRecord, context: HandlerContext) -> None:
    """What the server keeps of a run that is over, taken into its record; said in words where it stays away."""
    notice = f"results {run.run_id}"
    for delay_s in RESULT_DELAYS_S:
        try:
            await ask(run, context)
            context.notices.delete(notice)
            return
        except ApiError as error:
            if not error.temporary:
                return  # this backend keeps no results; what the stream told is all there is
            context.notices.say(notice, context.words("results.unavailable", reason=str(error)))
        await sleep(context.clock, delay_s)


async def watch(run: RunRecord, context: HandlerContext) -> None:
    """Until the run is over: after each silence ask the server; without an answer the run is unverified."""
    quiet_until = run.heard + SILENCE_S
    while not run.over:
        now = context.clock.now()
        quiet_until = max(quiet_until, run.heard + SILENCE_S)
        if now < quiet_until:
            await sleep(context.clock, quiet_until - now)
            continue
        try:
            await ask(run, context)
            quiet_until = context.clock.now() + SILENCE_S
        except ApiError as error:
            doubt(run, context, str(error))
            quiet_until = context.clock.now() + ASK_AGAIN_S


def doubt(run: RunRecord, context: HandlerContext, reason: str) -> None:
    """Say that it is not known how the run is, and why; a paused run waits for a person: no doubt there."""
    if run.over or run.status == "paused":
        return
    run.status = "unverified"
    sync_row(run, context)
    row = context.stores.runs.get(run.run_id)
    if row is not None:
        context.stores.runs.set(run.run_id, replace(row, reason=_in_words(run, context, reason)))


def _in_words(run: RunRecord, context: HandlerContext, reason: str) -> str:
    """Whose fault the doubt is, as far as this page can tell: the link's, the server's, or one of our handlers'."""
    words, seconds = context.words, round(context.clock.now() - run.heard)
    linked = context.stores.link.get().phase == "open"
    said = [words("unverified.silent" if linked else "unverified.link", seconds=seconds), reason]
    failing = sorted(name for name, health in context.stores.health.items() if health.streak)
    if failing:
        said.append(words("unverified.handler", names=", ".join(failing)))
    return " ".join(said)


def sync_row(run: RunRecord, context: HandlerContext) -> None:
    """Bring the run's row in line with its record."""
    row = context.stores.runs.get(run.run_id)
    if row is not None:
        context.stores.runs.set(run.run_id, row_of(run, row))
