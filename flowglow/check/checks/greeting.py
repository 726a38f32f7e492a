"""How a socket begins, stays alive, and takes what it does not know (docs/contract.md §1)."""

from __future__ import annotations

import time

from pyapp.contract.control import CONTROL_ADAPTER
from pyapp.link.connection import HEARTBEAT_GRACE_S, MAX_SILENCE_S

from ..backend import PROTOCOL, Refusal
from ..findings import Outcome
from ..session import Session
from ..wire import Json

NO_RUN = "flowglow-check-no-such-run"
LATE_S = 1.0
"""A heartbeat may be late by so much, as machines are busy."""


async def hello(session: Session, outcome: Outcome) -> None:
    """The first frame says what kind of server this is."""
    wire, said = await session.greeted(), await session.hello()
    if said is None:
        outcome.find("hello.missing", f"the first frame is {wire.items[0].raw}" if wire.items else "no frame came")
        return
    try:
        greeting = CONTROL_ADAPTER.validate_python(said)
    except ValueError as error:
        first = error.errors()[0] if hasattr(error, "errors") else {"loc": ("hello",), "msg": str(error)}
        outcome.find("hello.unreadable", f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}, in {said}")
        return
    if said.get("protocol", 1) != 1:
        outcome.find("hello.protocol", f"`protocol` is {said['protocol']!r}")
    if getattr(greeting, "heartbeat_s", None) is None:
        outcome.find("hello.no_heartbeat", "no `heartbeat_s`")
    if not said.get("instance"):
        outcome.find("hello.no_instance", "no `instance`")
    other = await session.backend.open()
    await other.until(lambda: bool(other.items), session.options.grace_s)
    again = other.items[0].raw.get("instance") if other.items else None
    if again != said.get("instance"):
        outcome.find("instance.differs", f"{said.get('instance')!r}, then {again!r}")


async def subprotocol(session: Session, outcome: Outcome) -> None:
    """Which subprotocol is selected."""
    ticket = await session.backend.ticket()
    opened = await session.backend.attempt(ticket)
    if isinstance(opened, Refusal):
        if opened.redirected:
            raise session.backend.refused(opened)
        if not opened.negotiated:
            outcome.could_not(f"No socket opens: {opened.why}.")
            return
        outcome.find("subprotocol.other", opened.why)
    elif opened.subprotocol is None:
        outcome.find("subprotocol.none", "none is selected")
    elif opened.subprotocol != PROTOCOL:
        outcome.find("subprotocol.ticket", "the ticket itself is selected")


async def heartbeat(session: Session, outcome: Outcome) -> None:
    """What was promised is kept on a socket on which nothing else is due."""
    wire, said = await session.greeted(), await session.hello()
    promised = (said or {}).get("heartbeat_s")
    if not isinstance(promised, int | float) or isinstance(promised, bool) or not promised > 0:
        outcome.could_not("No heartbeat is promised.")
        return
    if promised >= MAX_SILENCE_S:
        outcome.find("heartbeat.too_long", f"`heartbeat_s` is {promised:g}")
        return
    limit_s = min(MAX_SILENCE_S, promised + HEARTBEAT_GRACE_S)
    until = time.monotonic() + promised * 1.5
    longest = 0.0
    while time.monotonic() < until and not wire.closed:
        seen, last = len(wire.beats), wire.beats[-1]
        came = await wire.until(lambda seen=seen: len(wire.beats) > seen, limit_s)  # type: ignore[misc]
        longest = max(longest, (wire.beats[seen] if came else time.monotonic()) - last)
        if not came:
            break
    if wire.closed:
        outcome.find("heartbeat.closed", f"it was closed ({wire.close_code} {wire.close_reason})")
    elif longest >= limit_s:
        outcome.find("heartbeat.broken", f"none for {longest:.1f} s")
    elif longest > promised + LATE_S:
        outcome.find("heartbeat.late", f"none for {longest:.1f} s")


async def tolerance(session: Session, outcome: Outcome) -> None:
    """What a newer page may send closes nothing."""
    wire = await session.backend.open()
    await wire.until(lambda: bool(wire.items), session.options.grace_s)
    frames: tuple[Json, ...] = (
        {"type": "pong", "later": True},
        {"type": "a_frame_of_a_later_page", "x": [1]},
        {"type": "subscribe", "run_id": NO_RUN, "flow_id": "flowglow-check-no-such-flow"},
        {"type": "resume", "runs": {NO_RUN: 7}, "later": {}},
    )

    def caught_up() -> list[Json]:
        return [each.raw for each in wire.items if each.type == "catch_up" and each.run_id == NO_RUN]

    grace_s = session.options.grace_s
    for frame in frames:
        before = len(wire.items)
        await wire.send(frame)
        await wire.until(lambda before=before: len(wire.items) > before, grace_s / 8)  # type: ignore[misc]
        if wire.closed:
            outcome.find("tolerance.closed", f"closed ({wire.close_code} {wire.close_reason}) after {frame}")
            return
    await wire.until(lambda: bool(caught_up()), grace_s)
    if any(each.get("complete") for each in caught_up()):
        outcome.find("resume.unknown", caught_up()[0])


async def frames(session: Session, outcome: Outcome) -> None:
    """Every frame that came on any socket can be read."""
    await session.driven()
    for wire in session.backend.wires:
        if wire.largest:
            outcome.find("frame.too_large", f"one of {wire.largest:,} bytes")
        if wire.binary:
            outcome.find("frame.binary", f"{wire.binary} binary frames")
        for bad in wire.malformed:
            if not bad.reason.startswith("hello:"):  # the check `hello` says so
                outcome.find("frame.malformed", f"{bad.reason} {bad.text}")
        for odd in wire.unknown:
            outcome.find("frame.unknown", f"`{odd.name}`")
