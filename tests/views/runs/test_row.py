from __future__ import annotations

from typing import Any

from pyapp.stores.rows import RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.runs.runs import RunsView
from tests.views.support import Gallery


def drawn(gallery: Gallery, **fields: Any) -> FakeElement:
    gallery.stores.runs.set("run-0123456789", RunRow("run-0123456789", **fields))
    return gallery.region("runs").find("[data-run-id]")


def test_a_row_says_when_with_what_and_how_long() -> None:
    """The exact moment, the whole input and the whole id are one look away; none of them is cut to a letter."""
    gallery = Gallery()
    gallery.show(RunsView)
    start = gallery.now()
    times = {"started_at": start - 100.0, "ended_at": start - 95.5}
    row = drawn(gallery, status="success", name="Demo", input="What is a lane?", **times)
    assert row.find(".run-input").textContent == row.find(".run-input").attributes["title"] == "What is a lane?"
    assert row.find(".run-time").textContent == "4.5 s"
    assert row.find(".run-name").attributes["title"] == "run-0123456789"
    assert row.find(".run-start").attributes["title"].endswith(row.find(".run-start").textContent)


def test_the_buttons_of_a_row_say_of_which_run_they_are() -> None:
    """By what the row says, whatever it comes to say: nothing is written anew for it."""
    gallery = Gallery()
    gallery.show(RunsView)
    row = drawn(gallery, status="success", name="Demo", started_at=gallery.now())
    start = row.find(".run-start").textContent
    assert start
    for button in row.find_all("[data-row-action]"):
        own, *others = button.attributes["aria-labelledby"].split()
        assert own == button.attributes["id"]
        assert "".join(row.find(f"#{each}").textContent for each in others) == f"Demo{start}"


def test_a_run_that_is_queued_takes_no_time_yet() -> None:
    """It says that it is; once it has begun what it takes counts from there."""
    gallery = Gallery()
    gallery.show(RunsView)
    start = gallery.server_clock.now()
    row = drawn(gallery, status="queued", started_at=start)
    gallery.advance(9.0)
    assert (row.find(".run-time").textContent, row.find(".run-status").textContent) == ("", "Queued")
    row = drawn(gallery, status="executing", started_at=start, began_at=start + 9.0)
    gallery.advance(2.0)
    assert row.find(".run-time").textContent == "2.0 s"
    row = drawn(gallery, status="success", started_at=start, began_at=start + 9.0, ended_at=start + 13.0)
    assert row.find(".run-time").textContent == "4.0 s"


def test_words_only_for_what_is_not_success() -> None:
    """What goes well is said to ears alone; all else to eyes, too."""
    gallery = Gallery()
    gallery.show(RunsView)
    said = {}
    for status in ("success", "executing", "error", "killed", "paused", "queued", "unverified"):
        told = drawn(gallery, status=status).find(".run-status")
        said[told.textContent] = told.attributes["data-plain"]
    assert said == {
        "Succeeded": "true",
        "Running": "true",
        "Failed": "false",
        "Stopped": "false",
        "Waiting for you": "false",
        "Queued": "false",
        "Status unknown": "false",
    }
    assert "Stopping" in drawn(gallery, status="executing", stopping=True).find(".run-status").textContent


def test_a_second_line_is_there_while_it_says_something_to_see() -> None:
    """In attributes: WebKit does not look again at a rule that asks whether something inside is empty."""
    gallery = Gallery()
    gallery.show(RunsView)
    more = drawn(gallery, status="success").find(".run-more")
    assert more.attributes["data-empty"] == "true" and more.attributes["data-line"] == "input"
    drawn(gallery, status="success", unread=True, input="a word")
    assert more.attributes["data-empty"] == "false" and more.attributes["data-line"] == "own"
    drawn(gallery, status="error", input="a word")
    assert more.attributes["data-empty"] == "false"
    drawn(gallery, status="success", input="a word")
    assert more.attributes["data-empty"] == "true"


def test_the_reason_stands_below_and_goes_with_it() -> None:
    gallery = Gallery()
    gallery.show(RunsView)
    detail = drawn(gallery, status="error", error="boom " * 200).find(".run-detail")
    assert detail.textContent.startswith("boom boom") and len(detail.textContent) < 310
    drawn(gallery, status="success")
    assert detail.hidden and detail.textContent == ""


def test_a_run_of_which_little_is_known() -> None:
    gallery = Gallery()
    gallery.show(RunsView)
    row = drawn(gallery, status="queued")
    assert row.find(".run-name").textContent == "Run" and row.find(".run-start").textContent == ""
    assert "title" not in row.find(".run-input").attributes and gallery.errors == []
