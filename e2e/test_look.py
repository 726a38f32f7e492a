"""What every person must be able to use: accessibility in each state, colours, widths, remembered choices."""

from __future__ import annotations

import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Guard
from .events import RunScript, metric, show, wait_handled
from .scripted_portal import ScriptedPortal


def complaints(page: Page) -> list[str]:
    """What axe finds, in short."""
    found: Any = Axe().run(page).response
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]


def states(page: Page, portal: ScriptedPortal) -> Any:
    """One state of the page after the other."""
    yield "empty"
    start = metric(page, "handled")
    script = RunScript("looked-at")
    portal.logs["looked-at"] = [{"ts": 1.0, "level": "warning", "node_id": "n0", "text": "Slow."}]
    portal.send(
        script.event("run_start", entity_name="A run"),
        script.start("n0", 0),
        script.end("n0", 0, "error", error="Traceback: boom", content="# Title\n\n- a [link](https://x.test)"),
        script.start("n1", 1),
        script.event("start_tool", node_id="n1", tool_name="look"),
        script.event("AgentPaused", node_id="n1", requirements=[]),
        "garbage",
    )
    wait_handled(page, start + 6)
    expect(page.locator("#log [data-level=warning]")).to_be_attached()
    show(page, "output")
    page.locator("#node-output summary").first.click()
    page.locator("#diagnostics-toggle").click()
    yield "paused"
    page.locator("#diagnostics-close").click()
    portal.send(
        script.end("n1", 1, content=[{"a": 1, "b": 2}, {"a": 3, "b": 4}]), script.event("run_end", status="error")
    )
    expect(page.locator('#runs [data-status="error"]')).to_have_count(1)
    expect(page.locator("#details-title")).to_have_attribute("aria-selected", "true")
    yield "failed"
    show(page, "output")
    page.locator("#node-output summary").last.click()
    yield "ended"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440, 2560])
