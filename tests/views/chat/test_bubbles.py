from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.locale.catalogue import Catalogue
from pyapp.run.record import Message
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.chat.bubbles import MAX_TAGS, Bubble
from pyapp.views.parts import Parts
from tests.views.support import write

PARTS = Parts(FakeDocument(), Catalogue(), lambda: 0.0)


def said(kind: Any = "text", *chunks: str, **more: Any) -> Message:
    return Message("k", "m", "r", "s", kind, chunks=list(chunks), **more)


def drawn(message: Message, *, opened: bool = False) -> Bubble:
    bubble = Bubble(PARTS, str.upper, message)
    if opened and bubble.fold is not None:
        bubble.fold.setAttribute("open", "")
    bubble.update(message)
    return bubble


def find(bubble: Bubble, selector: str) -> FakeElement:
    assert isinstance(bubble.element, FakeElement)
    return bubble.element.find(selector)


def copied(message: Message, **more: Any) -> Message:
    """The same, told anew: another object."""
    given = {"chunks": list(message.chunks), "steps": list(message.steps), **more}
    return replace(message, **given)


CHANGES = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(["a", "b", "cd"])),
    st.tuples(st.just("replace"), st.sampled_from(["", "a", "x"])),
    st.tuples(st.just("anew"), st.lists(st.sampled_from(["a", "b", "cd"]), max_size=4)),
    st.tuples(st.just("again"), st.just(None)),
    st.tuples(st.just("fewer"), st.just(None)),
    st.tuples(st.just("rest"), st.booleans()),
    st.tuples(st.just("think"), st.sampled_from(["one", "two"])),
)


@given(st.sampled_from(["text", "reasoning"]), st.lists(st.tuples(CHANGES, st.booleans()), max_size=25))
def test_a_bubble_is_never_older_than_its_message(kind: str, changes: list[tuple[tuple[str, Any], bool]]) -> None:
    """It grows, is replaced, is told anew with the same or another text, shrinks, rests and goes on."""
    message = said(kind)
    bubble = drawn(message, opened=True)
    for (change, new), seen in changes:
        if change == "say":
            message.chunks.append(new)
        elif change == "replace":
            write(message, chunks=[new], replaced=message.replaced + 1)
        elif change == "anew":
            message = copied(message, chunks=list(new), replaced=0, steps=[])
        elif change == "again":
            message = copied(message)
        elif change == "fewer":
            message = copied(message, chunks=message.chunks[:-1])
        elif change == "rest":
            write(message, busy=new)
        else:
            message.steps.append({"title": new})
        if seen:
            bubble.update(message)
    bubble.update(message)
    steps = [step["title"] for step in message.steps] if kind == "reasoning" else []
    if kind == "text" and message.steps:
        return  # only thoughts have steps
    assert find(bubble, ".bubble-body").textContent == message.text + "".join(steps)


def test_text_that_only_grew_is_not_drawn_again() -> None:
    """Told anew with more of the same: what a person selected, or opened, stays."""
    message = said("reasoning", "I wonder ", "why")
    bubble = drawn(message, opened=True)
    inside = find(bubble, ".markdown")
    bubble.update(copied(message, chunks=["I wonder why", " not."]))
    assert find(bubble, ".markdown") is inside and inside.textContent == "I wonder why not."
    bubble.update(copied(message, chunks=["I know."]))
    assert find(bubble, ".markdown") is not inside and find(bubble, ".bubble-body").textContent == "I know."
    assert find(bubble, "details").attributes["open"] == ""


def test_the_same_html_is_put_in_once() -> None:
    """Only another one replaces it."""
    message = said("html", "<p>1</p>")
    bubble = drawn(message)
    find(bubble, ".bubble-body").append(FakeElement("p"))
    bubble.update(copied(message))
    assert len(find(bubble, ".bubble-body").children) == 1
    bubble.update(copied(message, chunks=["<p>2</p>"]))
    assert find(bubble, ".bubble-body").textContent == "<p>2</p>"


def test_what_is_drawn_once_makes_another_bubble() -> None:
    """Who speaks, where and when, if it is known later; a tool's name is brought up to date."""
    message = said("text", "x", name="Ada")
    bubble = drawn(message)
    assert not bubble.is_other(copied(message))
    write(message, node_id="n0")
    assert bubble.is_other(message)
    assert "N0" in find(drawn(message), ".bubble-head").textContent
    call = said("tool", name="look")
    known = drawn(call)
    write(call, name="search", status="success")
    assert not known.is_other(call)
    known.update(call)
    assert find(known, ".fold-name").textContent == "search · Succeeded"


def test_what_was_cut_is_said() -> None:
    """Once, below the text; not of a text that took its place."""
    message = said("text", "much", cut=True)
    bubble = drawn(message)
    bubble.update(message)
    assert isinstance(bubble.element, FakeElement) and len(bubble.element.find_all(".facts")) == 1
    write(message, chunks=["less"], replaced=1, cut=False)
    bubble.update(message)
    assert bubble.element.find_all(".facts") == []


def test_a_report_of_too_many_tags_is_text() -> None:
    """A browser stands still over a hundred thousand elements in one another; Copy gives all of it."""
    most = drawn(said("html", "<b>" * MAX_TAGS))
    assert "tags" not in find(most, ".bubble-body").textContent
    more = find(drawn(said("html", "<b>" * (MAX_TAGS + 1))), ".bubble-body")
    assert "10,000 tags" in more.textContent and more.find("pre").textContent.startswith("<b><b>")


def test_a_speaker_that_is_called_as_its_node_is_named_once() -> None:
    """In whatever letters."""
    assert find(drawn(said("text", "x", node_id="plan", name="Writer")), ".node-link").textContent == "PLAN"
    same = drawn(said("text", "x", node_id="plan", name="Plan")).element
    assert isinstance(same, FakeElement) and same.find_all(".node-link") == []
