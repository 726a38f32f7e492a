"""What waits for a person: a card of each kind, sent once, kept when sending fails, closed when it is answered."""

from __future__ import annotations

import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import boot
from .events import RunScript, classes
from .scripted_portal import Json, ScriptedPortal


def pause(page: Page, portal: ScriptedPortal, run_id: str, *requirements: Json, **fields: Any) -> RunScript:
    script = RunScript(run_id)
    portal.send(
        script.event("run_start", entity_name=f"Run {run_id}"),
        script.start("n0", 0),
        script.event("AgentPaused", node_id="n0", requirements=list(requirements), **fields),
    )
    expect(page.locator(f'#runs [data-run-id="{run_id}"]')).to_have_attribute("data-status", "paused")
    return script


def card(page: Page, requirement_id: str = "q") -> Locator:
    return page.locator(f'#interactions [data-requirement-id="{requirement_id}"]')


def press(where: Locator, action: str) -> None:
    where.locator(f"[data-action={action}]").click()


def test_a_pause_is_said_everywhere_and_answered_once(page: Page, portal: ScriptedPortal) -> None:
    """Card, node, row and lock; the answer bears the note; the card closes when the run goes on."""
    prompt = "May I delete **all** of it?"
    need = {"id": "q", "kind": "confirmation", "prompt": prompt, "tool_name": "rm", "tool_args": {"path": "/tmp/x"}}
    script = pause(page, portal, "confirm", need)
    expect(card(page)).to_contain_text("May I delete all of it?")
    expect(card(page)).to_contain_text("/tmp/x")
    assert classes(page, "n0") == {"executing", "waiting"}
    expect(page.locator("#editor")).to_have_attribute("data-locked", "true")
    expect(page.locator("#interactions-title")).to_have_text("Waiting for you (1)")
    card(page).locator("textarea").fill("Only this time")
    press(card(page), "approve")
    assert portal.wait_answer() == {"id": "q", "confirmed": True, "note": "Only this time"}
    expect(card(page)).to_have_attribute("data-state", "sent")
    expect(card(page).locator("[data-action=approve]")).to_be_disabled()
    expect(page.locator("#interactions-title")).to_have_text("Waiting for you")
    expect(page.locator(".phone-count")).to_have_text("")
    expect(page.locator("#zone-side")).to_have_attribute("data-waiting", "0")
    portal.send(script.event("resume_start", resolved=["q"]))
    expect(card(page)).to_have_count(0)
    expect(page.locator(".pane-interactions")).to_be_hidden()
    assert classes(page, "n0") == {"executing"}
    portal.send(script.end("n0", 0), script.event("resume_end"))
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")
    assert len(portal.answers) == 1


def test_what_cannot_be_read_keeps_no_other_question_away(page: Page, portal: ScriptedPortal) -> None:
    """A newer server asks one thing that this page does not know: the run waits, and the other thing is asked."""
    script = RunScript("newer")
    needs = [{"id": "x", "kind": "hologram"}, {"id": "q", "kind": "confirmation", "prompt": "Send it?"}]
    portal.send(
        script.event("run_start"), script.start("n0", 0), script.event("AgentPaused", node_id="n0", requirements=needs)
    )
    expect(page.locator("#interactions .card")).to_have_count(1)
    expect(page.locator("#interactions")).to_contain_text("Send it?")
    expect(page.locator('#runs [data-run-id="newer"]')).to_have_attribute("data-status", "paused")
    portal.send(script.event("resume_start", resolved=["q", "x"]), script.event("run_end"))


def test_reject(page: Page, portal: ScriptedPortal) -> None:
    pause(page, portal, "reject", {"id": "q", "kind": "confirmation"})
    press(card(page), "reject")
    assert portal.wait_answer() == {"id": "q", "confirmed": False}


def test_a_form_is_checked_before_it_is_sent(page: Page, portal: ScriptedPortal) -> None:
    """Each type; what is missing or wrong is said beside it, and the first of it has the focus."""
    schema: list[Json] = [
        {"name": "city", "type": "str", "description": "Where it is", "required": True},
        {"name": "people", "type": "int", "required": True},
        {"name": "price", "type": "float", "required": False},
        {"name": "indoor", "type": "bool", "value": True},
        {"name": "tags", "type": "list", "required": False},
        {"name": "note", "type": "str", "required": False},
    ]
    pause(page, portal, "form", {"id": "q", "kind": "user_input", "input_schema": schema})
    form = card(page)
    form.get_by_label("people").fill("many")
    press(form, "submit")
    expect(form.get_by_label("city")).to_be_focused()
    expect(form.get_by_label("city")).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("A whole number is needed")
    assert portal.answers == []
    form.get_by_label("city").fill("Gent")
    form.get_by_label("people").fill("12")
    form.get_by_label("price").fill("2.5")
    form.get_by_label("tags").fill("music\nfood")
    form.get_by_label("people").press("Enter")
    values = {"city": "Gent", "people": 12, "price": 2.5, "indoor": True, "tags": ["music", "food"], "note": None}
    assert portal.wait_answer() == {"id": "q", "values": values}


