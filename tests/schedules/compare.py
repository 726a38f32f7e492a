"""Holds every region of the document against the oracle. What the contract leaves open is not compared."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pyapp.locale.en import WORDS
from pyapp.testing.page import FakePage
from tests.memory_server import STEP_S
from tests.oracle import Bubble, Told
from tests.oracle.nodes import Execution
from tests.streams import FLOW, words

from . import reading

NODES = [each["id"] for each in FLOW["nodes"]]
LOST = ("events.lost", "events.lost.one", "results.unavailable")
LOSSES = [WORDS[key].split("{")[0] or WORDS[key].split("}")[1] for key in LOST]
"""Words that must be gone once nothing is lost."""
BETWEEN = ("reasoning", "html")


async def compare(page: FakePage, told: dict[str, Told]) -> None:
    """Rows, cards and notices of all runs; every other region for each run, the one in front first."""
    rows = reading.rows(page)
    assert {run_id: rows.get(run_id) for run_id in told} == {run_id: each.status for run_id, each in told.items()}
    compare_cards(page, told.values())
    compare_notices(page)
    assert reading.state(page, "connection", "data-state") == "open"
    shown = reading.front(page)
    assert shown in rows or all(each.over for each in told.values()), "one of the runs is in front"
    for run_id in sorted(told, key=lambda each: each != shown):
        if run_id != reading.front(page):
            reading.click_run(page, run_id)
            await page.advance(1.0)
        assert reading.front(page) == run_id
        compare_front(page, told[run_id])


def compare_front(page: FakePage, told: Told) -> None:
    """Editor, canvas, output and chat of the run in front."""
    assert reading.state(page, "editor", "data-locked") == ("false" if told.over else "true")
    compare_canvas(page, told)
    compare_output(page, told)
    compare_chat(page, told)


def compare_canvas(page: FakePage, told: Told) -> None:
    for node in NODES:
        expected = [
            (told.run_id, str(order + 1), status) for order, status in sorted(told.badges.get(node, {}).items())
        ]
        assert reading.badges(page, node) == expected, f"badges of {node}"
        assert reading.glow(page, node) in told.glow(node), f"glow of {node}"
        classes = reading.classes(page, node)
        for name, expects in (("executing-tool", told.at_work(node)), ("waiting", told.waits(node))):
            assert expects is None or (name in classes) == expects, f"{name} of {node}"
        if told.over:
            assert not classes, f"{node} of a run that is over"


def compare_output(page: FakePage, told: Told) -> None:
    entries = reading.entries(page)
    assert list(entries) == told.outputs(), "an entry for each ended node, in order of first execution"
    for node, entry in entries.items():
        orders = told.executions[node]
        ended = {order: each for order, each in orders.items() if each.status != "executing"}
        latest = {orders[max(orders)].status, ended[max(ended)].status}
        assert entry.attributes["data-status"] in latest, f"status of the entry of {node}"
        assert set(words(entry.textContent)) == {word for each in ended.values() for word in said(each)}
        for order, each in ended.items():
            compare_block(reading.block(entry, order), each)


def compare_block(text: str, execution: Execution) -> None:
    """One execution's part of an entry: what it gave, how long it took, and whether anybody reported it."""
    assert set(words(text)) == set(said(execution))
    assert WORDS[f"status.{execution.status}"] in text
    if not execution.late:
        assert (WORDS["output.implied"] in text) == execution.implied
    if execution.began_ts is not None and execution.ended_ts is not None and not execution.untold:
        took = round(execution.ended_ts - execution.began_ts)
        if STEP_S <= took < 60:
            assert (f"{took} s" if took >= 10 else f"{took}.0 s") in text


def said(execution: Execution) -> list[str]:
    return words(f"{execution.content} {execution.error} {execution.variables}")


def compare_chat(page: FakePage, told: Told) -> None:
    shown = reading.bubbles(page)
    assert all(each.run_id == told.run_id for each in shown)
    assert not (told.over and any(each.busy for each in shown)), "nothing streams once the run is over"
    for kind in ("text", "reasoning"):
        for source in {each.source for each in told.bubbles if each.kind == kind}:
            mine = [each for each in told.bubbles if (each.kind, each.source) == (kind, source)]
            there = [words(each.body) for each in shown if (each.kind, each.source) == (kind, source)]
            compare_voice(mine, there, told)
    assert {(each.kind, each.source) for each in shown} == {(each.kind, each.source) for each in told.bubbles}
    if not any(each.kind in BETWEEN for each in told.bubbles):
        order = [(each.kind, each.source) for each in told.bubbles]
        assert [(each.kind, each.source) for each in shown] == order, "bubbles in the order in which they appeared"
    reports = [words(each.body) for each in shown if each.kind == "html"]
    assert reports == [words(each.text) for each in told.bubbles if each.kind == "html"]
    compare_tools([each for each in shown if each.kind == "tool"], told)


def compare_voice(mine: list[Bubble], there: list[list[str]], told: Told) -> None:
    """What one source said: word for word, and in the bubbles that the contract asks for.

    Whether a thought or a report between two texts opens a bubble is left open; half a character at the very end of
    a living run may still find its other half.
    """
    expected = [words(each.text) for each in mine]
    if not told.over:
        for said_words in (expected, there):
            if said_words and said_words[-1][-1:] == ["\ufffd"]:
                said_words[-1].pop()
    assert list(chain(*there)) == list(chain(*expected)), f"what {mine[0].source} said"
    if mine[0].source not in {each.source for each in told.bubbles if each.kind in BETWEEN}:
        assert [each for each in there if each] == [each for each in expected if each], f"bubbles of {mine[0].source}"


def compare_tools(shown: list[reading.Shown], told: Told) -> None:
    tools = [each.tool for each in told.bubbles if each.tool is not None]
    assert len(shown) == len(tools)
    for bubble, tool in zip(shown, tools, strict=True):
        assert words(bubble.body) == words(f"{tool.args} {tool.result} {tool.error}")
        assert (tool.name or "") in bubble.head
        if tool.ended is not None:
            assert WORDS[f"status.{tool.status}"] in bubble.head
        elif told.over:
            assert WORDS["status.executing"] not in bubble.head, "nothing is left executing"


def compare_cards(page: FakePage, told: Iterable[Told], *, by_word: bool = False) -> None:
    """Open questions of every run, in front or not; `by_word`: how a sign-in went nobody may have told."""
    runs = list(told)
    asked = reading.cards(page, "data-requirement-id")
    known = {each.run_id for each in runs}
    assert {key for key in asked if key[0] in known} == {
        (each.run_id, name) for each in runs for name in each.cards.requirements
    }
    assert set(asked.values()) <= {"open"}
    signing = reading.cards(page, "data-interaction-id")
    for each in runs:
        for name, status in each.cards.sign_ins.items():
            shown = signing.get((each.run_id, name))
            assert status is None or shown == status or (by_word and status != "pending" and shown is None)
        assert {name for run_id, name in signing if run_id == each.run_id} <= set(each.cards.sign_ins)


def compare_notices(page: FakePage) -> None:
    """No word about a loss stays when nothing is lost, and nothing failed in the page itself."""
    for text in reading.notices(page):
        assert not any(loss.strip() in text for loss in LOSSES), text
    assert reading.metric(page, "failed") == 0
