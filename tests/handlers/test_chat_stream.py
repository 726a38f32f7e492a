"""What the record says was said, on its way to the chat. What is said is the fold's (tests/run/fold/test_chat.py)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import EVENTS
from pyapp.handlers.chat_stream import SILENT, ChatStreamHandler
from pyapp.run.fold.step import MAX_MESSAGES
from pyapp.run.record import Message
from tests.live.support import World


class Heard(World):
    def __init__(self) -> None:
        super().__init__(ChatStreamHandler())
        self.told: list[str] = []
        self.stores.chat.listen(lambda keys: self.told.extend(key[1] for key in keys))

    def say(self, content: Any, source: str | None = "a", event: str = "RunContent", **fields: Any) -> None:
        self.hear(event, content=content, source_run_id=source, **fields)

    def messages(self, run_id: str = "r") -> list[Message]:
        return list(self.stores.chat.of_run(run_id).values())

    def texts(self, kind: str = "text", source: str | None = None) -> list[str]:
        wanted = [each for each in self.messages() if each.kind == kind and source in (None, each.source)]
        return [each.text for each in wanted]


def test_each_chunk_reaches_the_store_at_once() -> None:
    """Told once for each event, whether the bubble is new or has grown."""
    world = Heard()
    world.say("one ")
    world.say("two ", "b")
    world.say("three")
    assert world.texts(source="a") == ["one three"] and world.texts(source="b") == ["two "]
    first, second = (each.key for each in world.messages())
    assert world.told == [first, second, first]


def test_thoughts_pages_and_tools_stand_where_they_came() -> None:
    world = Heard()
    world.say("hm", event="RunReasoningContent")
    world.say("let me look")
    world.hear("start_tool", node_id="n", tool_call_id="t", tool_name="look", source_run_id="a")
    world.hear("end_tool", node_id="n", tool_call_id="t", result=[1], source_run_id="a")
    world.say("found")
    world.hear("ChatHTML", html="<p>1</p>", message_id="m")
    assert [each.kind for each in world.messages()] == ["reasoning", "text", "tool", "text", "html"]
    assert [each.result for each in world.messages() if each.kind == "tool"] == [[1]]


def test_an_end_is_told_to_the_bubbles_it_ends() -> None:
    world = Heard()
    world.say("x", "a", node_id="n")
    world.say("y", "b", node_id="m")
    del world.told[:]
    world.hear("run_end")
    assert not any(each.busy for each in world.messages())
    assert world.told == [each.key for each in world.messages()]


def test_a_run_in_the_background_fills_its_own_chat() -> None:
    world = Heard()
    world.hear("RunContent", "back", content="x")
    assert world.messages() == [] and [each.text for each in world.messages("back")] == ["x"]


def test_what_left_the_record_leaves_the_chat() -> None:
    world = Heard()
    for index in range(MAX_MESSAGES + 10):
        world.say("x", f"source {index}", node_id="n")
        if index % 100 == 0:
            world.hear("end_node", node_id="n", status="success")
    assert list(world.stores.chat.of_run("r")) == list(world.run.record.messages)
    assert len(world.messages()) <= MAX_MESSAGES


def test_repainting_makes_the_chat_equal_to_the_record() -> None:
    """What is superfluous goes, what is missing comes, and another run's chat is not touched."""
    world = Heard()
    world.say("kept")
    world.hear("RunContent", "back", content="theirs")
    (message,) = world.messages()
    world.stores.chat.clear()
    world.stores.chat.show(Message("old", "old", "r", "a", "text", chunks=["nobody said that"]))
    world.router.repaint(world.run)
    world.router.repaint(None)
    assert world.messages() == [message] and world.messages("back") == []


def test_it_hears_of_what_is_told_again() -> None:
    """So that a long history is not painted a second time; a record made anew is."""
    world = Heard()
    world.hear("RunContent", content="long ago", replayed=True)
    assert world.texts() == ["long ago"]
    world.stores.chat.clear()
    world.router.repaint(world.run, anew=False)
    assert world.texts() == []
    world.router.repaint(world.run)
    assert world.texts() == ["long ago"]


def test_it_hears_of_everything_that_can_change_a_message() -> None:
    """An event that it does not name touches none."""
    world = Heard()
    for name in sorted(SILENT):
        assert name in EVENTS
        fields: dict[str, Any] = {"requirements": [], "node_id": "n"}
        if name == "interaction_event":
            fields = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example"}
        world.hear(name, **fields)
        assert not world.context.touched.messages


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=8), st.sampled_from(["text", "tool", "end"]))))
def test_live_and_painted_anew_are_one_chat(said: list[tuple[str, str, str]]) -> None:
    """However sources interleave, the store after every event holds what painting from the record gives."""
    world = Heard()
    for source, chunk, what in said:
        if what == "text":
            world.say(chunk, source, node_id=source)
        elif what == "tool":
            world.hear("start_tool", node_id=source, source_run_id=source, tool_name=chunk)
        else:
            world.hear("end_node", node_id=source, status="success")
        live = world.messages()
        world.stores.chat.clear()
        world.router.repaint(world.run)
        assert world.messages() == live
