from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import decode
from pyapp.handlers.chat_stream import ChatStreamHandler
from pyapp.live.router import EventRouter
from pyapp.stores.rows import ChatMessage, MAX_CHARS, MAX_MESSAGES
from tests.live.support import World, message


class Heard(World):
    def __init__(self) -> None:
        super().__init__()
        self.router = EventRouter(self.context, [ChatStreamHandler()])

    def take(self, made: Any) -> None:
        self.tracking.record(made)
        self.router.route(made)

    def hear(self, event: str, **fields: Any) -> None:
        self.take(message(event, "r", **fields))

    def say(self, content: Any, source: str | None = "a", event: str = "RunContent", **fields: Any) -> None:
        self.hear(event, content=content, source_run_id=source, **fields)

    def messages(self, kind: str | None = None, source: str | None = None) -> list[ChatMessage]:
        every = self.stores.chat.of_run("r").values()
        return [each for each in every if kind in (None, each.kind) and source in (None, each.source)]

    def texts(self, kind: str = "text", source: str | None = None) -> list[str]:
        return [each.text for each in self.messages(kind, source)]


def test_each_source_fills_its_own_bubble() -> None:
    """By source_run_id, else agent or team, else the run."""
    world = Heard()
    world.say("one ", "a")
    world.say("two ", "b")
    world.say("three", "a")
    world.say("agent", None, agent_id="g")
    world.say("team", None, "TeamRunContent", team_id="t")
    world.say("run", None)
    told = {each.source: each.text for each in world.messages()}
    assert told == {"a": "one three", "b": "two ", "g": "agent", "t": "team", "r": "run"}
    assert all(each.busy for each in world.messages())


def test_one_message_is_bounded_and_says_so_once() -> None:
    """What is beyond the bound is left out; another whole text begins anew."""
    world = Heard()
    world.say("x" * (MAX_CHARS - 1))
    world.say("yz")
    world.say("more")
    (text,) = world.texts()
    assert text.startswith("x" * (MAX_CHARS - 1) + "y") and text.count("left out") == 1
    assert len(text) < MAX_CHARS + 200
    world.say("short", mode="snapshot")
    world.say(" again")
    assert world.texts() == ["short again"]


def test_reasoning_and_text_stand_apart() -> None:
    """All five content events; thoughts end when the words begin, and know how long they took."""
    world = Heard()
    for event in ("ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent"):
        world.say("hm ", event=event)
    world.clock.advance(3.0)
    world.say("Well.")
    world.say(" Yes.", event="TeamRunContent")
    thought, said = world.messages()
    assert (thought.kind, thought.text, thought.busy, thought.duration_s) == ("reasoning", "hm hm hm ", False, 3.0)
    assert (said.kind, said.text, said.busy) == ("text", "Well. Yes.", True)


def test_steps_are_kept_in_order() -> None:
    world = Heard()
    world.say("", event="ReasoningContent", step={"title": "first"})
    world.say("because", event="ReasoningContent", step={"title": "second"})
    (thought,) = world.messages()
    assert [step["title"] for step in thought.steps] == ["first", "second"] and thought.text == "because"


def test_nothing_said_is_no_bubble() -> None:
    world = Heard()
    world.say("")
    world.say(None)
    assert world.messages() == []


def test_other_json_is_shown_as_code() -> None:
    world = Heard()
    world.say({"a": 1})
    assert world.texts() == ['\n```json\n{\n  "a": 1\n}\n```\n']


def test_a_snapshot_replaces_and_is_never_added() -> None:
    """Also when it comes again, shorter, or after the end."""
    world = Heard()
    world.say("Hel")
    world.say("lo wrld")
    world.say("Hello world", mode="snapshot")
    world.say("Hello world", mode="snapshot")
    assert world.texts() == ["Hello world"]
    world.say("Hi", mode="snapshot")
    assert world.texts() == ["Hi"]
    world.hear("run_end")
    world.say("Hi!", mode="snapshot")
    assert world.texts() == ["Hi!"]


def test_a_snapshot_after_tools_repeats_nothing() -> None:
    """The whole text of a source that spoke before and after a tool call: what was said stays where it is."""
    world = Heard()
    world.say("Before.")
    world.hear("start_tool", node_id="n", tool_call_id="t", source_run_id="a")
    world.hear("end_tool", node_id="n", tool_call_id="t", source_run_id="a")
    world.say("After.")
    world.say("Before.After.", mode="snapshot")
    assert world.texts() == ["Before.", "After."]


