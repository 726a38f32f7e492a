"""A run that waits for a person, in the whole app on fakes."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.stores.cards import Card, requirement_key
from pyapp.testing.dom import FakeElement
from pyapp.testing.page import FakePage

Json = dict[str, Any]


async def paused(**fields: Any) -> FakePage:
    """A page whose run waits for an approval."""
    page = FakePage()
    await page.open()
    page.receive(
        event("run_start"),
        event("start_node", node_id="n0", order=0),
        event("AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}], **fields),
    )
    return page


def event(name: str, run_id: str = "r", **fields: Any) -> Json:
    return {"event": name, "run_id": run_id, **fields}


def cards(page: FakePage) -> list[FakeElement]:
    return page.document.region("interactions").find_all("[data-requirement-id]")


def press(page: FakePage, action: str) -> None:
    page.document.press(cards(page)[0].find(f"[data-action={action}]"))


def state(page: FakePage) -> Card | None:
    return page.app.stores.interactions.get(requirement_key("r", "q"))


def played(page: FakePage) -> list[Json]:
    """What each run was started with."""
    return [body for method, path, body in page.http.requests if method == "POST" and path.endswith("/runs")]


async def test_an_answer_goes_out_once_and_the_run_goes_on() -> None:
    page = await paused()
    page.http.answer("POST", "/runs/r/continue", "", 202)
    assert page.row("r") == "paused" and page.classes("n0") == {"executing", "waiting"}
    press(page, "approve")
    page.app.commands.answer(requirement_key("r", "q"), {"confirmed": False})
    await page.settle()
    sent = [body for method, path, body in page.http.requests if path == "/runs/r/continue"]
    assert sent == [{"requirements": [{"id": "q", "confirmed": True}]}]
    card = state(page)
    assert card is not None and card.state == "sent"
    page.receive(event("resume_start", resolved=["q"]))
    assert cards(page) == [] and page.classes("n0") == {"executing"}
    assert page.row("r") == "executing"
    page.app.stop()


async def test_an_answer_goes_to_the_run_that_the_pause_names() -> None:
    page = await paused(continue_run_id="inner")
    page.http.answer("POST", "/runs/inner/continue", "", 202)
    press(page, "reject")
    await page.settle()
    assert page.http.asked("POST", "/runs/inner/continue") == 1
    page.app.stop()


async def test_a_failed_answer_can_be_sent_again() -> None:
    """The card says why, in the server's words."""
    page = await paused()
    page.http.answer("POST", "/runs/r/continue", {"error": {"code": "busy", "message": "Come back later."}}, 503)
    press(page, "approve")
    await page.settle()
    assert "Come back later." in cards(page)[0].textContent
    page.http.answer("POST", "/runs/r/continue", "", 202)
    press(page, "approve")
    await page.settle()
    card = state(page)
    assert card is not None and card.state == "sent"
    page.app.stop()


@pytest.mark.parametrize("status", [409, 503])
async def test_a_refused_answer_asks_what_is_still_open(status: int) -> None:
    """Somebody else was faster, or it was taken and only the word of that got lost: the card closes all the same."""
    page = await paused()
    page.http.answer("POST", "/runs/r/continue", {"error": {"code": "x", "message": "Answered."}}, status)
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "requirements": []})
    press(page, "approve")
    await page.settle()
    assert cards(page) == []
    assert page.row("r") == "executing"
    page.app.stop()


async def test_a_paused_run_is_never_in_doubt() -> None:
    """Minutes of silence, and a server that does not answer: it still waits for the person."""
    page = await paused()
    for _ in range(20):
        await page.advance(15)
    assert page.row("r") == "paused" and len(cards(page)) == 1
    page.app.stop()


async def test_a_pause_after_the_run_was_forgotten_leaves_no_card() -> None:
    page = await paused()
    page.app.reset()
    await page.settle()
    assert cards(page) == [] and len(page.app.stores.interactions) == 0
    page.app.stop()


async def test_what_is_typed_goes_into_the_run() -> None:
    """Enter plays as the button does; empty is no input; while it is locked nothing happens."""
    page = FakePage()
    await page.open()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    editor = page.document.region("editor")
    field = editor.find("#run-input")
    field.value = "  Why lanes?  "
    page.document.fire("keydown", field, key="Enter")
    await page.settle()
    page.document.fire("keydown", field, key="Enter")
    await page.settle()
    assert played(page) == [{"input": "Why lanes?"}]
    page.receive(event("run_end", "p"))
    field.value = ""
    page.document.press(editor.find("#play"))
    await page.settle()
    assert played(page)[-1] == {}
    page.app.stop()


async def test_a_sign_in_that_failed_waits_for_a_person_wherever_it_is_said() -> None:
    """Run, node, card and bar agree, and say that it can be tried again; once its step has ended nobody waits."""
    page = FakePage()
    await page.open()
    signs = {"node_id": "n0", "interaction": "oauth", "interaction_id": "s", "auth_url": "https://a.example/"}
    page.receive(event("run_start"), event("start_node", node_id="n0", order=0), event("interaction_event", **signs))
    page.receive(event("interaction_event", **signs, status="failed"))
    await page.advance(1.0)
    region = page.document.region
    card = region("interactions").find("[data-interaction-id=s]")
    again = card.find("[data-action=authorize]")
    assert "Signing in failed. You can try again." in card.textContent and "again" in again.textContent
    assert region("run-head").find(".chip").textContent == "Waiting for you"
    assert page.classes("n0") == {"executing", "waiting"}
    assert region("runs").find("[data-run-id=r]").attributes["data-asks"] == "true"
    assert not region("waiting-bar").hidden and region("interactions").attributes["data-asking"] == "1"
    page.receive(event("end_node", node_id="n0", order=0, status="error", error="Nobody signed in."))
    await page.advance(1.0)
    card = region("interactions").find("[data-interaction-id=s]")
    assert card.find_all("[data-action=authorize]") == [] and "You can try again" not in card.textContent
    assert region("run-head").find(".chip").textContent == "Running" and page.classes("n0") == {"executed-error"}
    assert region("runs").find("[data-run-id=r]").attributes["data-asks"] == "false"
    assert region("waiting-bar").hidden and region("interactions").attributes["data-asking"] == "0"
    page.app.stop()
