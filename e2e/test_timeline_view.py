"""The timeline in real Chromium: its rows, what a person does with them, and that it follows the run."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from .conftest import boot
from .events import RunScript, metric, wait_handled
from .scripted_portal import ScriptedPortal

Json = dict[str, Any]
T0 = 1_700_000_000.0
NESTED: Json = {
    "id": "nested",
    "name": "Deep",
    "nodes": [
        {"id": "outer", "handle": "Outer", "path": "x.Group"},
        {"id": "inner", "handle": "Inner", "path": "x.Group", "parent": "outer"},
        {"id": "a", "handle": "Ada", "path": "x.A", "parent": "inner"},
        {"id": "b", "handle": "Bob", "path": "x.B", "parent": "outer"},
    ],
    "edges": [],
}


class Timed(RunScript):
    """Events with moments, in seconds after the start of the run; they get their numbers when they are sent."""

    def at(self, second: float, event: str, **fields: Any) -> Json:
        return {"event": event, "ts": T0 + second, **fields}

    def start_at(self, second: float, node: str, order: int, **fields: Any) -> Json:
        return self.at(second, "start_node", node_id=node, order=order, **fields)

    def end_at(self, second: float, node: str, order: int, status: str = "success") -> Json:
        return self.at(second, "end_node", node_id=node, order=order, status=status)

    def ran(self, node: str, order: int, start: float, end: float, status: str = "success") -> list[Json]:
        return [self.start_at(start, node, order), self.end_at(end, node, order, status)]

    def call(self, node: str, number: int, start: float, end: float) -> list[Json]:
        tool = {"node_id": node, "tool_call_id": f"c{number}", "tool_name": "look"}
        return [self.at(start, "start_tool", **tool), self.at(end, "end_tool", **tool)]

    def numbered(self, *events: Json) -> list[Json]:
        return [self.event(**each) for each in events]


def told(page: Page, portal: ScriptedPortal, script: Timed, *events: Json) -> None:
    """Send events, and wait until they are handled."""
    start = metric(page, "handled")
    portal.send(*script.numbered(*events))
    wait_handled(page, start + len(events))


@pytest.fixture(autouse=True)
def looked_at(page: Page) -> None:
    """Its tab is in front, as new, and so is the flow."""
    if page.locator('#canvas [data-node-id="n0"]').count() == 0:
        page.locator("#flow-select").select_option("demo")
        page.locator('#canvas [data-node-id="n0"]').wait_for(state="attached")
    page.locator("#timeline-title").click()
    page.locator('.timeline-view[data-shown="true"]').wait_for()
    for name in ("cut", "sequence", "critical"):
        switch = page.locator(f"[data-timeline={name}]")
        if switch.get_attribute("aria-pressed") == "true":
            switch.click()
    page.locator("[data-timeline=fit]").click()
    page.mouse.move(2, 2)


def rows(page: Page) -> list[list[str | None]]:
    """Name, level and status of each row that is seen, from above."""
    found: list[list[str | None]] = page.evaluate(
        """() => [...document.querySelectorAll("#timeline [data-bar]")]
          .sort((one, other) => one.ariaPosInSet - other.ariaPosInSet)
          .map((row) => [row.querySelector(".timeline-name").textContent, row.ariaLevel, row.dataset.status])"""
    )
    return found


def wait_rows(page: Page, *wanted: tuple[str, int, str]) -> None:
    """Wait until these rows, and no others, are seen."""
    expect(page.locator("#timeline [data-bar]")).to_have_count(len(wanted))
    page.wait_for_function(
        """(wanted) => {
          const rows = [...document.querySelectorAll("#timeline [data-bar]")];
          const same = (row, [name, level, status]) => row.querySelector(".timeline-name").textContent === name
            && row.ariaLevel === String(level) && row.dataset.status === status;
          return wanted.every((each) => rows.some((row) => same(row, each)));
        }""",
        arg=[list(each) for each in wanted],
        timeout=10_000,
    )
    assert rows(page) == [[name, str(level), status] for name, level, status in wanted]


def row(page: Page, name: str) -> Locator:
    return page.locator("#timeline [data-bar]", has=page.locator(f'.timeline-name:text-is("{name}")'))


def window(page: Page) -> tuple[float, float]:
    """Which seconds after the start are seen."""
    view = page.locator(".timeline-view")
    return float(view.get_attribute("data-from") or 0), float(view.get_attribute("data-until") or 0)


def wait_window(page: Page, holds: Callable[[float, float], bool]) -> None:
    """Wait until what is seen fulfils this."""
    for _ in range(100):
        if holds(*window(page)):
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError(window(page))


def point(page: Page, name: str, second: float) -> tuple[float, float]:
    """Where the row of this name has that second, on the screen."""
    box = row(page, name).bounding_box()
    scroll = page.locator(".timeline-scroll").bounding_box()
    assert box is not None and scroll is not None
    left = float(
        page.evaluate("""() => parseFloat(
        document.querySelector(".timeline-view").style.getPropertyValue("--timeline-label"))""")
    )
    start, until = window(page)
    width = scroll["width"] - left - 12
    return scroll["x"] + left + (second - start) / (until - start) * width, box["y"] + box["height"] / 2


def deep(script: Timed) -> list[Json]:
    """Two groups in one another, a call, a failure; the end of the run is still to come."""
    return [
        script.at(0, "run_start", entity_name="Deep"), script.start_at(1, "a", 0), *script.call("a", 1, 2, 3),
        script.end_at(4, "a", 0), *script.ran("b", 1, 4, 10, "error"),
    ]  # fmt: skip


def nested_run(page: Page, portal: ScriptedPortal, *, over: bool = True) -> Timed:
    """That run, in front."""
    portal.flows["nested"] = NESTED
    script = Timed("deep", flow_id="nested")
    told(page, portal, script, *deep(script))
    page.locator('#runs [data-run-id="deep"]').click()
    page.locator('#canvas [data-node-id="inner"]').wait_for(state="attached")
    if over:
        told(page, portal, script, script.at(10, "run_end", status="error"))
    return script


DEEP = (
    ("Deep", 1, "error"), ("Outer", 2, "error"), ("Inner", 3, "success"), ("Ada", 4, "success"),
    ("look", 5, "success"), ("Bob", 3, "error"),
)  # fmt: skip


def test_bars_stand_in_one_another(page: Page, portal: ScriptedPortal) -> None:
    """The run, its groups to any depth, nodes and calls; with their times after the start of the run."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    bob = row(page, "Bob")
    expect(bob).to_have_attribute("data-start", "4.000")
    expect(bob).to_have_attribute("data-end", "10.000")
    expect(bob).to_have_attribute("data-node-id", "b")
    expect(bob).to_have_attribute("aria-label", re.compile("Bob, Failed, Start 4.0 s, End 10 s, Duration 6.0 s"))
    expect(row(page, "look")).to_have_attribute("data-kind", "tool")
    expect(page.locator(".timeline-view")).to_have_attribute("data-bars", "6")


