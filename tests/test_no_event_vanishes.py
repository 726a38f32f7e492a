"""No event of a foreign stream vanishes: one that becomes nothing, and is not named, has changed what is kept.

Held against an image of all that a translator or a dialect keeps, before and after each event, whatever it says of
itself. Only what came before, by its number, is not told again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyapp.protocols.agno import dialect, numbers, translator
from pyapp.protocols.agno.fields import run_of
from pyapp.protocols.agno.generation import Generation
from pyapp.protocols.agno.table import EVENTS
from pyapp.protocols.agno.translator import AgnoTranslator
from pyapp.protocols.agui.dialect import AguiDialect
from pyapp.protocols.agui.translator import AguiTranslator
from pyapp.protocols.dialect import Dialect
from pyapp.protocols.protocol import Heard
from tests.protocols.agno.support import RECORDINGS, recorded
from tests.protocols.agui import support
from tests.protocols.agui.test_translator import EVENTS as AGUI_EVENTS
from tests.protocols.agui.test_translator import KEYS as AGUI_KEYS
from tests.protocols.agui.test_translator import VALUES as AGUI_VALUES

Json = dict[str, Any]
T = TypeVar("T", AgnoTranslator, AguiTranslator)
AGNO = {
    str(path.relative_to(RECORDINGS)): recorded(str(path.relative_to(RECORDINGS))[:-7])
    for path in sorted(RECORDINGS.rglob("*.ndjson"))
}
AGUI = {
    path.name: [json.loads(line[6:]) for line in path.read_text("utf-8").splitlines() if line.startswith("data: ")]
    for path in sorted(RECORDINGS.glob("agui_*.txt"))
}
PIECES: list[Json] = [
    support.STARTED, support.step("a"), support.begin("m"), support.say("m", "Hi"), support.end("m"),
    support.step_over("a"), support.subagent("s", "Ada"), support.call("c", subagentRunId="s"), support.args("c", "{"),
    {"type": "TOOL_CALL_CHUNK", "subagentRunId": "s", "delta": "}"}, support.called("c"), support.result("c", "ok"),
    {"type": "TEXT_MESSAGE_CHUNK", "messageId": "n"}, {"type": "TEXT_MESSAGE_CHUNK", "delta": "Ho"},
    {"type": "SUBAGENT_FINISHED", "subagentRunId": "s", "outcome": {"type": "suspended"}}, support.subagent_over("s"),
    {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "u", "role": "user", "content": "Go."}]}, support.FINISHED,
]  # fmt: skip
"""What no recording has: subagents, chunks."""
AGUI_TORN = {**AGUI, "pieces": PIECES}
pytestmark = pytest.mark.skipif(not AGNO or not AGUI, reason="the recordings are not beside the tests")
NOT_READ = {"index", "unknown", "_serial"}
"""What only counts. An event that changed no more than that, or than what came before, has vanished."""


def image(thing: Any) -> Any:
    """All that is kept in a thing, in its order: equal where nothing has changed that could be read."""
    if isinstance(thing, dict):
        return "dict", [(image(key), image(value)) for key, value in thing.items()]
    if isinstance(thing, str | int | float | None):
        return type(thing).__name__, repr(thing)
    if isinstance(thing, Iterable) and not hasattr(thing, "__dict__"):
        return [image(each) for each in (sorted(thing) if isinstance(thing, set) else thing)]
    if callable(thing) or isinstance(thing, Generation | numbers.Numbers):
        return None
    names = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
    return [(name, image(getattr(thing, name))) for name in names if name not in NOT_READ]


def vanished(told: T, event: Json) -> bool:
    """Whether nothing at all came of an event."""
    before = image(told)
    return not told.translate(event) and image(told) == before


def bare(event: Json) -> Json:
    """Without its number: nothing says that it came before."""
    return {key: value for key, value in event.items() if key != "event_index"}


def test_an_image_sees_what_is_kept_and_not_what_only_counts() -> None:
    one = AguiTranslator()
    before = image(one)
    one.speech.new_id()
    assert image(one) == before
    one.conversation.say("m", "assistant")
    assert image(one) != before
    other = AgnoTranslator()
    before = image(other)
    other.translate({"event": "RunContentCompleted", "event_index": 1})
    other.translate({"event": "WorkflowStarted", "run_id": "n", "nested_depth": 1})
    assert image(other) != before


@pytest.mark.parametrize("name", AGNO)
def test_nothing_of_a_recording_of_agno_vanishes_when_it_comes_twice(name: str) -> None:
    """At once, and all of it again: second starts, second ends, ends of what has ended."""
    for stream in ([each for each in AGNO[name] for _ in range(2)], AGNO[name] * 2, AGNO[name][1:] * 2):
        told = AgnoTranslator()
        assert [each for each in map(bare, stream) if vanished(told, each)] == []


@pytest.mark.parametrize("name", AGUI_TORN)
def test_nothing_of_a_recording_of_ag_ui_vanishes_when_it_comes_twice(name: str) -> None:
    whole = AGUI_TORN[name]
    for stream in ([each for each in whole for _ in range(2)], whole * 2, whole[1:] * 2):
        told = AguiTranslator()
        assert [each for each in stream if vanished(told, each)] == []


# -- whatever comes ---------------------------------------------------------------------------------------
IDS = st.sampled_from(["a", "b", "w", ""])
TOOLS = st.fixed_dictionaries({}, optional={"tool_call_id": IDS, "tool_name": IDS, "tool_call_error": st.booleans()})
STEPS = st.fixed_dictionaries({}, optional={"step_id": IDS, "step_name": IDS, "content": IDS, "success": st.booleans()})
AGNO_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("run_id", "workflow_run_id", "parent_run_id", "step_id", "step_name", "parent_step_id"), IDS),
    **dict.fromkeys(("content", "reasoning_content", "error", "html", "agent_id", "team_id", "model"), IDS | st.none()),
    **dict.fromkeys(("nested_depth", "step_index", "iteration", "input_tokens"), st.integers(0, 2)),
    "tool": TOOLS | st.none(), "step_output": STEPS, "step_response": STEPS, "metrics": st.just({"cost": 0.5}),
    "requirements": st.lists(st.fixed_dictionaries({"id": IDS, "tool_execution": TOOLS}), max_size=2),
    "step_requirements": st.lists(STEPS, max_size=2), "event_index": st.integers(0, 4),
}  # fmt: skip
AGNO_EVENTS = st.fixed_dictionaries({"event": st.sampled_from([*EVENTS, "Unheard"])}, optional=AGNO_FIELDS)
AGNO_CHANGES = st.fixed_dictionaries({}, optional={"event": st.sampled_from([*EVENTS]), **AGNO_FIELDS})
AGUI_CHANGES = st.dictionaries(st.sampled_from(AGUI_KEYS), AGUI_VALUES, max_size=3)


@st.composite
def torn(draw: st.DrawFn, streams: dict[str, list[Json]], changes: st.SearchStrategy[Json]) -> list[Json]:
    """Of a recording: its beginning, and then pieces lost, told twice, out of place, or with something else in them."""
    whole = streams[draw(st.sampled_from(sorted(streams)))]
    picks = draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.just({}) | changes), max_size=20))
    return [*whole[: draw(st.integers(0, 12))], *({**whole[number], **change} for number, change in picks)]


Number = tuple[Any, ...] | None


def number_of(event: Json) -> Number:
    """What an event came before by."""
    return (event["event"], run_of(event), event["event_index"]) if "event_index" in event else None


TIMES = st.integers(1, 2)
"""How often each of a stream comes, at once."""


@settings(max_examples=250)
@given(torn(AGNO, AGNO_CHANGES) | st.lists(AGNO_EVENTS, max_size=25), TIMES, st.booleans())
def test_no_event_of_agno_vanishes(stream: list[Json], times: int, numbered: bool) -> None:
    """But for one that came before, by its number in its run: it was told then."""
    told, came = AgnoTranslator(), set[Number]()
    for event in (each if numbered else bare(each) for each in stream for _ in range(times)):
        assert number_of(event) in came or not vanished(told, event), event
        came |= {number_of(event)} - {None}


@settings(max_examples=250)
@given(torn(AGUI_TORN, AGUI_CHANGES) | st.lists(AGUI_EVENTS, max_size=25), TIMES)
def test_no_event_of_ag_ui_vanishes(stream: list[Json], times: int) -> None:
    told = AguiTranslator()
    for event in (each for each in stream for _ in range(times)):
        assert not vanished(told, event), event


def heard(spoken: Dialect, event: Json, key: str) -> list[Json]:
    return spoken.heard(Heard(json.dumps(event), key))


@given(torn(AGNO, AGNO_CHANGES), st.sampled_from(["agents/a", "workflows/w"]), st.booleans())
def test_nothing_that_an_agentos_says_vanishes(stream: list[Json], flow: str, known: bool) -> None:
    """But for what comes again because what is before it was asked for, and what came before: it is told, or named as
    missing.
    """
    ids, came = count(), set[Number]()
    spoken = dialect.AgnoDialect(lambda: f"id{next(ids)}")
    key = spoken.start(flow, "Go").key if known else ""
    for event in stream:
        before, last = image(spoken), {run.key: run.index for run in spoken.runs}
        if not heard(spoken, event, key) and image(spoken) == before and number_of(event) not in came:
            index = event["event_index"]
            again = [each for each, at in last.items() if spoken._again.get(each) == at + 1 and index > at + 1]
            assert again or index <= max(last.values()), event
        came |= {number_of(event)} - {None}


@given(torn(AGUI_TORN, AGUI_CHANGES), st.booleans())
def test_nothing_that_an_agent_of_ag_ui_says_vanishes(stream: list[Json], known: bool) -> None:
    ids = count()
    spoken = AguiDialect(lambda: f"id{next(ids)}")
    key = spoken.start("agent", "Go").key if known else "x"
    for event in stream:
        before = image(spoken)
        assert heard(spoken, event, key) or image(spoken) != before, event


# -- beyond what can be held ------------------------------------------------------------------------------
def test_of_more_than_can_be_held_the_oldest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of a nested workflow wait for one that says what its root is."""
    monkeypatch.setattr(translator, "MAX_HELD", 2)
    told = AgnoTranslator()
    nested = {"event": "StepStarted", "run_id": "n", "nested_depth": 1}
    ours = [told.translate({**nested, "step_id": each}) for each in "abc"]
    assert ours[:2] == [[], []] and [each["raw"]["step_id"] for each in ours[2]] == ["a"]
    begun = told.translate({"event": "WorkflowStarted", "run_id": "w"})
    assert [each.get("node_id") for each in begun] == ["b", "c", None]