def test_axe_finds_nothing_in_any_state(scheme: Any, width: int, page: Page, portal: ScriptedPortal) -> None:
    """Empty, waiting and ended, in both colour schemes, from phone to wide; and nothing runs out of the page."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    for state in states(page, portal):
        found = complaints(page)
        assert not found, "\n".join([state, *found])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state}: wider than the window"
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1440, "height": 900})


CUT = """() => {
  const held = ".bar, .zone-head, #run-head, #runs .run, #summary, #waiting-bar, #canvas-bar, .details-bar";
  const given = ".run-input, .run-head-given, .run-detail, option, .run-given";
  const hasWords = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const isCut = (each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 3;
  const fields = [...document.querySelectorAll(".run-given")].filter((each) => each.checkVisibility());
  const pen = document.createElement("canvas").getContext("2d");
  const low = fields.filter((each) => {
    const { font, fontSize, paddingLeft, paddingRight } = getComputedStyle(each);
    pen.font = font;
    const room = each.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return each.clientHeight < parseFloat(fontSize) * 1.3 || room < pen.measureText(each.placeholder ?? "").width;
  });
  return [...document.querySelectorAll(held)].flatMap((each) => [...each.querySelectorAll("*")])
    .filter((each) => each.checkVisibility() && each.offsetHeight > 1 && hasWords(each) && !each.matches(given))
    .filter((each) => getComputedStyle(each).display !== "inline" && isCut(each)).concat(low)
    .map((each) => `${each.id || each.className}: ${each.textContent}`);
}"""


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_word_is_cut(width: int, size: int, page: Page, portal: ScriptedPortal) -> None:
    """Of whatever is always in sight, with text twice as large, too; what a run was given may be shortened."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("(size) => document.documentElement.style.setProperty('font-size', `${size}%`)", size)
    asked = {"node_id": "n1", "requirements": [{"id": "q", "kind": "confirmation", "prompt": "Go on?"}]}
    ends: dict[str, tuple[str, dict[str, Any]]] = {
        "asks": ("AgentPaused", asked),
        "fails": ("run_end", {"status": "error", "error": "It broke."}),
    }
    for name, (last, fields) in ends.items():
        script = RunScript(name)
        portal.send(
            script.event("run_start", entity_name="Invoices of May", ts=1.0),
            script.start("n0", 0) | {"ts": 1.0},
            script.end("n0", 0) | {"ts": 3.0},
            script.start("n1", 1) | {"ts": 3.0},
            *([script.end("n1", 1, "error", error="no") | {"ts": 91.0}] if name == "fails" else []),
            script.event(last, ts=92.0, **fields),
        )
    for name in reversed(ends):
        expect(page.locator("#runs .run")).to_have_count(2)
        page.locator(f'#runs [data-run-id="{name}"] .run-row').click()
        expect(page.locator("#summary")).to_be_visible(visible=name == "fails")
        assert page.evaluate(CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("document.documentElement.style.removeProperty('font-size')")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_whose_backend_is_gone_says_so(width: int, page: Page, site: str) -> None:
    """Why there is no flow, that it is tried again, nothing to play; and axe finds nothing."""
    other = page.context.new_page()
    other.set_viewport_size({"width": width, "height": 844})
    other.goto(f"{site}/?flow=demo&api=http://127.0.0.1:9/api&ws=ws://127.0.0.1:9/ws")
    other.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(other.locator("#notices [role=alert]").first).to_contain_text("could not be loaded")
    expect(other.locator("#canvas")).to_contain_text("The flow could not be loaded yet")
    expect(other.locator("#editor [role=status]")).to_have_text("No flow yet")
    expect(other.locator("#runs")).not_to_contain_text("Press Play")
    expect(other.locator("#play")).to_be_disabled()
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    found = complaints(other)
    assert not found, "\n".join(found)
    other.close()


def test_more_contrast_where_it_is_wanted(page: Page) -> None:
    """Lines and quiet words become strong, in light and in dark, by the system and by the switch."""
    colours = """() => {
      const style = getComputedStyle(document.documentElement);
      return ["--line", "--line-strong", "--ink-3", "--ink-1"].map((name) => style.getPropertyValue(name).trim());
    }"""
    for scheme, theme in (("light", "auto"), ("dark", "auto"), ("light", "dark"), ("dark", "light")):
        page.emulate_media(color_scheme=scheme, contrast="more")  # type: ignore[arg-type]
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        line, strong, quiet, ink = page.evaluate(colours)
        assert (line, quiet) == (strong, ink), f"{scheme}, {theme}"
    page.emulate_media(color_scheme="light", contrast="no-preference")
    page.evaluate("() => { document.documentElement.dataset.theme = 'auto'; }")
    line, strong, *_ = page.evaluate(colours)
    assert line != strong


def test_calm_where_motion_is_not_wanted(page: Page, portal: ScriptedPortal) -> None:
    """With reduced motion nothing on the page moves by itself, in the middle of a run."""
    page.emulate_media(reduced_motion="reduce")
    start = metric(page, "handled")
    script = RunScript("calm")
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.event("start_tool", node_id="n0", tool_name="look"),
        script.event("RunContent", content="Some text", node_id="n0"),
    )
    wait_handled(page, start + 4)
    expect(page.locator('#canvas [data-node-id="n0"].executing')).to_have_count(1)
    moving = """() => document.getAnimations().filter((each) => each.playState === "running")
      .map((each) => `${each.animationName ?? each.transitionProperty} ${each.effect.target.outerHTML.slice(0, 99)}`)"""
    assert page.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")


def test_choices_are_remembered(page: Page, site: str, portal: ScriptedPortal) -> None:
    """A folded panel, the size of the side and the theme are there in the next page; a page without storage works."""
    if page.locator("#log-title").get_attribute("aria-expanded") == "false":  # no warning has opened it yet
        page.locator("#log-title").click()
    page.locator("#log-title").click()
    expect(page.locator("#log")).to_be_hidden()
    page.locator("#log-title").click()
    expect(page.locator("#log")).to_be_visible()
    page.locator("#theme").click()
    theme = page.locator("html").get_attribute("data-theme")
    assert theme != "auto"
    for handle, key in (("side", "ArrowLeft"), ("log", "ArrowUp"), ("runs", "ArrowRight")):
        page.locator(f"#resize-{handle}").focus()
        page.keyboard.press(key)
    zones = {name: page.locator(name).bounding_box() for name in ("#zone-runs", "#zone-side", "#drawer")}
    other = page.context.new_page()
    guard = Guard(other)
    other.goto(f"{site}/{portal.query}")
    other.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(other.locator("#log")).to_be_visible()
    expect(other.locator("html")).to_have_attribute("data-theme", str(theme))
    assert {name: other.locator(name).bounding_box() for name in zones} == zones
    guard.check()
    other.close()
    page.locator("#log-title").click()
    page.evaluate("() => localStorage.clear()")


def test_keyboard_alone_is_enough(page: Page, portal: ScriptedPortal) -> None:
    """A node is chosen, a run is shown, a panel is folded: without a pointer, and the focus is always seen."""
    start = metric(page, "handled")
    script = RunScript("keyed")
    portal.send(
        script.event("run_start"), script.start("n0", 0), script.end("n0", 0, content="hello"), script.event("run_end")
    )
    wait_handled(page, start + 4)
    page.locator('#canvas [data-node-id="n0"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator('#node-output [data-node-id="n0"]')).to_have_attribute("open", "")
    page.locator("#runs .run-row").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator('#runs [data-run-id="keyed"]')).to_have_attribute("aria-current", "true")
    fold = page.locator('#zone-runs [data-zone-action="fold"]')
    fold.focus()
    assert fold.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#runs-title")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#runs-title")).to_be_visible()


def test_markdown_cannot_do_harm(page: Page, portal: ScriptedPortal) -> None:
    """Scripts, handlers and addresses of other schemes in a node's output stay text; nothing is asked of anybody."""
    start = metric(page, "handled")
    script = RunScript("hostile")
    hostile = (
        "# Title\n\n[run me](javascript:alert(1)) [good](https://x.test)\n\n"
        "<img src=x onerror=alert(1)> <script>alert(1)</script>\n\n![pixel](https://evil.example/p.png)\n"
    )
    portal.send(script.event("run_start"), script.start("n0", 0), script.end("n0", 0, content=hostile))
    wait_handled(page, start + 3)
    show(page, "output")
    page.locator("#node-output summary").click()
    body = page.locator("#node-output .markdown")
    expect(body.locator("h1")).to_have_text("Title")
    assert body.locator("script").count() == 0
    assert body.locator("[onerror]").count() == 0
    links = body.locator("a").evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert "https://x.test" in links and not [link for link in links if link and link.startswith("javascript")]
    assert not [src for src in body.locator("img").evaluate_all("all => all.map((each) => each.src)") if "evil" in src]


def test_nothing_lies_over_another_thing(page: Page, portal: ScriptedPortal) -> None:
    """The badge of a row beside its time, who waits on a phone, a number beside a long text, a model without spaces."""
    script = RunScript("crowded")
    rows = [{"name": "word" * 60, "amount": 1234567.891}, {"name": "word", "amount": 2}]
    portal.send(
        script.event("run_start", flow_id="demo"),
        script.start("n0", 0),
        script.end("n0", 0, content=rows, usage={"input_tokens": 1, "model": "model" * 40}),
        script.start("n1", 1),
    )
    page.locator('#canvas [data-node-id="n0"]').click()
    show(page, "details")
    number = page.locator("#details td.number").first
    assert (
        number.evaluate("""(cell) => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return words.getClientRects().length;
    }""")
        == 1
    )
    facts = page.locator("#details .execution-head .facts")
    assert facts.evaluate(
        "(line) => line.scrollWidth <= line.clientWidth || getComputedStyle(line).display === 'inline'"
    )
    assert page.locator("#details").evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")
    portal.send(script.end("n1", 1), script.event("run_end"))
    other = RunScript("asks", flow_id="demo")
    asked = {"id": "q", "kind": "confirmation", "prompt": "Go on?", "expires_at": time.time() + 3599}
    portal.send(other.event("run_start"), other.event("AgentPaused", node_id="n1", requirements=[asked]))
    row = page.locator('#runs [data-run-id="asks"]')
    expect(row).to_have_attribute("data-asks", "true")
    page.locator('#runs [data-run-id="crowded"] .run-row').click()
    row.evaluate("(row) => { row.querySelector('.run-unread').textContent = 'New'; }")
    badge, start = (row.locator(each).bounding_box() for each in (".run-unread", ".run-start"))
    assert badge and start and badge["x"] + badge["width"] <= start["x"]
    page.set_viewport_size({"width": 390, "height": 844})
    who = page.locator(".waiting-who")
    expect(page.locator(".waiting-time")).to_be_visible()
    assert who.evaluate("(who) => who.clientWidth") > 110
    page.set_viewport_size({"width": 1440, "height": 900})
    portal.send(other.event("run_end"))