def test_tools_stand_where_they_happened() -> None:
    """Text of the same source behind a call opens a new bubble; another source's goes on."""
    world = Heard()
    world.say("let me look", "a")
    world.say("meanwhile ", "b")
    world.hear("start_tool", node_id="n", tool_call_id="t", tool_name="look", tool_args={"q": 1}, source_run_id="a")
    (call,) = world.messages("tool")
    assert (call.name, call.status, call.busy, call.args) == ("look", "executing", True, {"q": 1})
    world.hear("TeamToolCallCompleted", node_id="n", tool_call_id="t", result=[1], duration=0.5, source_run_id="a")
    world.say("found", "a")
    world.say("me too", "b")
    assert (call.status, call.busy, call.result, call.duration_s) == ("success", False, [1], 0.5)
    assert world.texts(source="a") == ["let me look", "found"]
    assert world.texts(source="b") == ["meanwhile me too"]
    assert [each.kind for each in world.messages()] == ["text", "text", "tool", "text"]


def test_a_tool_that_ends_unheard_of_or_badly() -> None:
    world = Heard()
    world.hear("end_tool", node_id="n", tool_name="late", error="no luck")
    world.hear("start_tool", node_id="n", tool_call_id="t", tool_name="slow")
    late, slow = world.messages("tool")
    assert (late.status, late.error) == ("error", "no luck")
    world.hear("run_end", status="killed")
    assert (slow.status, slow.busy) == ("killed", False)


def test_who_has_ended_speaks_no_more() -> None:
    """The end of a node quiets those in it; the end of the run all. A late word is still kept."""
    world = Heard()
    world.say("x", "a", node_id="n")
    world.say("y", "b", node_id="m")
    world.hear("end_node", node_id="n", status="success")
    assert [each.busy for each in world.messages()] == [False, True]
    world.hear("run_end")
    assert not any(each.busy for each in world.messages())
    world.say("late", "b", node_id="m")
    assert "".join(world.texts(source="b")) == "ylate"
    assert not any(each.busy for each in world.messages())


def test_html_by_its_id() -> None:
    """The same id replaces; without one each stands alone; the id of another message is not taken from it."""
    world = Heard()
    world.hear("ChatHTML", html="<p>1</p>", message_id="m")
    world.hear("ChatHTML", html="<p>2</p>", message_id="m")
    world.hear("ChatHTML", html="<p>3</p>")
    world.hear("ChatHTML", html="<p>4</p>")
    assert world.texts("html") == ["<p>2</p>", "<p>3</p>", "<p>4</p>"]
    world.say("text")
    (said,) = world.messages("text")
    world.hear("ChatHTML", html="<p>5</p>", message_id=said.message_id)
    assert world.texts() == ["text"] and world.texts("html")[-1] == "<p>5</p>"


def test_the_chat_is_bounded() -> None:
    world = Heard()
    for index in range(MAX_MESSAGES + 10):
        world.say("x", f"source {index}")
    assert len(world.messages()) == MAX_MESSAGES
    world.say("again", "source 0")
    assert world.texts(source="source 0") == ["again"]


CHUNK = st.text(max_size=12)
SAID = st.lists(st.tuples(st.sampled_from("abc"), CHUNK, st.sampled_from(["text", "tool", "end"])), max_size=60)


@given(SAID)
def test_the_text_of_each_source_is_exactly_what_it_sent(said: list[tuple[str, str, str]]) -> None:
    """However sources interleave, with tool calls and ended nodes between."""
    world, sent = Heard(), dict.fromkeys("abc", "")
    for source, chunk, what in said:
        if what == "text":
            world.say(chunk, source, node_id=source)
            sent[source] += chunk
        elif what == "tool":
            world.hear("start_tool", node_id=source, source_run_id=source, tool_name=chunk)
        else:
            world.hear("end_node", node_id=source, status="success")
    for source, text in sent.items():
        assert "".join(world.texts(source=source)) == text


@given(st.text(st.characters(codec="utf-16", categories=["L", "N", "So", "Cs"]), max_size=20), st.integers(1, 3))
def test_over_the_wire_nothing_changes_but_split_emoji(text: str, width: int) -> None:
    """Cut by UTF-16 units as a careless producer does: halves are shown as U+FFFD, all else is exact."""
    units = text.encode("utf-16-le", "surrogatepass")
    world, expected = Heard(), ""
    for start in range(0, len(units), 2 * width):
        part = units[start : start + 2 * width]
        escaped = "".join(f"\\u{int.from_bytes(part[i : i + 2], 'little'):04x}" for i in range(0, len(part), 2))
        expected += _whole(part)
        (item,) = decode(f'{{"event":"RunContent","run_id":"r","source_run_id":"a","content":"{escaped}"}}')
        world.take(item)
    assert "".join(world.texts()) == expected


def _whole(part: bytes) -> str:
    """UTF-16 as text, each half of a pair replaced."""
    text = part.decode("utf-16-le", "surrogatepass")
    return "".join("�" if "\ud800" <= each <= "\udfff" else each for each in text)
