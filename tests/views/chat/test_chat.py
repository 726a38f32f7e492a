from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Message as ChatMessage
from pyapp.run.record import Wanted
from pyapp.testing.dom import FakeElement
from pyapp.views.chat.chat import ChatView
from tests.views.support import Gallery, write


class Talk(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.stores.front.set("r")
        self.view = self.show(ChatView)

    def add(
        self, message_id: str, kind: Any = "text", run_id: str = "r", source: str = "a", **more: Any
    ) -> ChatMessage:
        message = ChatMessage(message_id, message_id, run_id, source, kind, serial=len(self.stores.chat), **more)
        self.stores.chat.show(message)
        self.paint()
        return message

    def say(self, message: ChatMessage, *chunks: str) -> None:
        message.chunks.extend(chunks)
        self.stores.chat.show(message)
        self.paint()

    @property
    def bubbles(self) -> list[FakeElement]:
        return self.region("chat").find_all("[data-message-id]")

    def open(self, bubble: FakeElement) -> None:
        """As a click on the summary does."""
        bubble.find("details").setAttribute("open", "")
        self.document.fire("click", bubble.find("summary"))
        self.paint()


def test_a_bubble_grows_with_its_message() -> None:
    """Who speaks, where, when; what outside code relies on is there."""
    world = Talk()
    world.flow()
    assert "appear here" in world.region("chat").textContent
    message = world.add("m", name="Ada", node_id="n1", started_at=0.0)
    world.say(message, "Hel", "lo")
    (bubble,) = world.bubbles
    expected = {
        "data-message-id": "m",
        "data-run-id": "r",
        "data-source": "a",
        "data-kind": "text",
        "aria-busy": "true",
    }
    assert bubble.attributes | expected == bubble.attributes
    assert bubble.find(".bubble-body").textContent == "Hello"
    assert "Ada" in bubble.textContent and "node 1" in bubble.textContent
    write(message, busy=False)
    world.say(message, "!")
    assert bubble.attributes["aria-busy"] == "false" and bubble.find(".bubble-body").textContent == "Hello!"
    world.say(message, " Late.")
    assert bubble.find(".bubble-body").textContent == "Hello! Late."
    write(message, chunks=["Other"], replaced=1)
    world.stores.chat.show(message)
    world.paint()
    assert bubble.find(".bubble-body").textContent == "Other"


def test_only_the_run_in_front_is_shown() -> None:
    """Another run's messages come with it to the front, in their order."""
    world = Talk()
    world.add("mine")
    for index in range(3):
        world.say(world.add(f"other {index}", run_id="s", source=f"x{index}"), f"text {index}")
    assert [each.attributes["data-message-id"] for each in world.bubbles] == ["mine"]
    world.stores.front.set("s")
    world.paint()
    assert [each.find(".bubble-body").textContent for each in world.bubbles] == ["text 0", "text 1", "text 2"]
    world.stores.chat.delete_run("s")
    world.paint()
    assert world.bubbles == []


def test_reasoning_tells_in_one_line_and_opens() -> None:
    """The running summary is the last step's title, else the end of the thought; nothing is drawn before it opens."""
    world = Talk()
    message = world.add("m", "reasoning")
    world.say(message, "I wonder ", "why.")
    (bubble,) = world.bubbles
    assert bubble.find(".fold-name").textContent == "Thinking…"
    assert bubble.find(".fold-preview").textContent == "I wonder why."
    assert bubble.find(".bubble-body").textContent == ""
    message.steps.append({"title": "Compare", "action": "Read", "confidence": 0.5})
    world.say(message)
    assert bubble.find(".fold-preview").textContent == "Compare"
    world.open(bubble)
    text = bubble.find(".bubble-body").textContent
    assert "I wonder why." in text and "Read" in text and "0.5" in text
    write(message, busy=False, told_duration_s=3.0)
    world.say(message)
    assert bubble.find(".fold-name").textContent == "Thoughts" and bubble.find(".fold-time").textContent == "3.0 s"


def test_a_tool_call_says_how_it_went_and_gives_its_parts() -> None:
    world = Talk()
    message = world.add("m", "tool", name="search", args={"q": "x"})
    (bubble,) = world.bubbles
    assert bubble.find(".fold-name").textContent == "search · Running"
    write(message, status="error", busy=False, error="no index", told_duration_s=0.2)
    world.stores.chat.show(message)
    world.paint()
    assert bubble.find(".fold-name").textContent == "search · Failed"
    assert bubble.find(".fold-time").textContent == "0.2 s"
    world.open(bubble)
    assert bubble.find(".output-error").textContent == "no index"
    world.press(bubble.find("[data-part=args]"))
    assert world.document.copied == ['{\n  "q": "x"\n}']


def test_html_is_put_in_as_html_once_for_each_version() -> None:
    world = Talk()
    message = world.add("m", "html")
    write(message, chunks=["<p>1</p>"])
    world.stores.chat.show(message)
    world.paint()
    (bubble,) = world.bubbles
    assert bubble.find(".bubble-body").textContent == "<p>1</p>"
    assert "Report" in bubble.textContent


def test_copy_and_the_way_to_the_node() -> None:
    world = Talk()
    world.say(world.add("m", node_id="n0"), "**bold**")
    (bubble,) = world.bubbles
    world.press(bubble.find("[data-copy=m]"))
    assert world.document.copied == ["**bold**"]
    world.press(bubble.find("[data-show-node=n0]"))
    assert world.commands.calls == [("choose_node", ("n0",))]


def test_sources_keep_their_colour() -> None:
    world = Talk()
    messages = [world.add(f"m{voice}", source=str(voice), voice=voice) for voice in (0, 1, 9)]
    assert [each.attributes["data-voice"] for each in world.bubbles] == ["0", "1", "1"]
    write(messages[1], voice=2)
    bubble = world.bubbles[1]
    world.say(messages[1], "another spoke before")
    assert world.bubbles[1] is bubble, "what a person opened in it stays open"
    assert [each.attributes["data-voice"] for each in world.bubbles] == ["0", "2", "1"]
    world.view.close()
    assert world.document.listeners == 0 and world.errors == []


def test_what_was_answered_stands_where_it_was_answered() -> None:
    """Between what was said before and behind it; what the run ended without has no line."""
    talk = Talk()
    for name in ("a", "b"):
        talk.add(name)
    asked = Requirement.model_validate({"id": "q", "kind": "confirmation", "prompt": "May it?"})
    talk.stores.answered.set(("r", "never"), Wanted(asked, open=False))
    talk.stores.answered.set(("r", "q"), Wanted(asked, "n1", open=False, answered_at=5.0, place=1))
    sheet = talk.region("chat").find(".bubbles")
    lines = [each.attributes.get("data-message-id") or "answer" for each in sheet.children]
    assert lines == ["a", "answer", "b"]
    line = talk.region("chat").find(".answer-line")
    assert "Answered" in line.textContent and "n1" in line.textContent
    talk.stores.own_answers.set(("r", "q"), {"id": "q", "confirmed": True, "note": "Fine"})
    assert "Approved by you" in talk.region("chat").find(".answer-line").textContent
    assert talk.region("chat").find(".answer-line") is line and "Fine" in line.textContent
    talk.flow()
    assert "node 1" in talk.region("chat").find(".answer-line").textContent
    talk.stores.front.set("other")
    talk.paint()
    assert talk.region("chat").find_all(".answer-line") == [] and talk.errors == []


def test_what_agents_say_is_looked_at_first() -> None:
    """Where there are none, it is what the nodes give; a person's own choice is the zones' to keep."""
    talk = Talk()
    assert talk.zones.suggested == []
    talk.flow()
    talk.flow(nodes=[{"id": "a", "path": "x.SearchAgent"}], edges=[])
    assert talk.zones.suggested == ["output", "chat"]


def test_answers_given_together_stand_as_they_were_asked() -> None:
    """In whatever order the page heard that they were accepted."""
    talk = Talk()
    for serial, name in ((2, "b"), (1, "a")):
        asked = Requirement.model_validate({"id": name, "kind": "confirmation"})
        talk.stores.answered.set(("r", name), Wanted(asked, serial=serial, open=False, answered_at=5.0))
        talk.paint()
    assert [each.attributes["data-answer-id"] for each in talk.region("chat").find_all(".answer-line")] == ["a", "b"]


def test_before_a_run_it_says_what_the_flow_does() -> None:
    """As the output does: of a flow of agents this is what a newcomer sees first."""
    gallery = Gallery()
    gallery.show(ChatView)
    empty = gallery.region("chat").find(".empty")
    gallery.flow(description="A leader asks three members.")
    assert empty.textContent == "A leader asks three members."
    gallery.stores.front.set("r")
    gallery.paint()
    assert empty.textContent == gallery.context.words("chat.empty") and not empty.hidden
    gallery.flow()
    gallery.stores.front.set(None)
    gallery.paint()
    assert empty.textContent == gallery.context.words("chat.empty")
