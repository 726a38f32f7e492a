"""`flowglow check`: a backend that does everything passes, and each fault makes exactly the finding that it should."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devserver.app import Settings, create_app
from devserver.engine.context import NodeContext
from devserver.engine.flow import Flow
from flowglow.check.conduct import conduct
from flowglow.check.findings import Outcome
from flowglow.check.options import Options
from flowglow.check.report import status, summary
from flowglow.check.rules import RULES
from tests.devserver.support import chain
from tests.flowglow.serving import served

from .faults import FAULTS, at, field
from .faulty import Fault, FaultyApp

ROOT = Path(__file__).parents[3]
EVERY_CHECK = os.environ.get("FLOWGLOW_CHECK") == "all"
"""Each fault is looked for by every check, which takes minutes; else by those that it concerns."""
AT_ONCE = 3 if EVERY_CHECK else 16
OWN = {
    "socket": ("hello",), "http": ("hello", "flows"),
    "instance": ("hello",), "frame": ("frames",), "origin": ("origins",), "cors": ("origins",), "csp": ("policy",),
    "flow": ("flows",), "seq": ("events",), "event_id": ("events",), "event": ("events",),
    "live": ("events", "everybody"), "sockets": ("everybody",), "subscribe": ("everybody",),
    "run_start": ("life",), "node": ("life",), "end": ("life",), "resume": ("resume", "midway", "tolerance"),
    "events": ("history", "resume"), "runs": ("stop", "runs"),
}  # fmt: skip
"""The checks that find what breaks a rule, by the rule's first word; else the word is the check's own name."""
KINDS: tuple[Mapping[str, Any], ...] = (
    {"kind": "confirmation", "prompt": "Shall it?"},
    {"kind": "user_input", "input_schema": [{"name": "title", "type": "str"}, {"name": "count", "type": "int"}]},
    {"kind": "user_feedback", "choices": ["good", {"value": "bad"}]},
    {"kind": "external_execution", "tool_name": "print"},
    {"kind": "route_selection", "choices": [{"value": "left"}, "right"]},
    {"kind": "output_review", "output": "text"},
)


async def asks(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    """Asks for everything that can be asked for, and tells a little."""
    context.log("info", "asking")
    context.say("asking")
    for number, each in enumerate(KINDS):
        await context.ask({"id": f"{context.run_id}-{number}", **each})
    context.say("done")
    context.show("<p>done</p>", "report")
    return "answered"


async def short(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    """Asks for one thing."""
    context.log("info", "asking")
    context.say("asking")
    await context.ask({"id": f"{context.run_id}-0", **KINDS[0]})
    context.say("done")
    context.show("<p>done</p>", "report")
    return "answered"


def flows() -> dict[str, Flow]:
    def tells(context: NodeContext, inputs: Mapping[str, Any]) -> str:
        for _ in range(40):
            context.say("x" * 40_000)
        return "told"

    return {
        "asks": chain({"a": asks, "b": lambda context, inputs: "b"}, "asks"),
        "long": chain({"a": tells}, "long"),
        "short": chain({"a": short, "b": lambda context, inputs: "b"}, "short"),
    }


@contextlib.asynccontextmanager
async def backend(fault: Fault, flow: str) -> AsyncIterator[Options]:
    """A dev server with a fault, and what it is to be checked with."""
    settings = Settings(**{"heartbeat_s": 0.8, "need_ticket": True, **fault.settings})
    app = create_app(ROOT, settings, flows())
    async with served(FaultyApp(app, fault)) as where:
        page = None if fault.policy is None else f"http://{where}/page"
        run = None
        if fault.long:
            made = app.state.backend.start("long")
            while not made.ended:
                await asyncio.sleep(0)
            run = made.run_id
        options = {"patience_s": 6.0, "grace_s": 2.0, "page": page, "run": run, **fault.options}
        yield Options(f"ws://{where}/ws", f"http://{where}/api", (flow,), **options)


async def checked(fault: Fault, only: Collection[str] = (), flow: str = "short") -> list[Outcome]:
    async with backend(fault, flow) as options:
        return await conduct(options, only)


def looked_for(code: str) -> Collection[str]:
    if EVERY_CHECK:
        return ()
    words = [each.partition(".")[0] for each in (code, *FAULTS[code].also)]
    return [name for word in words for name in OWN.get(word, (word,))]


def codes(outcomes: list[Outcome]) -> set[str]:
    return {each.code for outcome in outcomes for each in outcome.findings}


@pytest.fixture(scope="module")
def found() -> dict[str, list[Outcome]]:
    """Every faulty backend, checked; many at once, as most of the time nothing is due."""

    async def every() -> dict[str, list[Outcome]]:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(code: str) -> list[Outcome]:
            async with turn:
                return await checked(FAULTS[code], looked_for(code))

        results = await asyncio.gather(*(one(code) for code in FAULTS))
        return dict(zip(FAULTS, results, strict=True))

    return asyncio.run(every())


async def test_a_backend_that_does_everything_passes_every_check() -> None:
    outcomes = await checked(Fault(long=True, policy="connect-src 'self' ws://127.0.0.1:*"), flow="asks")
    assert codes(outcomes) == set()
    assert {why for each in outcomes for why in each.untried} == {
        "An expired ticket: it takes 30 s; --patience 31 tries it.",
        "CORS: the page is taken to be of the API's own origin; name another one with --origin.",
    }


STARTS: Mapping[str, tuple[int, Any]] = {
    "500": (500, "boom"), "no JSON object": (200, "<html>"), "no run_id": (201, {"ok": 1}),
    "a number": (201, {"run_id": 0}), "empty": (201, {"run_id": ""}),
    "refused": (422, {"error": {"code": "input", "message": "No input."}}),
}  # fmt: skip


@pytest.mark.parametrize("how", STARTS)
async def test_a_start_that_names_no_run_is_found_once_and_is_no_pass(how: str) -> None:
    fault = Fault(answers=at("/flows/*/runs", lambda *_: STARTS[how], "POST"))
    outcomes = await checked(fault, ("start", "events", "stop"))
    found = [each for outcome in outcomes for each in outcome.findings]
    assert [each.code for each in found] == ["start.unreadable"] and str(STARTS[how][0]) in found[0].seen
    assert (outcomes[0].findings, status(outcomes)) == (found, 1)
    assert outcomes[1].untried, "what the start kept from being tried is said"


async def test_where_no_socket_opens_one_check_says_so_whichever_is_the_first() -> None:
    outcomes = await checked(Fault(shut=True), ("start", "runs"))
    assert [[each.code for each in outcome.findings] for outcome in outcomes] == [["socket.refused"], []]
    assert "403" in outcomes[0].findings[0].seen and status(outcomes) == 1


async def test_tickets_that_are_asked_for_and_never_answered_are_said() -> None:
    """The first call of all, so that no other one has told that somebody is there."""
    fault = Fault(hangs=lambda ask: ask.path == "/tickets", options={"patience_s": 0.5})
    outcomes = await checked(fault)
    found = [each for outcome in outcomes for each in outcome.findings]
    assert [each.code for each in found if each.level == "must"] == ["http.unanswered"]
    assert found[0].seen == "POST /tickets was not answered within 0.5 s, though the connection was accepted."
    assert status(outcomes) == 1 and "one thing that it must do" in summary(outcomes)
    done = {each.name for each in outcomes if each.done}
    assert {"flows", "errors"} <= done, "what needs no socket is tried all the same"
    assert sum(each.took_s for each in outcomes) < 10 * 0.5, "what was not answered twice is not asked again"


async def test_where_nobody_listens_nothing_is_said_of_a_backend() -> None:
    async with backend(Fault(), "short") as options:
        where = options
    outcomes = await conduct(where)
    assert codes(outcomes) == set() and status(outcomes) == 2
    assert "is this where the backend is?" in summary(outcomes)


async def test_without_a_flow_to_start_nothing_is_a_pass() -> None:
    async with backend(Fault(answers=field("/flows", lambda value: [])), "short") as options:
        outcomes = await conduct(replace(options, flows=()), ("hello", "flows", "start"))
    assert codes(outcomes) == set()
    assert status(outcomes) == 2 and "the flows, a start could not be tried" in summary(outcomes)


def test_there_is_a_fault_for_each_rule() -> None:
    assert set(FAULTS) == set(RULES)


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_makes_its_finding_and_no_other(code: str, found: dict[str, list[Outcome]]) -> None:
    assert codes(found[code]) == {code, *FAULTS[code].also}
    assert all(each.seen and "{" not in each.advice[:1] for outcome in found[code] for each in outcome.findings)
