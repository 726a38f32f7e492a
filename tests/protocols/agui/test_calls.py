from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.protocols.agui import calls
from pyapp.protocols.agui.calls import Calls

from .support import FINISHED, Json, Run, args, call, called, result, say, step


def shown(run: Run) -> list[Any]:
    return [each.get("tool_args") for each in run.ours if each["event"] == "start_tool"]


def test_arguments_are_shown_as_they_stream() -> None:
    """As far as they can be read; the page shows what is known by now."""
    run = Run(call("c"), args("c", '{"to": "A'), args("c", 'da", "n'), args("c", '": [1, 2'), args("c", "]}"))
    assert shown(run) == [None, {"to": "A"}, {"to": "Ada"}, {"to": "Ada", "n": [1, 2]}, {"to": "Ada", "n": [1, 2]}]
    assert run.record.tools["=c"].args == {"to": "Ada", "n": [1, 2]} and len(run.record.tools) == 1
    assert run.tell(called("c")) == [], "they are shown already"
    (ended,) = run.tell(result("c", "sent"))
    assert (ended["event"], ended["tool_name"], ended["status"], ended["result"]) == (
        "end_tool",
        "search",
        "success",
        "sent",
    )


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=400), max_size=8), st.data())
def test_wherever_arguments_are_cut_all_of_them_are_shown_at_the_end(arguments: Json, data: st.DataObject) -> None:
    text = json.dumps(arguments)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    run = Run(call("c"), *(args("c", piece) for piece in pieces), called("c"))
    assert run.record.tools["=c"].args == arguments


def test_long_arguments_are_not_read_again_for_each_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(text: str, **options: Any) -> Json:
        read.append(len(text))
        return {"q": len(text)}

    monkeypatch.setattr(calls, "from_json", counted)
    long = Run(call("c"), args("c", '{"q": "'), *(args("c", "x") for _ in range(20_000)), called("c"))
    assert sum(read) < 20 * 20_000 and shown(long)[-1] == {"q": 20_007}


@pytest.mark.parametrize(
    ("text", "known"),
    [("[1]", {"arguments": [1]}), ("no json", {"arguments": "no json"}), ("", None), ("{}", {}), ("  ", None)],
)
def test_arguments_that_are_no_object(text: str, known: Json | None) -> None:
    assert shown(Run(call("c"), args("c", text), called("c")))[-1] == known


def test_chunks_go_on_with_the_call_before() -> None:
    def chunk(**fields: Any) -> Json:
        return {"type": "TOOL_CALL_CHUNK", **fields}

    run = Run(
        chunk(toolCallId="c", toolCallName="search", delta='{"q":'), chunk(delta='"x"}'),
        chunk(toolCallId="d", toolCallName="send"), chunk(delta="[]"), chunk(), FINISHED,
    )  # fmt: skip
    assert run.record.tools["=c"].args == {"q": "x"} and run.record.tools["=d"].name == "send"
    assert [each["id"] for each in run.ours[-1]["requirements"]] == ["c", "d"]
    assert Run(chunk(delta="x")).aside[0]["reason"] == "it goes on with a call, and none was begun."


def test_a_result_of_a_call_that_nobody_began() -> None:
    """Its start was lost: it begins and ends with its result; one more of the same says nothing new."""
    run = Run(
        step("a"), result("c", [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]), result("c", 2)
    )
    assert run.names == ["start_node", "start_tool", "end_tool"]
    assert (run.ours[-1]["result"], run.ours[-1]["node_id"]) == ("one\ntwo", "a")
    assert run.asides == ["TOOL_CALL_RESULT (one more for the same call)"]
    run.tell(called("ghost"))
    assert run.asides[-1] == "TOOL_CALL_END without its start"


@pytest.mark.parametrize(
    ("content", "seen"),
    [('{"a": 1}', {"a": 1}), ('"text"', "text"), ("{broken", "{broken"), ("7", "7"), ("plain", "plain"),
     ([{"type": "image"}], [{"type": "image"}]), (None, None)],
)  # fmt: skip
def test_a_result_that_is_json_is_shown_as_that(content: Any, seen: Any) -> None:
    assert Run(call("c"), result("c", content)).ours[-1].get("result") == seen


def test_a_call_may_be_made_again() -> None:
    """After its result the same id is another call; before it is the same one, told once more."""
    run = Run(
        call("c"), args("c", '{"a": 1}'), call("c"), args("c", '{"a": 2}'), result("c", 1), call("c"), result("c", 2)
    )
    assert [(each.args, each.result) for each in run.record.tools.values()] == [({"a": 2}, 1), ({}, 2)]


def test_two_hundred_calls_at_once() -> None:
    starts = [each for number in range(200) for each in (call(f"c{number}"), args(f"c{number}", "{}"))]
    run = Run(*starts, *(result(f"c{number}", number) for number in reversed(range(200))), FINISHED)
    assert len(run.record.tools) == 200 and {each.status for each in run.record.tools.values()} == {"success"}
    assert run.record.status == "success"


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_CALLS", 2)
    monkeypatch.setattr(calls, "MAX_CHARS", 10)
    known = Calls()
    for number in range(4):
        known.start(f"c{number}", "n", "a", "a")
    assert [each.call_id for each in known.waiting()] == ["c0", "c1"] and known.find("c3") is None
    first = known.find("c0")
    assert first is not None
    for _ in range(9):
        known.arguments(first, "xxx")
    assert first.chars == 12
    assert Run(*(call(f"c{number}") for number in range(4)), say("m", "x")).names.count("start_tool") == 4
