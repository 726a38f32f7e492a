"""Conducting: every check in its turn, each within a bound, whatever another one came to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection

from .backend import Backend
from .checks import CHECKS, MEANWHILE
from .findings import Outcome, Untried
from .options import Options
from .session import Session

BOUND = 8
"""A check that has taken so many times the patience is given up."""


async def conduct(
    options: Options, only: Collection[str] = (), told: Callable[[Outcome], None] = lambda outcome: None
) -> list[Outcome]:
    """Check a backend; `told` hears of each outcome as it is there."""
    chosen = [name for name in CHECKS if not only or name in only]
    async with Backend(options) as backend:
        session = Session(backend)
        slow = {name: asyncio.ensure_future(_try(name, session)) for name in chosen if name in MEANWHILE}
        outcomes = []
        for name in sorted(chosen, key=lambda name: name == "tickets"):
            outcomes.append(await slow[name] if name in slow else await _try(name, session))
            told(outcomes[-1])
        return outcomes


async def _try(name: str, session: Session) -> Outcome:
    check = CHECKS[name]
    outcome = Outcome(name, (check.__doc__ or "").splitlines()[0])
    began = time.monotonic()
    limit_s = session.options.patience_s * BOUND
    try:
        async with asyncio.timeout(limit_s):
            await check(session, outcome)
        outcome.done = True
    except Untried as error:
        if error.code is not None and session.first(error.code):
            outcome.find(error.code, error)
        else:
            outcome.could_not(str(error))
    except TimeoutError:
        outcome.could_not(f"It was not done after {limit_s:g} s.")
    except Exception as error:
        outcome.could_not(f"An answer was of a kind that this check cannot read: {type(error).__name__}: {error}.")
    outcome.took_s = time.monotonic() - began
    return outcome
