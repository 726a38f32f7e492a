"""The chat: every source in its own bubble, Markdown as it streams, tools where they happened, foreign HTML tamed."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .colours import apart, contrast
from .events import RunScript, metric, show, wait_handled
from .scripted_portal import ScriptedPortal

HOSTILE = (
    '<h2 id="play" class="executing" style="color:red" data-node-id="n0" onclick="hack()">Quarter</h2>'
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'><img src='https://elsewhere.example/p.png'>"
    "<form action='/x'><input name=a><button>Send</button></form><iframe src='/'></iframe>"
    "<a href='javascript:window.hacked=1'>run</a> <a href='https://elsewhere.example/page'>the source</a>"
    "<table><tr><th>Name</th></tr><tr><td>7</td></tr></table>"
)


@pytest.fixture(autouse=True)
def in_front(page: Page) -> None:
    """The chat is looked at."""
    show(page, "chat")


def begin(page: Page, portal: ScriptedPortal, run_id: str) -> RunScript:
    script = RunScript(run_id)
    portal.send(script.event("run_start"), script.start("n0", 0))
    expect(page.locator(f'#runs [data-run-id="{run_id}"]')).to_have_attribute("aria-current", "true")
    return script


def say(script: RunScript, text: Any, source: str = "agent", **fields: Any) -> dict[str, Any]:
    return script.event("RunContent", content=text, source_run_id=source, node_id="n0", **fields)


def bubbles(page: Page, source: str, kind: str = "text") -> Locator:
    return page.locator(f'#chat [data-source="{source}"][data-kind={kind}]')


def test_sources_that_speak_at_once_never_mix(page: Page, portal: ScriptedPortal) -> None:
    """Three members, word by word; an emoji is split over two chunks."""
    script = begin(page, portal, "mixed")
    words = {source: [f"{source}{index} " for index in range(40)] for source in ("a", "b", "c")}
    portal.send(
        [say(script, words[source][index], source, name=f"Member {source}") for index in range(40) for source in words]
    )
    for source, said in words.items():
        expect(bubbles(page, source)).to_have_count(1)
        expect(bubbles(page, source).locator(".bubble-body")).to_have_text("".join(said).strip())
        expect(bubbles(page, source)).to_have_attribute("aria-busy", "true")
        expect(bubbles(page, source)).to_contain_text(f"Member {source}")
    portal.send(script.end("n0", 0), script.event("run_end"))
    expect(page.locator("#chat [aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_speakers_are_told_apart(scheme: Any, page: Page, portal: ScriptedPortal) -> None:
    """Each of eight from the others, from every state's and from the ground; a call has that of its caller."""
    page.emulate_media(color_scheme=scheme)
    script = begin(page, portal, "colours")
    for each in "abcdefgh":
        call = {"node_id": "n0", "source_run_id": each, "tool_name": "look"}
        portal.send(script.event("start_tool", **call), script.event("end_tool", status="success", **call))
        portal.send(say(script, each, each, agent_id=f"agent-{each}", name=each))
    expect(bubbles(page, "h")).to_have_count(1)
    expect(bubbles(page, "h")).to_have_attribute("data-voice", "7")
    told: Any = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const edge = (kind) => [...document.querySelectorAll(`#chat [data-kind=${kind}]`)]
            .map((each) => getComputedStyle(each).borderLeftColor);
          const names = ["blue", "green", "red", "amber", "yellow", "violet", "surface-1"];
          return [edge("text"), edge("tool"), names.map((name) => style.getPropertyValue(`--${name}`))];
        }"""
    )
    said, called, (*states, ground) = told
    assert said == called
    for one, other in (*combinations(said, 2), *product(said, states)):
        assert apart(one, other) > 0.1, (one, other)
    assert all(contrast(each, ground) >= 3 for each in said)


def test_markdown_streams_and_code_is_coloured_when_it_is_whole(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "markdown")
    portal.send(say(script, "# Title\n\nSome **bo"), say(script, "ld** words\n\n```python\ndef f(x):\n"))
    body = bubbles(page, "agent").locator(".bubble-body")
    expect(body.locator("strong")).to_have_text("bold")
    expect(body.locator("pre code")).to_contain_text("def f(x):")
    expect(body.locator("pre .syntax-kwd")).to_have_count(0)
    portal.send(say(script, "    return 'x'\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nDone."), script.event("run_end"))
    expect(body.locator("pre .syntax-kwd").first).to_have_text("def")
    expect(body.locator("td")).to_have_count(2)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    body.locator(".copy-code").click()
    expect(body.locator(".copy-code")).to_have_attribute("data-done", "1")
    assert page.evaluate("navigator.clipboard.readText()") == "def f(x):\n    return 'x'"
    bubbles(page, "agent").locator(".copy").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).endsWith('Done.')")


def test_tools_stand_where_they_happened(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "tools")
    call = {"node_id": "n0", "tool_call_id": "t1", "tool_name": "search", "source_run_id": "agent"}
    portal.send(
        say(script, "Before."),
        script.event("start_tool", **call, tool_args={"query": "handlers"}),
        script.event("end_tool", **call, result={"hits": [1, 2]}, duration=0.2),
        say(script, "After."),
        script.event("start_tool", **(call | {"tool_call_id": "t2"})),
        script.event("end_tool", **(call | {"tool_call_id": "t2"}), error="No such index", status="error"),
        script.event("run_end"),
    )
    kinds = page.locator("#chat [data-message-id]")
    expect(kinds).to_have_count(4)
    assert kinds.evaluate_all("all => all.map((each) => each.dataset.kind)") == ["text", "tool", "text", "tool"]
    expect(bubbles(page, "agent")).to_have_count(2)
    tools = bubbles(page, "agent", "tool")
    expect(tools.nth(0)).to_contain_text("search · Succeeded")
    expect(tools.nth(0)).to_contain_text("query: handlers")
    expect(tools.nth(0)).to_contain_text("0.2 s")
    tools.nth(0).locator("summary").first.click()
    expect(tools.nth(0).locator(".tree")).to_have_count(2)
    tools.nth(1).locator("summary").first.click()
    expect(tools.nth(1).locator(".output-error")).to_have_text("No such index")


def test_reasoning_is_folded_and_says_what_goes_on(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "reasoning")
    think = {"source_run_id": "agent", "node_id": "n0"}
    portal.send(script.event("RunReasoningContent", content="I weigh the options. ", **think))
    thought = bubbles(page, "agent", "reasoning")
    expect(thought.locator(".fold-name")).to_have_text("Thinking…")
    expect(thought.locator(".fold-preview")).to_have_text("I weigh the options.")
    expect(thought.locator(".bubble-body")).not_to_be_visible()
    step = {"title": "Compare the two", "action": "Read both", "result": "The first is shorter", "confidence": 0.9}
    portal.send(script.event("ReasoningContent", content="", step=step, **think))
    expect(thought.locator(".fold-preview")).to_have_text("Compare the two")
    thought.locator("summary").click()
    expect(thought.locator(".step")).to_contain_text("The first is shorter")
    portal.send(say(script, "The first."))
    expect(thought.locator(".fold-name")).to_have_text("Thoughts")
    expect(thought.locator(".fold-time")).not_to_be_empty()
    expect(bubbles(page, "agent")).to_have_count(1)


def test_a_complete_message_replaces_what_was_streamed(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "snapshot")
    portal.send(say(script, "Hel"), say(script, "lo wrld"), say(script, "Hello **world**", mode="snapshot"))
    expect(bubbles(page, "agent").locator(".bubble-body")).to_have_text("Hello world")
    expect(bubbles(page, "agent").locator("strong")).to_have_count(2)  # the name, and the word


def test_foreign_html_shows_and_does_nothing(page: Page, portal: ScriptedPortal, booted: Any) -> None:
    """Sanitised; the browser says in the console what its CSP would have refused besides."""
    booted[1].allowed = ["Applying inline style violates", "Executing inline event handler violates"]
    script = begin(page, portal, "html")
    portal.send(script.event("ChatHTML", html=HOSTILE, message_id="report", node_id="n0"))
    report = page.locator('#chat [data-message-id="report"]')
    expect(report).to_have_attribute("data-kind", "html")
    body = report.locator(".bubble-body")
    expect(body.locator("h2")).to_have_text("Quarter")
    expect(body.locator("td")).to_have_text("7")
    for selector in (
        "img",
        "form",
        "input",
        "button",
        "iframe",
        "script",
        "[id]",
        "[class]",
        "[style]",
        "[data-node-id]",
    ):
        expect(body.locator(selector)).to_have_count(0)
    expect(body.locator("a[href]")).to_have_count(1)
    link = body.get_by_text("the source")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("data-host", "elsewhere.example")
    assert page.evaluate("window.hacked") is None
    portal.send(script.event("ChatHTML", html="<p>Second</p>", message_id="report", node_id="n0"))
    expect(body).to_have_text("Second")
    expect(page.locator("#chat [data-message-id]")).to_have_count(1)


def test_the_reader_decides_what_is_in_sight(page: Page, portal: ScriptedPortal) -> None:
    """It sticks to the end; scrolled up, nothing moves and a button tells of what is new."""
    script = begin(page, portal, "scrolling")
    more = page.locator("#chat-new")
    at_end = "chat => chat.scrollTop + chat.clientHeight >= chat.scrollHeight - 40"
    portal.send(say(script, "\n\n".join(f"Line {index}" for index in range(200))))
    page.wait_for_function(f"() => ({at_end})(document.getElementById('chat')) && chat.scrollTop > 500")
    expect(more).to_be_hidden()
    page.locator("#chat").hover()
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"() => !({at_end})(document.getElementById('chat'))")
    place = page.locator("#chat").evaluate("chat => chat.scrollTop")
    portal.send(say(script, "\n\nThe newest."))
    expect(more).to_be_visible()
    assert page.locator("#chat").evaluate("chat => chat.scrollTop") == place
    more.click()
    page.wait_for_function(f"() => ({at_end})(document.getElementById('chat'))")
    expect(more).to_be_hidden()


def test_a_selection_survives_the_stream(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "selection")
    portal.send(say(script, "Choose me. "))
    text = bubbles(page, "agent").locator(".bubble-body p")
    expect(text).to_be_visible()
    text.evaluate("node => getSelection().selectAllChildren(node)")
    before = metric(page, "handled")
    portal.send([say(script, f"More {index}. ") for index in range(50)])
    wait_handled(page, before + 50)
    expect(text).to_contain_text("More 49.")
    assert page.evaluate("getSelection().toString()").startswith("Choose me.")


def test_a_click_shows_the_node_that_spoke(page: Page, portal: ScriptedPortal) -> None:
    script = begin(page, portal, "speaker")
    portal.send(say(script, "It was me.", name="Ada"))
    bubbles(page, "agent").locator("[data-show-node]").click()
    expect(page.locator("#node-output")).to_be_visible()
    expect(page.locator('#canvas [data-node-id="n0"].selected')).to_have_count(1)


def test_ten_thousand_chunks_and_two_thousand_messages(page: Page, portal: ScriptedPortal) -> None:
    """The store is right at once, the page follows, and it still answers."""
    script = begin(page, portal, "many")
    chunks = [f"w{index} " for index in range(10_000)]
    for first in range(0, 10_000, 1_000):
        portal.send([say(script, chunk, "long") for chunk in chunks[first : first + 1_000]])
    portal.send([say(script, f"Message {index}", f"source-{index}") for index in range(2_000)])
    expect(page.locator("#chat [data-message-id]")).to_have_count(2_001, timeout=120_000)
    expect(bubbles(page, "source-1999").locator(".bubble-body")).to_have_text("Message 1999")
    assert (bubbles(page, "long").locator(".bubble-body").text_content() or "").strip() == "".join(chunks).strip()
    portal.send(script.event("run_end"))
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")


def test_marks_without_end_do_not_freeze_the_page(page: Page, portal: ScriptedPortal) -> None:
    """What costs the parser the square of its length stands as it is, in full; the next word is there at once."""
    script = begin(page, portal, "marks")
    texts = {"ticks": "`" * 60_000, "stars": "*a " * 60_000, "quotes": ">" * 50_000}
    portal.send(*(say(script, text, source) for source, text in texts.items()))
    portal.send(say(script, "Still here", "witness"), script.event("run_end"))
    expect(bubbles(page, "witness").locator(".bubble-body")).to_have_text("Still here", timeout=20_000)
    for source, text in texts.items():
        shown = bubbles(page, source).locator(".bubble-body .plain").text_content() or ""
        assert len(text) - 1_000 <= len(shown) <= len(text)
