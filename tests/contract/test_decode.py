from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.control import CONTROLS, CatchUp, Hello, Ping
from pyapp.contract.decode import CLIP_CHARS, MAX_FRAME_BYTES, MAX_TOGETHER, Malformed, Unknown, decode, decode_item
from pyapp.contract.events import EVENTS, AgentPaused, Content, EndNode, Event, StartNode

START = {"event": "start_node", "run_id": "r", "node_id": "n"}
STOP = '{"event":"run_end","run_id":"r"}'

MINIMAL: dict[str, dict[str, Any]] = {
    "run_start": {},
    "run_end": {},
    "resume_start": {},
    "resume_end": {},
    "start_node": {"node_id": "n"},
    "end_node": {"node_id": "n", "status": "success"},
    "start_tool": {"node_id": "n"},
    "end_tool": {"node_id": "n"},
    "TeamToolCallCompleted": {"node_id": "n"},
    "RunContent": {"content": "x"},
    "TeamRunContent": {"content": {"a": 1}},
    "ReasoningContent": {"content": "x", "step": {"title": "t", "confidence": 0.5}},
    "RunReasoningContent": {"content": "x"},
    "TeamRunReasoningContent": {"content": None},
    "AgentPaused": {"requirements": [{"id": "q", "kind": "confirmation"}]},
    "ChatHTML": {"html": "<p>"},
    "interaction_event": {"interaction": "oauth", "interaction_id": "i", "auth_url": "https://x.test"},
}


def one(frame: object) -> Any:
    items = list(decode(frame))
    assert len(items) == 1
    return items[0]


def test_there_are_seventeen_events() -> None:
    """The names of the contract, each with its minimal form."""
    assert set(MINIMAL) == EVENTS
    assert len(EVENTS) == 17
    assert {"hello", "ping", "catch_up", "error"} == CONTROLS


@pytest.mark.parametrize("name", sorted(MINIMAL))
def test_the_minimal_form_of_every_event_is_read(name: str) -> None:
    """Only the required fields are needed, and unknown ones are kept."""
    message = one(json.dumps({"event": name, "run_id": "r", "surprise": [1], **MINIMAL[name]}))
    assert message.event == name
    assert message.surprise == [1]


@pytest.mark.parametrize("name", [name for name, fields in MINIMAL.items() if fields])
def test_a_missing_required_field_is_refused_by_name(name: str) -> None:
    """What is missing is said, with the event and the field."""
    first = next(iter(MINIMAL[name]))
    fields = {key: value for key, value in MINIMAL[name].items() if key != first}
    refused = one(json.dumps({"event": name, "run_id": "r", **fields}))
    assert isinstance(refused, Malformed)
    assert name in refused.reason and first in refused.reason


def test_control_frames_are_read() -> None:
    """hello, ping and catch_up come out as what they are."""
    assert isinstance(one('{"type":"hello","heartbeat_s":15}'), Hello)
    assert isinstance(one('{"type":"ping"}'), Ping)
    frame = one('{"type":"catch_up","run_id":"r","from_seq":0,"to_seq":-1,"complete":false}')
    assert isinstance(frame, CatchUp) and frame.to_seq == -1


def test_a_batch_is_read_item_by_item() -> None:
    """One bad item of a batch costs only itself."""
    items = list(decode(json.dumps([START, 7, {"event": "later"}, START])))
    assert [type(item) for item in items] == [StartNode, Malformed, Unknown, StartNode]