def test_a_bar_that_is_clicked_chooses_its_node_everywhere(page: Page, portal: ScriptedPortal) -> None:
    """By its bar and by its name; what is chosen elsewhere is marked here."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    page.mouse.click(*point(page, "Bob", 7))
    expect(page.locator('#canvas [data-node-id="b"]')).to_have_class(re.compile("selected"))
    expect(row(page, "Bob")).to_have_attribute("aria-selected", "true")
    expect(page.locator('#node-output [data-node-id="b"]')).to_have_class(re.compile("selected"))
    row(page, "Ada").locator(".timeline-name").click()
    expect(page.locator('#canvas [data-node-id="a"]')).to_have_class(re.compile("selected"))
    expect(row(page, "Bob")).to_have_attribute("aria-selected", "false")
    page.evaluate("""() => document.querySelector('#canvas [data-node-id="b"]').click()""")
    expect(row(page, "Bob")).to_have_attribute("aria-selected", "true")


def test_the_keyboard_does_all_of_it(page: Page, portal: ScriptedPortal) -> None:
    """One tab stop: arrows walk the rows and fold them, Enter chooses; the focus never leaves."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    page.locator("[data-timeline=fit]").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".timeline-scroll")
    expect(focused).to_be_focused()

    def active() -> str:
        return str(
            page.evaluate(
                """() => document.getElementById(document.activeElement
            .getAttribute("aria-activedescendant"))?.querySelector(".timeline-name").textContent ?? """
                '""'
            )
        )

    def comes(name: str) -> None:
        page.wait_for_function(
            """(name) => document.getElementById(document.activeElement
            .getAttribute("aria-activedescendant"))?.querySelector(".timeline-name").textContent === name""",
            arg=name,
        )

    comes("Deep")
    for key, name in (("ArrowDown", "Outer"), ("ArrowDown", "Inner"), ("End", "Bob"), ("Home", "Deep")):
        page.keyboard.press(key)
        comes(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    wait_rows(page, ("Deep", 1, "error"), ("Outer", 2, "error"))
    assert row(page, "Outer").get_attribute("aria-expanded") == "false" and active() == "Outer"
    page.keyboard.press("ArrowRight")
    wait_rows(page, *DEEP)
    page.keyboard.press("ArrowRight")
    comes("Inner")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator('#canvas [data-node-id="a"]')).to_have_class(re.compile("selected"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    comes("Inner")
    expect(focused).to_be_focused()
    tip = page.locator(".timeline-tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Inner")


def test_hover_tells_start_end_duration_and_status(page: Page, portal: ScriptedPortal) -> None:
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    page.mouse.move(*point(page, "Bob", 6))
    tip = page.locator(".timeline-tip")
    expect(tip).to_be_visible()
    for words in ("Bob", "Failed", "Start", "4.000 s", "End", "10.000 s", "Duration", "6.0 s"):
        expect(tip).to_contain_text(words)
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_wheel_keys_and_buttons_zoom_and_pan(page: Page, portal: ScriptedPortal) -> None:
    """Ctrl and the wheel zoom at the pointer, Shift and the wheel pan; plus, minus, 0, Shift and an arrow likewise."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    whole = window(page)
    assert whole[0] == pytest.approx(0, abs=0.01) and 10 < whole[1] < 12
    x, y = point(page, "Bob", 5)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    wait_window(page, lambda start, until: start > 1 and until < 9)
    assert point(page, "Bob", 5)[0] == pytest.approx(x, abs=1.5), "what is under the pointer stays there"
    start, until = window(page)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Shift")
    wait_window(page, lambda now, _: now > start)
    assert window(page)[1] - window(page)[0] == pytest.approx(until - start, abs=0.01)
    page.locator(".timeline-scroll").focus()
    page.keyboard.press("0")
    wait_window(page, lambda *seen: seen == whole)
    page.keyboard.press("+")
    wait_window(page, lambda start, until: until - start < (whole[1] - whole[0]) * 0.7)
    start, until = window(page)
    page.keyboard.press("Shift+ArrowRight")
    wait_window(page, lambda now, _: now > start)
    page.keyboard.press("-")
    wait_window(page, lambda start, until: until - start > (whole[1] - whole[0]) * 0.9)
    page.locator("[data-timeline=in]").click()
    wait_window(page, lambda start, until: until - start < (whole[1] - whole[0]) * 0.7)
    page.locator("[data-timeline=fit]").click()
    wait_window(page, lambda *seen: seen == whole)


def test_two_fingers_zoom_between_them_and_one_pans(page: Page, portal: ScriptedPortal) -> None:
    """As pointers tell it; a finger that goes up and down is the browser's, which scrolls."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    whole = window(page)
    x, y = point(page, "Bob", 5)
    page.evaluate(
        """([x, y]) => {
          const list = document.querySelector(".timeline-scroll");
          const tell = (name, pointerId, at) => list.dispatchEvent(new PointerEvent(name,
            { pointerId, clientX: at, clientY: y, buttons: 1, bubbles: true, pointerType: "touch" }));
          list.setPointerCapture = () => {};
          tell("pointerdown", 1, x - 20);
          tell("pointerdown", 2, x + 20);
          for (let step = 25; step <= 60; step += 5) {
            tell("pointermove", 1, x - step);
            tell("pointermove", 2, x + step);
          }
          tell("pointerup", 1, x - 60);
          tell("pointerup", 2, x + 60);
        }""",
        [x, y],
    )
    wait_window(page, lambda start, until: until - start < (whole[1] - whole[0]) / 2)
    assert point(page, "Bob", 5)[0] == pytest.approx(x, abs=12)
    start = window(page)[0]
    row(page, "Ada").locator(".timeline-name").click()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=3)
    page.mouse.up()
    wait_window(page, lambda now, _: now > start)
    expect(page.locator('#canvas [data-node-id="a"]')).to_have_class(re.compile("selected"))


def test_the_overview_chooses_what_is_seen(page: Page, portal: ScriptedPortal) -> None:
    """A drag over it; and a double click on a bar shows that."""
    nested_run(page, portal)
    wait_rows(page, *DEEP)
    strip = page.locator(".timeline-overview").bounding_box()
    assert strip is not None
    (x, _), (to_x, _) = point(page, "Bob", 3), point(page, "Bob", 7)
    page.mouse.move(x, strip["y"] + 10)
    page.mouse.down()
    page.mouse.move(to_x, strip["y"] + 12, steps=4)
    page.mouse.up()
    wait_window(page, lambda start, until: 2.5 < start < 3.5 and 6.5 < until < 7.5)
    page.mouse.dblclick(*point(page, "Bob", 5))
    wait_window(page, lambda start, until: 3 < start < 4 and 10 < until < 11)


def test_in_forced_colours_the_overview_shows_what_failed(page: Page, portal: ScriptedPortal) -> None:
    """The system's words for colours are other ones on a canvas that is not on the page."""
    page.emulate_media(forced_colors="active", color_scheme="dark")
    nested_run(page, portal)
    x, _ = point(page, "Bob", 5)
    page.wait_for_function(
        """(x) => {
          const canvas = document.querySelector(".timeline-overview");
          const { left, width } = canvas.getBoundingClientRect();
          const at = Math.round(((x - left) * canvas.width) / width);
          const [red, green, blue, alpha] = canvas.getContext("2d").getImageData(at, canvas.height - 3, 1, 1).data;
          return alpha === 255 && Math.min(red, green, blue) > 200;
        }""",
        arg=x,
        timeout=20_000,
    )
    page.emulate_media(forced_colors="none", color_scheme="light")


def test_rounds_of_a_loop_are_one_row(page: Page, portal: ScriptedPortal) -> None:
    """With how many they are and how many failed; a click or a key unfolds them."""
    script = Timed("loop")
    rounds = [
        each
        for number in range(12)
        for each in (
            script.start_at(number, "n0", number, iteration=number),
            script.end_at(number + 0.5, "n0", number, "error" if number == 3 else "success"),
        )
    ]
    told(page, portal, script, script.at(0, "run_start", entity_name="Loop"), *rounds[:10])
    expect(page.locator("#timeline [data-bar]")).to_have_count(6)  # five are not folded
    told(page, portal, script, *rounds[10:])
    wait_rows(page, ("Loop", 1, "executing"), ("Node 0 × 12", 2, "error"))
    fold = row(page, "Node 0 × 12")
    for name, value in {"data-kind": "fold", "data-count": "12", "data-errors": "1", "aria-expanded": "false"}.items():
        expect(fold).to_have_attribute(name, value)
    expect(fold).to_contain_text("1 failed")
    fold.locator("[data-turn]").click()
    expect(page.locator("#timeline [data-bar]")).to_have_count(14)
    assert rows(page)[2][0] == "Node 0 · round 0"
    page.locator(".timeline-scroll").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#timeline [data-bar]")).to_have_count(2)
    page.mouse.click(*point(page, "Node 0 × 12", 5.25))
    expect(page.locator('#canvas [data-node-id="n0"]')).to_have_class(re.compile("selected"))


def test_idle_time_is_cut_and_the_sequence_is_a_scale(page: Page, portal: ScriptedPortal) -> None:
    """A wait of an hour is cut and marked; by sequence a call of 40 ms has as much room as an hour."""
    script = Timed("idle")
    requirement = {"id": "q", "kind": "confirmation"}
    told(
        page, portal, script, script.at(0, "run_start"), script.start_at(0, "n0", 0), *script.call("n0", 1, 1, 1.04),
        script.at(5, "AgentPaused", node_id="n0", requirements=[requirement]),
        script.at(3605, "resume_start", resolved=["q"]), script.end_at(3610, "n0", 0), script.at(3610, "run_end"),
    )  # fmt: skip
    view = page.locator(".timeline-view")
    expect(view).to_have_attribute("data-scale", "time")
    assert window(page)[1] > 3600
    page.locator("[data-timeline=cut]").click()
    expect(view).to_have_attribute("data-scale", "cut")
    expect(view).to_have_attribute("data-cuts", "1")
    page.locator("[data-timeline=sequence]").click()
    expect(view).to_have_attribute("data-scale", "sequence")
    expect(view).to_have_attribute("data-cuts", "0")
    expect(page.locator("[data-timeline=cut]")).to_have_attribute("aria-pressed", "false")
    page.locator("[data-timeline=sequence]").click()
    expect(view).to_have_attribute("data-scale", "time")


def test_the_critical_path_is_marked(page: Page, portal: ScriptedPortal) -> None:
    script = Timed("paths")
    told(
        page, portal, script, script.at(0, "run_start"), *script.ran("n0", 0, 0, 2), script.start_at(2, "n1", 1),
        *script.ran("n2", 2, 2, 5), script.end_at(9, "n1", 1), script.at(9, "run_end"),
    )  # fmt: skip
    expect(row(page, "Node 1")).to_be_visible()
    assert row(page, "Node 1").get_attribute("data-critical") is None
    page.locator("[data-timeline=critical]").click()
    for name, critical in (("Node 0", "true"), ("Node 1", "true"), ("Node 2", "false")):
        expect(row(page, name)).to_have_attribute("data-critical", critical)


def test_who_waits_for_a_person_is_told_apart(page: Page, portal: ScriptedPortal) -> None:
    """Live, and afterwards how long it was."""
    script = Timed("asks")
    told(
        page, portal, script, script.at(0, "run_start", entity_name="Asks"), script.start_at(0, "n0", 0),
        script.at(1, "AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}]),
    )  # fmt: skip
    expect(row(page, "Node 0")).to_have_attribute("data-waiting", "true")
    expect(row(page, "Node 0")).to_have_attribute("aria-label", re.compile("Waiting for a person"))
    expect(row(page, "Asks")).to_have_attribute("data-status", "paused")
    told(page, portal, script, script.at(4, "resume_start"), script.end_at(5, "n0", 0), script.at(5, "run_end"))
    expect(row(page, "Node 0")).to_have_attribute("data-status", "success")
    assert row(page, "Node 0").get_attribute("data-waiting") is None
    page.mouse.move(*point(page, "Node 0", 2))
    expect(page.locator(".timeline-tip")).to_contain_text("Waited for a person3.0 s")


def test_it_grows_while_the_run_lives(page: Page, portal: ScriptedPortal) -> None:
    """By the page's own clock, without an event."""
    script = Timed("grows")
    told(page, portal, script, {"event": "run_start"}, {"event": "start_node", "node_id": "n0", "order": 0})
    expect(row(page, "Node 0")).to_be_visible()
    before = window(page)[1]
    wait_window(page, lambda _, until: until > before + 0.3)


def test_a_late_event_changes_the_bars_as_if_it_had_come_in_time(page: Page, portal: ScriptedPortal) -> None:
    """A call that stood in the first round stands in the second one, once that is known."""
    script = Timed("late")
    start, *first, second, call, called = script.numbered(
        script.at(0, "run_start", entity_name="Late"), *script.ran("n0", 0, 0, 1), script.start_at(2, "n0", 1),
        *script.call("n0", 1, 3, 4),
    )  # fmt: skip
    portal.events["late"] = []
    count = metric(page, "handled")
    portal.send(start, *first, call, called)
    wait_handled(page, count + 5)
    wait_rows(page, ("Late", 1, "executing"), ("Node 0", 2, "success"), ("look", 3, "success"))
    portal.send(second)
    wait_handled(page, count + 6)
    wait_rows(
        page, ("Late", 1, "executing"), ("Node 0", 2, "success"), ("Node 0", 2, "executing"), ("look", 3, "success")
    )  # fmt: skip


def test_hidden_it_draws_nothing_and_comes_back_whole(page: Page, portal: ScriptedPortal) -> None:
    """While the canvas is in front nothing is told to it; zoom and folds of the run are as they were."""
    script = nested_run(page, portal, over=False)
    expect(row(page, "Inner")).to_be_visible()
    row(page, "Inner").locator("[data-turn]").click()
    expect(row(page, "Ada")).to_have_count(0)
    page.locator("#canvas-title").click()
    page.locator('.timeline-view[data-shown="false"]').wait_for(state="attached")
    told(page, portal, script, *script.ran("a", 2, 10, 12), script.at(12, "run_end", status="error"))
    expect(page.locator(".timeline-view")).to_have_attribute("data-bars", "6")
    page.locator("#timeline-title").click()
    expect(page.locator(".timeline-view")).to_have_attribute("data-bars", "7")
    expect(row(page, "Inner")).to_have_attribute("aria-expanded", "false")


def test_left_with_the_focus_in_it_it_comes_back_with_its_head(page: Page, portal: ScriptedPortal) -> None:
    """What loses the focus as it is hidden asks for a drawing, when nothing is to be measured any more."""
    nested_run(page, portal)
    row(page, "Ada").click()
    expect(page.locator(".timeline-scroll")).to_be_focused()
    page.locator("#canvas-title").click()
    page.locator('.timeline-view[data-shown="false"]').wait_for(state="attached")
    page.locator("#timeline-title").click()
    page.locator('.timeline-view[data-shown="true"]').wait_for()
    for part, height in ((".timeline-overview", 34), (".timeline-ruler", 22)):
        assert page.locator(part).evaluate("(part) => part.clientHeight") == height


def test_after_a_reload_in_the_middle_it_is_the_same(page: Page, portal: ScriptedPortal, site: str) -> None:
    """Made anew from what the server tells of the run."""
    portal.flows["nested"] = NESTED
    script = nested_run(page, portal, over=False)
    expect(row(page, "Bob")).to_have_attribute("data-status", "error")
    said = rows(page)
    again = page.context.new_page()
    run = Timed("deep", flow_id="nested")
    portal.events["deep"] = run.numbered(*deep(run))
    portal.runs["deep"] = {**portal.runs["deep"], "status": "executing", "flow_id": "nested", "last_seq": 6}
    boot(again, f"{site}/{portal.query.replace('flow=demo', 'flow=nested')}&run=deep")
    again.locator("#timeline-title").click()
    expect(row(again, "Bob")).to_be_visible(timeout=20_000)
    wait_rows(again, *[(str(name), int(level or 0), str(status)) for name, level, status in said])
    portal.runs["deep"]["last_seq"] += 1
    portal.send(*script.numbered(script.at(11, "run_end", status="error")))
    expect(row(again, "Deep")).to_have_attribute("data-status", "error")
    again.close()


def test_axe_finds_nothing(page: Page, portal: ScriptedPortal) -> None:
    """Empty and full, in the accessibility tree too; by sequence with the critical path, where switches are pressed."""
    for state in ("empty", "full", "pressed"):
        if state == "full":
            nested_run(page, portal)
            wait_rows(page, *DEEP)
        elif state == "pressed":
            for name in ("sequence", "critical"):
                page.locator(f"[data-timeline={name}]").click()
        found = Axe().run(page, context="#panel-timeline")
        assert found.violations_count == 0, found.generate_report()
