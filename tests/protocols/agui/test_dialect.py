from __future__ import annotations

import json
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.errors import ApiError
from pyapp.link.sse import SseParser
from pyapp.protocols.agui.dialect import AguiDialect, translator_of
from pyapp.protocols.agui.translator import UNFORESEEN
from pyapp.protocols.protocol import ASIDE, Heard, Opening, Reply, Request
from pyapp.protocols.runs import ForeignRun
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord

from .support import FINISHED, STARTED, Json, call, called, say

INTERRUPTS = {"type": "interrupt", "interrupts": [{"id": "i", "reason": "ask"}, {"id": "j", "reason": "ask"}]}


def dialect() -> AguiDialect:
    numbers = count()
    return AguiDialect(lambda: f"id-{next(numbers)}")


def body(opening: Opening | None) -> Json:
    assert opening is not None and isinstance(opening.send, Request)
    assert (opening.send.method, opening.send.path, opening.send.stream, opening.send.again) == (
        "POST",
        "",
        True,
        False,
    )
    sent: Json = json.loads(opening.send.body or "")
    return sent


def begun(*events: Json, asked: Any = "Go.") -> tuple[AguiDialect, ForeignRun]:
    spoken = dialect()
    run = spoken.runs.find(spoken.start("agent", asked).key)
    assert run is not None
    for event in ({**STARTED, "runId": run.key}, *events):
        spoken.heard(Heard(json.dumps(event), run.key))
    return spoken, run


def test_a_run_is_one_request() -> None:
    sent = body(dialect().start("agent", "Go."))
    assert sent == {
        "threadId": "id-2", "runId": "id-1", "protocolVersion": "1.0", "state": {}, "tools": [], "context": [],
        "forwardedProps": {}, "messages": [{"id": "id-0", "role": "user", "content": "Go."}],
    }  # fmt: skip
    assert json.loads(body(dialect().start("agent", {"a": 1}))["messages"][0]["content"]) == {"a": 1}
    pytest.importorskip("ag_ui.core").RunAgentInput.model_validate(sent)


@pytest.mark.parametrize("given", [None, "", "  "])
def test_an_agent_that_is_asked_nothing_is_not_run(given: Any) -> None:
    with pytest.raises(ApiError):
        dialect().start("agent", given)


def test_runs_that_fail_before_they_begin_are_named_as_they_were_posted() -> None:
    spoken = dialect()
    for words in ("no quota", "the model is gone"):
        key = spoken.start("agent", "Go.").key
        items = spoken.heard(Heard(json.dumps({"type": "RUN_ERROR", "message": words}), key))
        assert [(each["run_id"], each["error"]) for each in items if each["event"] == "run_end"] == [(key, words)]


def test_runs_that_their_agent_calls_alike_are_two() -> None:
    """Each goes by the name that it was posted with; that its server has another one is said, and sent back."""
    spoken, told = dialect(), list[list[Json]]()
    ask = {**FINISHED, "outcome": INTERRUPTS}
    for words in ("one", "two"):
        key = spoken.start("agent", words).key
        events = ({**STARTED, "runId": "always"}, say("m", words), ask)
        told.append([item for event in events for item in spoken.heard(Heard(json.dumps(event), key))])
        assert {(each["run_id"]) for each in told[-1] if "event" in each} == {key}
        assert [each[ASIDE] for each in told[-1] if ASIDE in each] == [
            "RUN_STARTED (of another `runId` than was posted)"
        ]
        run = spoken.runs.find(key)
        assert run is not None and run.run_id == key and spoken.answer(run, {"id": "i", "values": {}}) is None
        assert body(spoken.answer(run, {"id": "j", "values": {}}))["parentRunId"] == "always"
    assert [[each["seq"] for each in of_one if "event" in each] for of_one in told] == [[0, 1, 2, 3]] * 2


def test_a_run_behind_the_end_of_another_is_named_and_changes_nothing() -> None:
    spoken, run = begun(FINISHED)
    later = ({**STARTED, "runId": "other"}, say("m", "Hi"), FINISHED)
    items = [item for event in later for item in spoken.heard(Heard(json.dumps(event), run.key))]
    assert [each[ASIDE].partition(" ")[0] for each in items] == [each["type"] for each in later]
    assert run.over and run.run_id == run.key


def test_what_came_is_numbered() -> None:
    spoken, run = begun()
    items = spoken.heard(Heard(json.dumps(say("m", "Hi")), run.key))
    assert [(each["event"], each["run_id"], each["seq"]) for each in items] == [("RunContent", run.key, 2)]
    assert run.run_id == run.key


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", '{"type": "RUN_FINISHED"}'])
def test_what_is_no_message_of_a_run_is_named(text: str) -> None:
    (item,) = dialect().heard(Heard(text, "nobody"))
    assert ASIDE in item


