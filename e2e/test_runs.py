"""Which run is in front, what stays of the others, and what joins late."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import Guard
from .events import RunScript, classes, metric, picture, wait_handled, whole_run
from .scripted_portal import ScriptedPortal, demo_flow


def test_a_run_in_the_background_changes_no_class(page: Page, portal: ScriptedPortal) -> None:
    """A second run stays in the background, unread; brought to the front its present state shows at once."""
    start = metric(page, "handled")
    front, back = RunScript("front"), RunScript("back")
    portal.send(front.event("run_start"), front.start("n0", 0))
    portal.send(back.event("run_start"), back.start("n1", 0), back.end("n1", 0, content="quiet"), back.start("n2", 1))
    wait_handled(page, start + 6)
    row = page.locator('#runs [data-run-id="back"]')
    expect(row).to_have_attribute("data-unread", "true")
    assert classes(page, "n1") == classes(page, "n2") == set()
    assert classes(page, "n0") == {"executing"}
    assert page.locator('.execution-order[data-run-id="back"]').count() == 0
    row.click()
    expect(row).to_have_attribute("aria-current", "true")
    expect(row).to_have_attribute("data-unread", "false")
    assert classes(page, "n0") == set()
    assert classes(page, "n1") == {"executed-success"}
    assert classes(page, "n2") == {"executing"}
    assert picture(page)["badges"] == [["n1", "1", "success", "back"], ["n2", "2", "executing", "back"]]
    expect(page.locator('#node-output [data-node-id="n1"]')).to_contain_text("quiet")
    page.locator('#runs [data-run-id="front"]').click()
    expect(page.locator('#runs [data-run-id="front"]')).to_have_attribute("aria-current", "true")
    assert classes(page, "n0") == {"executing"}


def test_play_starts_a_run_and_stop_asks_to_end_it(page: Page, portal: ScriptedPortal) -> None:
    """Play: queued from the 201 on, then live. Stop: stopping until the terminal event."""
    portal.next_run = "played"
    page.locator("#play").click()
    row = page.locator('#runs [data-run-id="played"]')
    expect(row).to_have_attribute("data-status", "queued")
    expect(row).to_have_attribute("aria-current", "true")
    expect(page.locator("#play")).to_be_disabled()
    portal.wait_for("subscribe", run_id="played")
    script = RunScript("played")
    portal.send(script.event("run_start"), script.start("n0", 0))
    expect(row).to_have_attribute("data-status", "executing")
    page.locator("#stop").click()
    expect(row).to_contain_text("Stopping")
    portal.send(script.end("n0", 0, "killed"), script.event("run_end", status="killed"))
    expect(row).to_have_attribute("data-status", "killed")
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")


def test_a_stop_without_a_network_is_said_in_words_until_the_run_is_over(
    page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """No browser's phrase for it: that is of use to nobody."""
    booted[1].allowed = ["Failed to load resource", "ERR_FAILED"]
    script = RunScript("r")
    portal.send(script.event("run_start"), script.start("n0", 0))
    page.route("**/runs/r/stop", lambda route: route.abort())
    page.locator("#stop").click()
    notices = page.locator("#notices")
    expect(notices).to_contain_text("could not be stopped. The server could not be reached for POST /runs/r/stop")
    expect(notices).not_to_contain_text("TypeError")
    portal.send(script.event("run_end", status="success"))
    expect(notices).not_to_contain_text("could not be stopped")


def test_a_play_that_fails_says_why(page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]) -> None:
    """A server that refuses to start the run gives a notice in words, and Play can be pressed again."""
    booted[1].allowed = ["status of 503"]
    portal.failing["/flows/demo/runs"] = 503
    page.locator("#play").click()
    expect(page.locator("#notices [role=alert]")).to_contain_text("The run could not be started")
    expect(page.locator("#play")).to_be_enabled()
    portal.failing.clear()


def test_a_gap_is_filled_over_http(page: Page, portal: ScriptedPortal) -> None:
    """A missing number is noticed, asked for, and applied in order."""
    events = whole_run("gap")
    portal.events["gap"] = events
    start = metric(page, "handled")
    gaps = metric(page, "gap")
    portal.send(*events[:2], *events[5:])
    wait_handled(page, start + len(events))
    assert metric(page, "gap") == gaps + 1
    assert picture(page)["rows"]["gap"] == "success"
    assert [badge[2] for badge in picture(page)["badges"]] == ["success"] * 3


def test_a_gap_that_is_not_filled_is_said(page: Page, portal: ScriptedPortal) -> None:
    """After 2 s the rest is applied, the loss is said, and nothing is left executing at the end."""
    events = whole_run("lossy")
    portal.events["lossy"] = []
    start = metric(page, "handled")
    portal.send(*events[:4], *events[5:])
    wait_handled(page, start + len(events) - 1)
    expect(page.locator("#notices")).to_contain_text("did not arrive")
    shown = picture(page)
    assert shown["badges"][0] == ["n0", "1", "unknown", "lossy"], "no end came for it"
    assert all(names == [] for names in shown["classes"].values())


def test_duplicates_have_one_effect(page: Page, portal: ScriptedPortal) -> None:
    """A whole replay of a run changes nothing."""
    events = whole_run("twice")
    start = metric(page, "handled")
    portal.send(*events)
    wait_handled(page, start + len(events))
    before, duplicates = picture(page), metric(page, "duplicate")
    portal.send(*events)
    expect(page.locator("[data-metric=duplicate]")).to_have_text(str(duplicates + len(events)))
    assert picture(page) == before


