"""The tab Details: what went in beside what came out, and all that belongs to a node."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .events import RunScript, show
from .scripted_portal import ScriptedPortal

ROWS = [{"file": "a.py", "lines": 120}, {"file": "b.py", "lines": 30}]


@pytest.fixture
def details(page: Page, portal: ScriptedPortal) -> Locator:
    """Of a run in which n0 read two files, called a tool, and a person answered."""
    script = RunScript("r")
    question = {"id": "q", "kind": "confirmation", "prompt": "Go on?"}
    answer = {"id": "q", "confirmed": True, "note": "Looks good.", "by": "Ada"}
    call = {"node_id": "n0", "tool_call_id": "t", "tool_name": "search"}
    portal.send(
        script.event("run_start"),
        script.event("start_node", node_id="n0", order=0, input={"folder": "src", "deep": True}),
        script.event("start_tool", **call, tool_args={"words": "lane"}),
        script.event("end_tool", **call, status="success", result={"hits": 3}),
        script.event("AgentPaused", node_id="n0", requirements=[question]),
        script.event("resume_start", resolved=["q"], answers=[answer]),
        script.end("n0", 0, content=ROWS, variables={"copies": 2}, usage={"input_tokens": 20, "model": "m-1"}),
        script.start("n1", 1),
    )
    expect(page.locator("#runs [data-run-id=r]")).to_have_attribute("aria-current", "true")
    show(page, "details")
    page.locator('#canvas [data-node-id="n0"]').click()
    found = page.locator("#details")
    expect(found.locator(".details-title")).to_have_text("Node 0")
    return found


def box(details: Locator, title: str) -> Locator:
    return details.get_by_role("group", name=title, exact=True)


def test_all_that_belongs_to_a_node_is_there(details: Locator) -> None:
    expect(box(details, "Input")).to_contain_text("folder")
    expect(box(details, "Output").locator("table")).to_contain_text("a.py")
    expect(box(details, "Variables")).to_contain_text("copies")
    expect(details.locator(".execution-head")).to_contain_text("20 tokens in, 0 out · m-1")
    call = details.locator(".tool-call")
    expect(call.locator("summary").first).to_contain_text("search")
    call.locator("summary").first.click()
    expect(call).to_contain_text("hits")
    asked = details.locator(".asked")
    for words in ("Go on?", "Approved", "by Ada", "Looks good."):
        expect(asked).to_contain_text(words)


def test_a_value_has_forms_is_copied_kept_and_opened_large(details: Locator, tmp_path: Path) -> None:
    output, page = box(details, "Output"), details.page
    output.get_by_role("button", name="JSON").click()
    expect(output.locator(".tree")).to_be_visible()
    expect(output.get_by_role("button", name="JSON")).to_have_attribute("aria-pressed", "true")
    output.get_by_role("button", name="Raw").click()
    expect(output.locator("pre")).to_contain_text('"file": "a.py"')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    output.get_by_role("button", name="Copy").click()
    page.wait_for_function("() => navigator.clipboard.readText().then((text) => text.includes('b.py'))")
    with page.expect_download() as loading:
        output.get_by_role("button", name="Download").click()
    assert loading.value.suggested_filename == "output.json"
    kept = tmp_path / "output.json"
    loading.value.save_as(kept)
    assert '"lines": 30' in kept.read_text()
    output.get_by_role("button", name="Open large").click()
    large = page.get_by_role("dialog", name="Output")
    expect(large).to_contain_text("a.py")
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(output.get_by_role("button", name="Open large")).to_be_focused()


def test_a_search_marks_what_it_finds_and_opens_its_fold(details: Locator) -> None:
    details.get_by_role("searchbox").fill("hits")
    found = "() => CSS.highlights.get('found')?.size ?? 0"
    details.page.wait_for_function(f"({found})() === 1")
    expect(details.locator(".tool-call")).to_have_attribute("open", "")
    details.get_by_role("searchbox").fill("")
    details.page.wait_for_function(f"({found})() === 0")


def test_what_came_of_a_search_is_said_and_a_large_value_is_searched_whole(
    details: Locator, portal: ScriptedPortal
) -> None:
    """Its own words are not found; of thousands of matches some are marked, and all are counted.

    Where a box shows a part of it, what is found in the rest is shown, too, and brought to the eye.
    """
    page, script = details.page, RunScript("long")
    portal.send(script.event("run_start"), script.start("n2", 0), script.end("n2", 0, content="x " * 30_000 + "needle"))
    portal.send(script.event("run_end"))
    page.locator("#runs [data-run-id=long] .run-row").click()
    page.locator('#canvas [data-node-id="n2"]').click()
    show(page, "details")
    told = details.get_by_role("status")
    details.get_by_role("searchbox").fill("match")
    expect(told).to_have_text("No match")
    details.get_by_role("searchbox").fill("needle")
    expect(told).to_have_text("1 match")
    mark = """() => {
      const [range] = CSS.highlights.get("found");
      const found = range.getBoundingClientRect();
      const sees = ({ top, bottom }) => top <= found.top && found.bottom <= bottom;
      const around = [range.startContainer.parentElement, document.querySelector("#details")];
      return String(range) === "needle" && around.every((each) => sees(each.getBoundingClientRect()));
    }"""
    page.wait_for_function(mark)
    details.get_by_role("searchbox").fill("x")
    expect(told).to_have_text("30,000 matches")
    box(details, "Output").get_by_role("button", name="Open large").click()
    large = page.get_by_role("dialog", name="Output")
    expect(large.get_by_role("button", name="Close")).to_be_focused()
    large.get_by_role("searchbox").fill("needle")
    expect(large.get_by_role("status")).to_have_text("1 match")
    large.get_by_role("searchbox").fill("x")
    expect(large.get_by_role("status")).to_have_text("30,000 matches")
    assert page.evaluate("CSS.highlights.get('found').size") == 1_000
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def test_without_a_choice_it_is_about_the_run(page: Page, portal: ScriptedPortal) -> None:
    script = RunScript("r")
    portal.runs["r"] = {"run_id": "r", "flow_id": "demo", "status": "success", "input": "a question"}
    portal.send(script.event("run_start"), script.start("n0", 0), script.event("run_end", content="an answer"))
    show(page, "details")
    details = page.locator("#details")
    expect(details.locator(".details-title")).to_have_text("The whole run")
    expect(box(details, "Output")).to_contain_text("an answer")
    expect(box(details, "Input")).to_contain_text("a question")
    page.locator('#canvas [data-node-id="n0"]').click()
    show(page, "details")
    expect(details.locator(".details-title")).to_have_text("Node 0")
    details.get_by_role("button", name="The whole run").click()
    expect(details.locator(".details-title")).to_have_text("The whole run")


def test_what_is_open_stays_while_others_work(details: Locator, portal: ScriptedPortal) -> None:
    """Only what changed of the chosen node is drawn again."""
    details.locator(".tool-call > summary").click()
    before = details.locator(".execution").element_handle()
    script = RunScript("r")
    script._seq = 7
    portal.send(script.end("n1", 1), script.start("n2", 2), script.end("n2", 2), script.start("n0", 3))
    expect(details.locator(".execution")).to_have_count(2)
    assert before is not None and before.evaluate("(element) => element.isConnected")
    expect(details.locator(".tool-call")).to_have_attribute("open", "")