def test_a_character_that_is_cut_in_two_is_whole_again() -> None:
    """Servers that count in UTF-16 cut where they like; the fold joins the halves."""
    spoken, run = begun()
    halves = ('{"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "a\\ud83d"}',
              '{"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "\\ude00b"}')  # fmt: skip
    record = RunRecord("r")
    for half in halves:
        for item in spoken.heard(Heard(half, run.key)):
            event = decode_item(item)
            assert isinstance(event, BaseEvent)
            fold(record, event, 0.0, FlowGraph(Flow(id="f")))
    assert [each.text for each in record.messages.values()] == ["a\N{GRINNING FACE}b"]
    broken = '{"type": "TOOL_CALL_ARGS", "toolCallId": "c\\ud83d", "delta": "{\\ud83d"}'
    assert all(isinstance(decode_item(each), BaseEvent) for each in spoken.heard(Heard(broken, run.key)))


def test_interrupts_are_answered_together() -> None:
    """In the next leg, with all that was said and the state."""
    state = {"type": "STATE_SNAPSHOT", "snapshot": {"n": 1}}
    spoken, run = begun(say("m", "Hm?"), state, {**FINISHED, "outcome": INTERRUPTS})
    assert run.settled and spoken.answer(run, {"id": "i", "values": {"feedback": "one"}}) is None
    sent = body(spoken.answer(run, {"id": "j", "values": {"feedback": "two"}}))
    assert sent["resume"] == [
        {"interruptId": "i", "status": "resolved", "payload": "one"},
        {"interruptId": "j", "status": "resolved", "payload": "two"},
    ]  # fmt: skip
    assert (sent["threadId"], sent["parentRunId"], sent["state"]) == (run.session, run.key, {"n": 1})
    assert sent["runId"] not in (run.key, run.session) and [each["content"] for each in sent["messages"]] == [
        "Go.",
        "Hm?",
    ]
    pytest.importorskip("ag_ui.core").RunAgentInput.model_validate(sent)


def test_a_call_is_answered_by_a_message_and_its_result_is_shown() -> None:
    spoken, run = begun(call("c", "locate"), called("c"), FINISHED)
    sent = body(spoken.answer(run, {"id": "c", "result": "here"}))
    assert "resume" not in sent
    assert (sent["messages"][-1]["role"], sent["messages"][-1]["toolCallId"], sent["messages"][-1]["content"]) == (
        "tool", "c", "here",
    )  # fmt: skip
    items = spoken.heard(Heard(json.dumps({**STARTED, "runId": sent["runId"]}), run.key))
    assert [each["event"] for each in items] == ["resume_start", "end_tool"]
    assert items[1]["result"] == "here" and items[1]["run_id"] == run.key and not run.waiting
    pytest.importorskip("ag_ui.core").RunAgentInput.model_validate(sent)


def test_an_answer_that_is_sent_again_is_in_the_conversation_once() -> None:
    spoken, run = begun(call("c", "locate"), called("c"), FINISHED)
    body(spoken.answer(run, {"id": "c", "result": "here"}))
    sent = body(spoken.answer(run, {"id": "c", "result": "there"}))
    results = [each["content"] for each in sent["messages"] if each["role"] == "tool"]
    assert results == ["there"]


def test_what_agno_is_answered_is_not_the_result() -> None:
    """It runs the tool then, and tells what that gave."""
    agno = {"type": "RAW", "source": "agno", "event": {"event": "RunStarted"}}
    spoken, run = begun(agno, call("c", "send"), called("c"), FINISHED)
    sent = body(spoken.answer(run, {"id": "c", "values": {"accepted": True}}))
    assert sent["messages"][-1]["content"] == '{"accepted": true}'
    (item,) = spoken.heard(Heard(json.dumps({**STARTED, "runId": sent["runId"]}), run.key))
    assert item["event"] == "resume_start"


def test_a_run_that_is_let_go_of_is_stopped() -> None:
    spoken, run = begun(say("m", "x"))
    assert spoken.stop(run) is None
    items = spoken.stream_ended(run, whole=True)
    assert [(each["event"], each["status"]) for each in items] == [("end_node", "killed"), ("run_end", "killed")]
    assert run.over and not spoken.lost


def test_a_stream_that_ends_in_the_middle_is_lost() -> None:
    """AG-UI tells nothing again: what became of the run nobody knows."""
    spoken, run = begun(say("m", "x"))
    assert spoken.resume(run) is None
    assert spoken.stream_ended(run, whole=False) == [] and spoken.lost and not run.over
    (said,) = spoken.stream_ended(run, whole=True)
    assert (said["type"], said["code"]) == ("error", "ag-ui.ended")


def test_an_end_point_is_one_flow_that_unfolds() -> None:
    asking = dialect().flows()
    with pytest.raises(StopIteration) as told:
        next(asking)
    (flow,) = [Flow.model_validate(each) for each in told.value.value]
    assert (flow.id, flow.unfolds, [node.id for node in flow.nodes]) == ("agent", True, ["agent"])


def test_two_runs_at_once_never_mix() -> None:
    spoken = dialect()
    runs = [spoken.runs.find(spoken.start("agent", text).key) for text in ("one", "two")]
    for run in runs:
        assert run is not None
        spoken.heard(Heard(json.dumps({**STARTED, "runId": run.key}), run.key))
        spoken.heard(Heard(json.dumps(say("m", run.key)), run.key))
    texts = [
        [each["content"] for each in translator_of(run).conversation.messages()] for run in runs if run is not None
    ]
    assert texts == [["one", "id-1"], ["two", "id-4"]]