@pytest.mark.parametrize("multiple", [False, True])
def test_routes_are_chosen(page: Page, portal: ScriptedPortal, multiple: bool) -> None:
    need = {"id": "q", "kind": "route_selection", "choices": ["north", "south", "east"], "multiple": multiple}
    pause(page, portal, f"route-{multiple}", need)
    press(card(page), "submit")
    expect(card(page)).to_contain_text("Choose at least one")
    card(page).get_by_label("south").check()
    card(page).get_by_label("east").check()
    press(card(page), "submit")
    assert portal.wait_answer() == {"id": "q", "choices": ["south", "east"] if multiple else ["east"]}


def test_feedback_results_and_reviews(page: Page, portal: ScriptedPortal) -> None:
    """The three other kinds; a review that was not edited sends no text."""
    rating = {"name": "rating", "type": "str", "choices": ["good", "bad"]}
    script = pause(
        page,
        portal,
        "rest",
        {"id": "f", "kind": "user_feedback", "input_schema": [rating]},
        {"id": "x", "kind": "external_execution", "tool_name": "deploy"},
        {"id": "r", "kind": "output_review", "prompt": "Look at it"},
        {"id": "e", "kind": "output_review"},
        content="The draft.",
    )
    card(page, "f").get_by_label("rating").select_option("bad")
    press(card(page, "f"), "submit")
    assert portal.wait_answer(1) == {"id": "f", "values": {"rating": "bad"}}
    card(page, "x").locator("textarea").fill("deployed as 7")
    press(card(page, "x"), "submit")
    assert portal.wait_answer(2) == {"id": "x", "result": "deployed as 7"}
    press(card(page, "r"), "approve")
    assert portal.wait_answer(3) == {"id": "r", "confirmed": True}
    expect(card(page, "e").locator("textarea")).to_have_value("The draft.")
    card(page, "e").locator("textarea").fill("The better draft.")
    press(card(page, "e"), "approve")
    assert portal.wait_answer(4) == {"id": "e", "confirmed": True, "result": "The better draft."}
    portal.send(script.event("resume_start", resolved=["f", "x"]))
    expect(page.locator("#interactions .card")).to_have_count(2)
    assert classes(page, "n0") == {"executing", "waiting"}
    portal.send(script.event("run_end"))
    expect(page.locator("#interactions .card")).to_have_count(0)


def test_what_was_typed_survives_a_failure(page: Page, portal: ScriptedPortal, booted: Any) -> None:
    booted[1].allowed = ["503"]
    pause(page, portal, "fails", {"id": "q", "kind": "external_execution"})
    portal.failing["/runs/fails/continue"] = 503
    card(page).locator("textarea").fill("a long result")
    press(card(page), "submit")
    expect(card(page).locator(".card-problem")).to_contain_text("did not arrive")
    expect(card(page).locator("textarea")).to_have_value("a long result")
    portal.failing.clear()
    press(card(page), "submit")
    assert portal.wait_answer() == {"id": "q", "result": "a long result"}


def test_asked_again_it_can_be_answered_again(page: Page, portal: ScriptedPortal) -> None:
    """A second pause with the same id updates the card: never two, never one that is stuck."""
    need = {"id": "q", "kind": "confirmation", "prompt": "First?"}
    script = pause(page, portal, "again", need)
    press(card(page), "reject")
    portal.wait_answer()
    expect(card(page)).to_have_attribute("data-state", "sent")
    portal.send(script.event("AgentPaused", node_id="n0", requirements=[need | {"prompt": "Second?"}]))
    expect(card(page)).to_contain_text("Second?")
    expect(card(page)).to_have_attribute("data-state", "open")
    press(card(page), "approve")
    assert portal.wait_answer(2) == {"id": "q", "confirmed": True}


def test_answered_elsewhere_it_closes_here(page: Page, portal: ScriptedPortal) -> None:
    script = pause(page, portal, "elsewhere", {"id": "q", "kind": "confirmation"})
    expect(card(page)).to_have_count(1)
    portal.send(script.event("resume_start", resolved=["q"]))
    expect(card(page)).to_have_count(0)
    expect(page.locator("#notices [role=status]")).to_contain_text("answered already")


def test_time_that_is_left_counts_down(page: Page, portal: ScriptedPortal) -> None:
    pause(page, portal, "soon", {"id": "q", "kind": "confirmation", "expires_at": time.time() + 6})
    expect(card(page).locator(".card-time")).to_contain_text("left")
    expect(card(page).locator(".card-time")).to_contain_text("Time is up")


