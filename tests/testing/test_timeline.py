from __future__ import annotations

import json

from pyapp.testing.dom import FakeDocument
from pyapp.testing.timeline import FakeTimeline
from pyapp.views.timeline.bars import Bar
from pyapp.views.timeline.telling import Telling


def test_it_keeps_what_it_is_told() -> None:
    document, telling = FakeDocument(), Telling()
    timeline = FakeTimeline(document)
    timeline.open('{"empty": "None"}')
    assert timeline.words == {"empty": "None"} and document.region("timeline").find("[data-shown=false]")
    telling.put("a", Bar("a", "node", "A", "executing", "n", started_at=1.0))
    timeline.take(json.dumps(telling.news()))
    assert (timeline.bars["a"].name, timeline.bars["a"].started_at) == ("A", 1.0)
    assert timeline.tree() == {"run": ["a"]}
    telling.put("a", None)
    timeline.take(json.dumps(telling.news()))
    assert timeline.bars == {} and timeline.taken == 2


def test_a_person_looks_and_chooses() -> None:
    """By the events that the real one lets happen."""
    document = FakeDocument()
    timeline = FakeTimeline(document)
    timeline.open("{}")
    heard: list[str | None] = []
    document.on("timeline", "shown", "[data-shown]", lambda event: heard.append(event.attribute("data-shown")))
    document.on("timeline", "choose", "[data-chosen]", lambda event: heard.append(event.attribute("data-chosen")))
    timeline.look()
    timeline.look(away=True)
    timeline.choose("n")
    assert heard == ["true", "false", "n"]


def test_how_it_is_looked_at_is_kept_and_told() -> None:
    document = FakeDocument()
    timeline, heard = FakeTimeline(document), []
    timeline.open("{}")
    document.on("timeline", "look", "[data-look]", lambda event: heard.append(event.attribute("data-look")))
    timeline.lookAt('{"scale": "cut"}')
    timeline.move(scale="time")
    assert timeline.wanted == {"scale": "cut"} and heard == ['{"scale": "time"}']
