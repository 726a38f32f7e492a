"""What people answer, until something comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.live.answering import ASKED_S
from pyapp.live.stops import EFFECT_S
from pyapp.stores.cards import Card, requirement_key
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, opened, passes

NEED = {"id": "q", "kind": "confirmation"}
WAITS = {"run_id": "r", "flow_id": "demo", "status": "paused", "requirements": [NEED]}
KEY = requirement_key("r", "q")


async def answered(*needs: dict[str, str]) -> FakePage:
    """A page on which somebody has answered; the server has taken that."""
    page = await opened()
    page.http.answer("POST", "/runs/r/continue", {}, 202)
    page.http.answer("GET", "/runs/r", {**WAITS, "requirements": list(needs or [NEED])})
    page.receive(ev("run_start"), ev("AgentPaused", node_id="n0", requirements=list(needs or [NEED])))
    page.app.commands.answer(KEY, {"confirmed": True})
    await page.settle()
    assert card(page).state == "sent"
    return page


def card(page: FakePage) -> Card:
    found = page.app.stores.interactions.get(KEY)
    assert found is not None
    return found


async def test_an_answer_that_the_server_lost_can_be_given_again() -> None:
    """It still asks, long after it took it: the run would wait for ever."""
    page = await answered()
    await passes(page, EFFECT_S - 1)
    assert card(page).state == "sent"
    await passes(page, ASKED_S + 2)
    assert card(page).state == "open" and "still waits" in page.document.region("interactions").textContent
    page.app.commands.answer(KEY, {"confirmed": True})
    await page.settle()
    assert page.http.asked("POST", "/runs/r/continue") == 2 and card(page).error is None
    page.receive(ev("resume_start"))
    assert page.app.stores.interactions.get(KEY) is None
    await closed(page)


@pytest.mark.parametrize("says", [{"status": "executing", "requirements": []}, {"requirements": None}])
async def test_a_server_that_does_not_ask_any_more_is_given_nothing_again(says: dict[str, Any]) -> None:
    """Nor one that does not say what it asks."""
    page = await answered()
    page.http.answer("GET", "/runs/r", {**WAITS, **says})
    await passes(page, 3 * (EFFECT_S + ASKED_S))
    found = page.app.stores.interactions.get(KEY)
    assert found is None or found.state == "sent"
    await closed(page)


async def test_what_was_said_before_the_answer_proves_nothing() -> None:
    """An HTTP that fails since then leaves it as it is."""
    page = await opened()
    page.http.answer("GET", "/runs/r", WAITS)
    page.receive(ev("run_start"), ev("AgentPaused", node_id="n0", requirements=[NEED]))
    run = page.app.tracking.find("r")
    assert run is not None
    page.app.sync.runs.state(run)
    await page.settle()
    assert run.word.info.status == "paused"
    page.http.answer("POST", "/runs/r/continue", {}, 202)
    page.app.commands.answer(KEY, {"confirmed": True})
    await page.settle()
    page.http.answer("GET", "/runs/r", "", 503)
    await passes(page, 3 * (EFFECT_S + ASKED_S))
    assert card(page).state == "sent"
    page.http.answer("GET", "/runs/r", WAITS)
    await passes(page, 3 * (EFFECT_S + ASKED_S))
    assert card(page).state == "open"
    await closed(page)


async def test_a_run_that_asks_for_more_waits_for_all_of_it() -> None:
    """Some take all answers of a pause at once: until the last is given, the server lists the others, too."""
    more = {"id": "p", "kind": "confirmation"}
    page = await answered(NEED, more)
    await passes(page, 2 * (EFFECT_S + ASKED_S))
    assert card(page).state == "sent"
    page.app.commands.answer(requirement_key("r", "p"), {"confirmed": True})
    await page.settle()
    await passes(page, 2 * (EFFECT_S + ASKED_S))
    assert card(page).state == "open"
    await closed(page)