def test_a_run_in_the_background_asks_too(page: Page, portal: ScriptedPortal) -> None:
    """Its card stands behind those of the run in front, and leads to its run."""
    pause(page, portal, "front", {"id": "q", "kind": "confirmation"})
    other = RunScript("back")
    need = {"id": "q", "kind": "confirmation"}
    portal.send(other.event("run_start", entity_name="The other"), other.event("AgentPaused", requirements=[need]))
    expect(card(page)).to_have_count(2)
    behind = page.locator('#interactions [data-run-id="back"]')
    behind.locator("[data-show-run]").click()
    expect(page.locator('#runs [data-run-id="back"]')).to_have_attribute("aria-current", "true")
    expect(behind).to_have_attribute("data-front", "true")
    press(behind, "approve")
    portal.wait_answer()
    assert portal.answers[0]["run_id"] == "back"


def test_a_sign_in_is_a_click_away(page: Page, portal: ScriptedPortal) -> None:
    """The window opens by the click, cannot see this page, and the server says how it went."""
    script = RunScript("oauth")
    address = f"http://127.0.0.1:{portal.port}/api/flows"
    event = {
        "interaction": "oauth",
        "interaction_id": "s",
        "auth_url": address,
        "provider": "Drive",
        "scopes": ["read"],
    }
    portal.send(
        script.event("run_start"), script.start("n0", 0), script.event("interaction_event", node_id="n0", **event)
    )
    sign = page.locator('#interactions [data-interaction-id="s"]')
    expect(sign).to_contain_text("Sign in to Drive")
    expect(sign).to_contain_text(f"127.0.0.1:{portal.port}")
    with page.context.expect_page() as opened:
        press(sign, "authorize")
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    expect(sign).to_contain_text("If you closed it without finishing, try again")
    expect(sign.locator("[data-action=authorize]")).to_contain_text("Try again")
    portal.send(script.event("interaction_event", **event, status="failed"))
    expect(sign).to_have_attribute("data-state", "failed")
    portal.send(script.event("interaction_event", **event, status="completed"))
    expect(sign).to_have_attribute("data-state", "completed")
    expect(sign.locator("[data-action=authorize]")).to_have_count(0)
    press(sign, "dismiss")
    expect(sign).to_have_count(0)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://login.example/x",
        "https://user:secret@login.example",
        "data:text/html,x",
        "nonsense",
    ],
)
def test_a_foreign_address_is_refused(page: Page, portal: ScriptedPortal, address: str) -> None:
    script = RunScript("refused")
    event = {"interaction": "oauth", "interaction_id": "s", "auth_url": address}
    portal.send(script.event("run_start"), script.event("interaction_event", **event))
    sign = page.locator('#interactions [data-interaction-id="s"]')
    expect(sign.locator(".card-refused")).to_contain_text("was refused")
    expect(sign.locator("[data-action=authorize]")).to_have_count(0)


def test_hostile_text_stays_text(page: Page, portal: ScriptedPortal) -> None:
    evil = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    need = {
        "id": evil,
        "kind": "user_input",
        "prompt": evil,
        "tool_name": evil,
        "tool_args": {evil: evil},
        "input_schema": [{"name": evil, "type": evil, "description": evil, "value": evil}],
        "choices": [evil, {"label": evil, "description": evil}],
    }
    pause(page, portal, "hostile", need)
    expect(page.locator("#interactions .card")).to_have_count(1)
    expect(page.locator("#interactions img, #interactions script")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_a_reload_brings_the_open_card_back(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """A page that is opened anew asks the server what the run waits for; what cannot be read of it is left out."""
    portal.runs["kept"] = {
        "run_id": "kept",
        "flow_id": "demo",
        "status": "paused",
        "requirements": [{"id": "q", "kind": "confirmation", "prompt": "Still?"}, {"id": 7}],
        "interactions": [{"interaction_id": "s", "auth_url": "https://login.example/a"}],
    }
    page = boot(context.new_page(), f"{site}/{portal.query}&run=kept")
    expect(card(page)).to_contain_text("Still?")
    expect(page.locator('#interactions [data-interaction-id="s"]')).to_have_count(1)
    press(card(page), "approve")
    assert portal.wait_answer() == {"id": "q", "confirmed": True}
    page.close()


def test_cards_are_accessible(page: Page, portal: ScriptedPortal) -> None:
    schema = [{"name": "city", "type": "str", "description": "Where"}, {"name": "sure", "type": "bool"}]
    needs: list[Json] = [
        {"id": "a", "kind": "confirmation", "prompt": "May I?", "tool_name": "rm", "tool_args": {"path": "x"}},
        {"id": "b", "kind": "user_input", "input_schema": schema},
        {"id": "c", "kind": "route_selection", "choices": ["one", "two"]},
    ]
    pause(page, portal, "axe", *needs)
    press(card(page, "b"), "submit")
    result = Axe().run(page, context="#interactions")
    assert result.violations_count == 0, result.generate_report()


def test_what_is_typed_goes_into_the_run(page: Page, portal: ScriptedPortal) -> None:
    page.locator("#run-input").fill("Why lanes?")
    page.locator("#run-input").press("Enter")
    expect(page.locator("#editor")).to_have_attribute("data-locked", "true")
    expect(page.locator('#runs [data-run-id="run-1"]')).to_have_count(1)
    assert portal.inputs == ["Why lanes?"]