# -- streams as servers sent them ---------------------------------------------------------------------------
RECORDINGS = Path(__file__).parents[2] / "recordings"
"""Made by `python -m devserver.record_agui tests/recordings`."""
ENDS = {"agui_desk": "success", "agui_elsewhere": "success", "agui_fail": "error", "agui_clerk": "success"}


def recorded(name: str) -> bytes:
    return (RECORDINGS / f"{name}.txt").read_bytes()


class Replay:
    """A stream that comes in pieces, as the page reads it."""

    def __init__(self) -> None:
        self.spoken = dialect()
        self.key = self.spoken.start("agent", "Go.").key
        self.items: list[Json] = []
        self._parser = SseParser()

    def feed(self, chunk: bytes) -> None:
        for message in self._parser.feed(chunk):
            self.items += self.spoken.heard(Heard(message.data, self.key, message.name, message.id))

    @property
    def told(self) -> list[Json]:
        return [each for each in self.items if "event" in each]

    @property
    def over(self) -> bool:
        run = self.spoken.runs.find(self.key)
        return run is not None and run.over


@pytest.mark.parametrize("name", ENDS)
def test_what_servers_sent_becomes_whole_runs(name: str) -> None:
    """Every event is one of the contract's; nothing of it could not be read."""
    replay = Replay()
    replay.feed(recorded(name))
    assert replay.told[-1]["event"] == "run_end" and replay.told[-1]["status"] == ENDS[name]
    assert all(isinstance(decode_item(each), BaseEvent) for each in replay.told)
    assert [each["seq"] for each in replay.told] == list(range(len(replay.told)))
    assert [each for each in replay.items if each.get("reason")] == []


@given(st.sampled_from(sorted(ENDS)), st.lists(st.integers(0, 40_000), max_size=30))
@settings(max_examples=40, deadline=None)
def test_wherever_a_stream_is_cut_into_pieces_it_says_the_same(name: str, cuts: list[int]) -> None:
    stream = recorded(name)
    places = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    whole, pieces = Replay(), Replay()
    whole.feed(stream)
    for start, end in pairwise(places):
        pieces.feed(stream[start:end])
    assert pieces.items == whole.items


@given(st.sampled_from(sorted(ENDS)), st.data())
@settings(max_examples=40, deadline=None)
def test_lost_doubled_and_broken_messages_stop_nothing(name: str, data: st.DataObject) -> None:
    """Whatever is missing, comes twice or is garbage: what remains is read, and the end is the end."""
    blocks = recorded(name).split(b"\n\n")[:-1]
    replay = Replay()
    for block in blocks[:-1]:
        fate = data.draw(st.sampled_from(["keep"] * 6 + ["lose", "double", "garble"]))
        garbled = block[: len(block) // 2] + b"\xff{]" if fate == "garble" else block
        for _ in range({"lose": 0, "double": 2}.get(fate, 1)):
            replay.feed(garbled + b"\n\n")
    replay.feed(b'data: {"type":"RUN_ERROR","message":"over"}\n\n')
    assert replay.over and all(isinstance(decode_item(each), BaseEvent) for each in replay.told)
    assert [each for each in replay.items if str(each.get("reason")).startswith(UNFORESEEN)] == []


def recognised(*replies: Reply) -> tuple[bool, list[tuple[str, str, str | None]]]:
    """Whether these answers show an agent of AG-UI, and what was asked."""
    dialogue, left, asked = AguiDialect.recognise(), list(replies), []
    try:
        request = next(dialogue)
        while True:
            asked.append((request.method, request.path, request.body))
            request = dialogue.send(left.pop(0))
    except StopIteration as ended:
        return ended.value, asked


MISSES = json.dumps(
    {"detail": [{"type": "missing", "loc": ["body", name]} for name in ("threadId", "runId", "messages")]}
)
BEGUN = 'data: {"type":"RUN_ERROR","message":"no messages"}\n\n'


@pytest.mark.parametrize(
    ("status", "text", "is_one"),
    [
        (422, MISSES, True),
        (400, "thread_id, run_id and messages are required", True),
        (200, BEGUN, True),
        (200, "event: RUN_ERROR\n" + BEGUN, True),
        (200, "{}", False),
        (200, '{"type": "RUN_ERROR"}', False),
        (400, '{"detail": "messages is required"}', False),
        (401, MISSES, False),
        (500, MISSES, False),
    ],
)
def test_an_agent_is_known_by_what_it_misses_in_an_empty_input(status: int, text: str, is_one: bool) -> None:
    """Nothing is begun: an input that has none of what is required is refused by all that know what an input is."""
    assert recognised(Reply(405, ""), Reply(status, text)) == (is_one, [("GET", "", None), ("POST", "", "{}")])


@pytest.mark.parametrize("status", [200, 401, 403, 404, 500])
def test_what_may_be_looked_at_is_posted_nothing(status: int) -> None:
    assert recognised(Reply(status, "")) == (False, [("GET", "", None)])
