"""The oracle itself, held against sentences of the contract, by hand."""

from __future__ import annotations

from typing import Any

from tests.oracle import Told, tell

Json = dict[str, Any]
INSIDE = {"a": "g", "b": "g"}
"""Group g with two children."""


def told(*events: Json) -> Told:
    return tell([{"run_id": "r", "seq": seq, **event} for seq, event in enumerate(events)], INSIDE)["r"]


def start(node: str, **fields: Any) -> Json:
    return {"event": "start_node", "node_id": node, **fields}


def end(node: str, status: str = "success", **fields: Any) -> Json:
    return {"event": "end_node", "node_id": node, "status": status, **fields}


def say(content: str, **fields: Any) -> Json:
    return {"event": "RunContent", "content": content, **fields}


def texts(run: Told) -> list[str]:
    return [each.text for each in run.bubbles if each.kind == "text"]


def test_order_and_duplicates_make_no_difference() -> None:
    log = [{"run_id": "r", "seq": seq, **each} for seq, each in enumerate([start("n"), end("n"), {"event": "run_end"}])]
    again = [{**log[1], "status": "error", "sent": 2}]
    assert tell([*reversed(log)])["r"] == tell([*log, *again])["r"]


def test_without_order_a_start_takes_the_next_and_an_end_closes_the_latest_open() -> None:
    run = told(start("n", order=4), start("n"), end("n"))
    assert run.badges == {"n": {4: "executing", 5: "success"}}
    assert run.glow("n") == {"executing"}


def test_the_end_of_a_run_closes_what_is_open_and_late_events_have_their_say() -> None:
    run = told(
        start("n", order=0), start("m", order=1), {"event": "run_end"}, end("n", order=0), start("late", order=2)
    )
    assert run.status == "success"
    assert run.badges == {"n": {0: "success"}, "m": {1: "unknown"}, "late": {2: "unknown"}}
    assert run.executions["m"][1].implied and not run.executions["n"][0].implied
    assert run.outputs() == ["n", "m", "late"] and run.glow("n") == {""}


def test_the_first_end_of_a_run_wins() -> None:
    assert told({"event": "resume_end"}, {"event": "run_end", "status": "error"}).status == "success"
    assert told({"event": "resume_end", "status": "paused"}, {"event": "run_end", "status": "error"}).status == "error"


def test_a_group_that_only_its_children_speak_for() -> None:
    assert told(start("a"), end("a")).glow("g") == {"", "executing"}, "b has not run: left open"
    assert told(start("a"), end("a", "killed"), start("b"), end("b")).glow("g") == {"killed"}
    assert told(start("a"), end("a", "killed"), start("b"), end("b"), start("a")).glow("g") == {"executing"}


def test_a_group_that_sent_a_start_of_its_own() -> None:
    assert told(start("g"), start("a"), end("a"), start("b"), end("b")).glow("g") == {"executing"}
    assert told(start("g"), start("a"), end("g", "error")).glow("g") == {"error"}
    assert told(start("g"), end("g"), start("a")).glow("g") == {"executing"}


def test_a_bubble_for_each_source_and_another_after_a_tool_call() -> None:
    tool = {"event": "start_tool", "node_id": "n", "tool_name": "t"}
    run = told(say("one "), say("else", agent_id="x"), say("two "), tool, say("three"))
    assert texts(run) == ["one two ", "else", "three"]


def test_a_snapshot_is_all_its_source_has_said() -> None:
    tool = {"event": "start_tool", "node_id": "n", "tool_name": "t"}
    before = [say("one "), tool, say("two")]
    assert texts(told(*before, say("one more", mode="snapshot"))) == ["one ", "more"]
    assert texts(told(*before, say("other", mode="snapshot"))) == ["", "other"]


def test_halves_of_a_character_are_joined() -> None:
    assert texts(told(say("a\ud83d"), say("other", agent_id="x"), say("\ude00b"))) == ["a😀b", "other"]
    assert texts(told(say("a\ud83d"))) == ["a\ufffd"]


def test_a_tool_without_id_closes_the_oldest_of_its_name_on_its_node() -> None:
    tool = {"event": "start_tool", "node_id": "n", "tool_name": "t"}
    done = {"event": "end_tool", "node_id": "n", "tool_name": "t", "result": 1, "status": "success"}
    run = told(start("n"), tool, {**tool, "node_id": "m"}, tool, done)
    assert [each.tool.status for each in run.bubbles if each.tool] == ["success", "executing", "executing"]
    assert run.at_work("n") is True and run.at_work("m") is None


def test_cards() -> None:
    pause = {"event": "AgentPaused", "node_id": "n", "requirements": [{"id": "q", "kind": "confirmation"}]}
    assert list(told(start("n"), pause).cards.requirements) == ["q"] and told(start("n"), pause).waits("n") is True
    assert not told(pause, {"event": "resume_start"}).cards.requirements
    assert told(pause, start("n")).status == "executing" and list(told(pause, start("n")).cards.requirements) == ["q"]
    assert not told(pause, {"event": "run_end"}).cards.requirements


def test_what_cannot_be_read_changes_nothing() -> None:
    assert told({"event": "start_node", "order": 0}, end("n", "fine"), {"event": "news"}, start("n")).badges == {
        "n": {0: "executing"}
    }