def test_a_reconnect_resumes_and_catches_up(page: Page, portal: ScriptedPortal) -> None:
    """After a lost link the page says where it is; what it missed shows its final state at once."""
    events = whole_run("resumed")
    start = metric(page, "handled")
    portal.send(*events[:3])
    wait_handled(page, start + 3)
    connections = portal.connections
    portal.received.clear()
    portal.drop(1012)
    portal.wait_connected(connections + 1)
    frame = portal.wait_for("resume")
    assert frame["runs"] == {"resumed": 2}
    catch_up = {"type": "catch_up", "run_id": "resumed", "from_seq": 3, "to_seq": 8, "complete": True}
    portal.send(catch_up, *events[3:9])
    wait_handled(page, start + 9)
    assert classes(page, "n0") == {"executed-success"}
    assert classes(page, "n1") == {"executed-success"}, "no delay is played for what is past"
    portal.send(*events[9:])
    wait_handled(page, start + len(events))
    assert picture(page)["rows"]["resumed"] == "success"


def test_a_paused_run_keeps_the_lock(page: Page, portal: ScriptedPortal) -> None:
    """A pause marks the waiting node beside its glow, says paused, and keeps the editor locked."""
    start = metric(page, "handled")
    script = RunScript("pausing")
    requirement = {"id": "r1", "kind": "confirmation", "prompt": "Go on?"}
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.event("AgentPaused", node_id="n0", requirements=[requirement]),
    )
    wait_handled(page, start + 3)
    row = page.locator('#runs [data-run-id="pausing"]')
    expect(row).to_have_attribute("data-status", "paused")
    assert classes(page, "n0") == {"executing", "waiting"}
    expect(page.locator("#editor")).to_have_attribute("data-locked", "true")
    portal.send(script.event("resume_start", resolved=["r1"]))
    expect(row).to_have_attribute("data-status", "executing")
    assert classes(page, "n0") == {"executing"}
    portal.send(script.end("n0", 0), script.event("resume_end", status="success"))
    expect(row).to_have_attribute("data-status", "success")
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")


def test_a_node_that_appears_later_gets_its_class(page: Page, portal: ScriptedPortal) -> None:
    """An element that somebody else puts on the canvas shows the present state, badges included."""
    start = metric(page, "handled")
    script = RunScript("later")
    portal.send(script.event("run_start"), script.start("ghost", 0))
    wait_handled(page, start + 2)
    page.evaluate(
        """() => {
          const ghost = document.createElement("div");
          ghost.dataset.nodeId = "ghost";
          document.querySelector("#canvas .world").append(ghost);
        }"""
    )
    expect(page.locator('#canvas [data-node-id="ghost"].executing .execution-order')).to_have_text("1")
    page.evaluate("() => document.querySelector('#canvas [data-node-id=ghost]').remove()")


def test_a_flow_that_is_edited_is_drawn_as_it_is_when_a_run_names_what_is_new(
    page: Page, portal: ScriptedPortal
) -> None:
    """Without a load of the page: the new node stands on the canvas, glows and has its badge."""
    portal.flows["demo"] = demo_flow(6)
    script = RunScript("edited")
    portal.send(script.event("run_start", flow_id="demo"), script.start("n0", 0), script.start("n5", 1))
    page.locator('#canvas [data-node-id="n5"].executing .execution-order').wait_for()
    assert classes(page, "n0") == {"executing"}
    portal.send(script.event("run_end"))
    expect(page.locator('#runs [data-run-id="edited"]')).to_have_attribute("data-status", "success")
    portal.flows["demo"] = demo_flow()


def test_groups_bubble(page: Page, portal: ScriptedPortal) -> None:
    """A group executes while a node in it does, and ends as the worst of them."""
    portal.flows["grouped"] = {
        "id": "grouped",
        "name": "Grouped",
        "nodes": [
            {"id": "outer", "handle": "Outer", "path": "x.Group"},
            {"id": "inner", "handle": "Inner", "path": "x.Group", "parent": "outer"},
            {"id": "a", "handle": "A", "path": "x.A", "parent": "inner"},
            {"id": "b", "handle": "B", "path": "x.B", "parent": "inner"},
        ],
        "edges": [{"source": "a", "target": "b"}],
    }
    start = metric(page, "handled")
    script = RunScript("grouped-run", flow_id="grouped")
    portal.send(script.event("run_start"), script.start("a", 0))
    wait_handled(page, start + 2)
    page.locator('#runs [data-run-id="grouped-run"]').click()
    page.locator('#canvas [data-node-id="inner"]').wait_for()
    expect(page.locator('#canvas [data-node-id="inner"] [data-node-id="a"]')).to_have_count(1)
    for node in ("outer", "inner", "a"):
        expect(page.locator(f'#canvas [data-node-id="{node}"].executing')).to_have_count(1)
    portal.send(script.end("a", 0, "error"), script.start("b", 1), script.end("b", 1))
    expect(page.locator('#canvas [data-node-id="inner"].executed-error')).to_have_count(1)
    expect(page.locator('#canvas [data-node-id="outer"].executed-error')).to_have_count(1)
    portal.send(script.event("run_end", status="error"))
    expect(page.locator("#canvas .executed-error")).to_have_count(0)