def test_an_event_wins_over_a_type() -> None:
    """An object with `event` is an event, whatever its `type` says."""
    assert isinstance(one(json.dumps({**START, "type": "ping"})), StartNode)


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        ("", "not JSON"),
        ("   ", "not JSON"),
        ("{", "not JSON"),
        ("nul", "not JSON"),
        ("\ufeff{}", "not JSON"),
        ('{"a": NaN}', "not JSON"),
        ('{"a": Infinity}', "not JSON"),
        ('{"event": "run_end", "run_id": "r", "content": NaN}', "not JSON"),
        ('{"event": "run_end", "run_id": "r", "content": [-Infinity]}', "not JSON"),
        ('{"event": "run_end", "run_id": "r", "content": 1e400}', "too large"),
        ('{"event": "run_end", "run_id": "r", "content": ' + "1" * 5000 + "}", "not JSON"),
        ('{"event": "run_end", "run_id": "r", "content": ' + "[" * 300 + "]" * 300 + "}", "not JSON"),
        ('{"a": 1e400}', "too large"),
        ('{"a": [{"b": -1e999}]}', "too large"),
        ('{"a": ' + "1" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"event":' * 500 + "1" + "}" * 500, "not JSON"),
        ("7", "a number"),
        ("null", "null"),
        ('"text"', "a string"),
        ("true", "a boolean"),
        ("[[]]", "an array"),
        ("{}", "neither"),
        ('{"event": 7}', "neither"),
        (b"{}", "binary"),
        (None, "binary"),
        ("\ud83d", "cannot be read"),
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(frame: object, word: str) -> None:
    """Every broken frame gives one malformed item that says what was wrong."""
    refused = one(frame)
    assert isinstance(refused, Malformed)
    assert word in refused.reason


@pytest.mark.parametrize("item", ["0", "{}", "[]", '{"event":7}', '{"event":null,"run_id":"r","seq":1}'])
def test_what_is_no_message_is_told_of_together(item: str) -> None:
    """A frame of half a million of them is some hundred; what stands between them loses nothing."""
    many = 3 * MAX_TOGETHER // 2
    told = list(decode(f"[{','.join([item] * many)},{STOP},{item},{item},{STOP},{item}]"))
    counts = [each.count if isinstance(each, Malformed) else 0 for each in told]
    assert counts == [MAX_TOGETHER, many - MAX_TOGETHER, 0, 2, 0, 1]
    alone = told[-1]
    assert isinstance(alone, Malformed) and isinstance(told[0], Malformed)
    assert alone == one(f"[{item}]") and told[0].text == alone.text
    assert told[0].reason == f"{alone.reason} {MAX_TOGETHER - 1} more behind it are no messages either."


def test_what_used_a_number_is_told_of_alone() -> None:
    told = list(decode('[{"event":7,"run_id":"r","seq":1},{"event":7,"run_id":"r","seq":2}]'))
    assert [(each.count, each.used) for each in told if isinstance(each, Malformed)] == [(1, ("r", 1)), (1, ("r", 2))]


@pytest.mark.parametrize(
    "fields",
    [
        {"order": True},
        {"order": "1"},
        {"order": 1.5},
        {"order": -1},
        {"order": 2**60},
        {"seq": True},
        {"seq": -1},
        {"ts": "now"},
        {"run_id": ""},
        {"run_id": None},
        {"node_id": ["n"]},
        {"node_id": ""},
    ],
)
def test_wrong_types_are_refused_whole(fields: dict[str, Any]) -> None:
    """A field of the wrong type refuses the event: true is no integer, text no number."""
    assert isinstance(one(json.dumps({**START, **fields})), Malformed)


def test_null_means_absent_for_optional_fields() -> None:
    """Backends that send null for what they do not know are understood."""
    message = one(json.dumps({**START, "order": None, "ts": None, "parent_node_id": None}))
    assert isinstance(message, StartNode) and message.order is None


@pytest.mark.parametrize(
    ("item", "empty"),
    [
        (
            {"event": "start_node", "node_id": "n"},
            {"event_id": "", "parent_node_id": "", "order": "", "child_count": []},
        ),
        ({"event": "end_node", "node_id": "n", "status": "error"}, {"variables": [], "implied": 0, "ts": ""}),
        ({"event": "start_tool", "node_id": "n"}, {"tool_call_id": "", "tool_args": []}),
        ({"event": "RunContent", "content": ""}, {"mode": "", "node_id": "", "event_id": ""}),
        ({"event": "ChatHTML", "html": ""}, {"message_id": "", "node_id": ""}),
        ({"event": "run_end"}, {"status": ""}),
        ({"type": "hello", "sparse": True}, {"heartbeat_s": 0, "protocol": ""}),
    ],
)
def test_what_is_empty_and_of_another_type_is_as_if_it_had_not_been_sent(item: Any, empty: Any) -> None:
    """Many a server writes such for what it has nothing to say of. What is required is missing then."""
    item = item if "type" in item else {**item, "run_id": "r"}
    read = decode_item({**item, **empty})
    assert read == decode_item(item) and not isinstance(read, Malformed)
    assert isinstance(decode_item({**item, "run_id" if "event" in item else "sparse": [7]}), Malformed)
    for name in [each for each in item if each not in ("event", "type", "content", "html", "sparse")]:
        assert isinstance(decode_item({**item, name: ""}), Malformed)


def test_an_unknown_status_is_refused() -> None:
    """A status is one of three words; hostile text never becomes a class name."""
    hostile = {"event": "end_node", "run_id": "r", "node_id": "n", "status": '"><script>'}
    assert isinstance(one(json.dumps(hostile)), Malformed)


def test_half_an_emoji_is_repaired() -> None:
    """A lone surrogate escape becomes U+FFFD; pairs and escaped backslashes stay what they are."""
    frame = r'{"event":"RunContent","run_id":"r","content":"a\ud83d b\ude00 \ud83d\ude00 \\ud83d \n"}'
    message = one(frame)
    assert isinstance(message, Content)
    assert message.content == "a\ufffd b\ufffd \U0001f600 \\ud83d \n"


def test_a_frame_over_the_limit_is_dropped() -> None:
    """The limit counts bytes of UTF-8; just under it is read."""
    room = MAX_FRAME_BYTES - len(json.dumps({**START, "x": ""}))
    assert isinstance(one(json.dumps({**START, "x": "a" * room})), StartNode)
    assert isinstance(one(json.dumps({**START, "x": "a" * (room + 1)})), Malformed)
    wide = json.dumps({**START, "x": "é" * (room // 2 + 1)}, ensure_ascii=False)
    assert len(wide) < MAX_FRAME_BYTES
    assert isinstance(one(wide), Malformed)


def test_quarantined_text_is_clipped() -> None:
    """Of a large broken frame only the start is kept."""
    refused = one("x" * 100_000)
    assert len(refused.text) == CLIP_CHARS + 1


def test_what_is_no_json_may_be_torn() -> None:
    """Cut short, the rest of it is missing; what is whole and wrong is only wrong."""
    torn, wrong = one(json.dumps(START)[:-1]), one(json.dumps({"event": "start_node", "run_id": "r", "node_id": 7}))
    assert isinstance(torn, Malformed) and torn.torn
    assert isinstance(wrong, Malformed) and not wrong.torn


def test_a_parsed_item_is_read_too() -> None:
    """decode_item reads what a translator gives."""
    assert isinstance(decode_item(MINIMAL["end_node"] | {"event": "end_node", "run_id": "r"}), EndNode)
    assert isinstance(decode_item({"type": 3}), Malformed)
    assert isinstance(decode_item(object()), Malformed)


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    """No text makes decode raise."""
    list(decode(text))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted(EVENTS)),
    st.dictionaries(
        st.sampled_from(
            [
                "run_id",
                "node_id",
                "order",
                "seq",
                "ts",
                "status",
                "content",
                "requirements",
                "html",
                "mode",
                "variables",
            ]
        ),
        json_values,
    ),
)
def test_any_event_is_read_or_refused_whole(name: str, fields: dict[str, Any]) -> None:
    """Whatever the fields hold, the answer is one message of that name or one reason."""
    item, *left_out = decode(json.dumps({**fields, "event": name}))
    assert isinstance(item, Malformed) or item.event == name  # type: ignore[union-attr]
    assert not left_out or name == "AgentPaused"


FIELDS = sorted({name for model in get_args(Event) for name in model.model_fields} - {"event"})


@given(
    st.sampled_from(sorted(EVENTS)), st.dictionaries(st.sampled_from([*FIELDS, "surprise"]), json_values, max_size=4)
)
def test_an_event_alone_in_its_frame_is_what_it_is_in_a_batch(name: str, fields: dict[str, Any]) -> None:
    """The former is read in one step, where that can be."""
    text = json.dumps({"run_id": "r", **MINIMAL[name], **fields, "event": name})
    alone, batch = list(decode(text)), list(decode(f"[{text}]"))
    if not (isinstance(alone[0], Malformed) and alone[0].torn):  # that says at which character
        assert alone == batch and repr(alone) == repr(batch)
    assert [type(each) for each in alone] == [type(each) for each in batch]


def test_of_a_pause_what_can_be_read_is_asked() -> None:
    """As over HTTP: the run waits, whatever else it waits for; what that is cannot be read, and is told."""
    known, others = (
        {"id": "q", "kind": "confirmation"},
        [{"id": "p", "kind": "unheard of"}, {"kind": "confirmation"}, 7],
    )
    pause = {"event": "AgentPaused", "run_id": "r", "seq": 3}
    (whole,) = decode(json.dumps({**pause, "requirements": [known]}))
    read, left_out = decode(json.dumps({**pause, "requirements": [others[0], known, *others[1:]]}))
    assert isinstance(whole, AgentPaused) and isinstance(read, AgentPaused)
    assert [each.id for each in read.requirements] == ["q"]
    assert isinstance(left_out, Malformed) and left_out.used is None
    assert left_out.reason.startswith("AgentPaused: requirements: 0.kind: Input should be")
    (refused,) = decode(json.dumps({**pause, "requirements": others}))
    assert isinstance(refused, Malformed) and "requirements.0.kind: Input should be" in refused.reason
    (none,) = decode(json.dumps({**pause, "requirements": []}))
    assert isinstance(none, AgentPaused) and none.requirements == []


def test_half_a_character_at_the_end_of_a_text_waits_for_its_other_half() -> None:
    """It is kept at either end of `content` of a text event, and nowhere else."""
    first = one(r'{"event":"RunContent","run_id":"r","content":"a\ud83d","name":"x\ud83d"}')
    second = one(r'{"event":"RunContent","run_id":"r","content":"\ude00b"}')
    assert isinstance(first, Content) and isinstance(second, Content)
    assert (first.content, first.name) == ("a\ud83d", "x\ufffd")
    assert second.content == "\ude00b"
    ended = one(r'{"event":"end_node","run_id":"r","node_id":"n","status":"success","content":"a\ud83d"}')
    assert isinstance(ended, EndNode) and ended.content == "a\ufffd"


def test_what_cannot_be_understood_has_used_up_its_number() -> None:
    """Where run and number can be read all the same; a control frame has none."""
    broken = one('{"event":"end_node","run_id":"r","seq":4,"node_id":1}')
    unknown = one('{"event":"whatever","run_id":"r","seq":5}')
    huge = one('{"event":"start_node","run_id":"r","seq":6,"node_id":"n","order":1e400}')
    assert isinstance(broken, Malformed) and isinstance(unknown, Unknown) and isinstance(huge, Malformed)
    assert (broken.used, unknown.used, huge.used) == (("r", 4), ("r", 5), ("r", 6))
    for text in ('{"event":"end_node","run_id":"r","seq":true}', '{"type":"hello","run_id":"r","seq":1,"sparse":3}'):
        item = one(text)
        assert isinstance(item, Malformed) and item.used is None
