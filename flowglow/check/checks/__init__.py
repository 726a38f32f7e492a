"""The checks, a function each: it asks, and says in its `Outcome` what falls short. The first line of its docstring is
what `flowglow check` says that it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..findings import Outcome
from ..session import Session
from . import access, acting, asking, errors, flows, greeting, resuming, stream

Check = Callable[[Session, Outcome], Awaitable[None]]

CHECKS: dict[str, Check] = {
    "hello": greeting.hello,
    "subprotocol": greeting.subprotocol,
    "tolerance": greeting.tolerance,
    "origins": access.origins,
    "policy": access.policy,
    "flows": flows.flows,
    "errors": errors.errors,
    "heartbeat": greeting.heartbeat,
    "tickets": access.tickets,
    "start": acting.starting,
    "events": stream.events,
    "life": stream.life,
    "everybody": stream.everybody,
    "resume": resuming.resume,
    "midway": resuming.midway,
    "history": asking.events,
    "run": asking.run,
    "stop": acting.stopping,
    "runs": asking.runs,
    "logs": asking.logs,
    "continue": acting.answering,
    "frames": greeting.frames,
}
"""By the name that `--only` takes, in the order in which they are tried."""
MEANWHILE = ("heartbeat", "tickets")
"""They wait for time to pass: they are begun first. Those before them in the list start no runs, which would be heard
on every socket of some backends; those behind `heartbeat` are tried when it is done."""
