from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.events import Requirement
from pyapp.locale.catalogue import Catalogue
from pyapp.run.record import Wanted
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.chat.answer_line import AnswerLine, answer_words
from pyapp.views.parts import Parts


def wanted(answer: dict[str, Any] | None = None, at: float = 50.0, **more: Any) -> Wanted:
    requirement = Requirement.model_validate({"id": "q", "kind": "confirmation", "prompt": "May **it**?", **more})
    return Wanted(requirement, "n0", open=False, answer=answer, answered_at=at)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"confirmed": True}, "Approved"),
        ({"confirmed": True, "result": "better"}, "Changed and approved"),
        ({"confirmed": False, "by": "Ada"}, "Rejected by Ada"),
        ({"choices": ["north", 2], "by": "you"}, "Answered “north, 2” by you"),
        ({"values": {"a": 1}}, "Answered “a: 1”"),
        ({"result": "done"}, "Answered “done”"),
        ({"id": "q"}, "Answered"),
        (None, "Answered"),
    ],
)
def test_it_says_what_is_known_of_the_answer(answer: dict[str, Any] | None, said: str) -> None:
    assert answer_words(Catalogue(), wanted(answer)) == said


def test_nobody_answered_in_time() -> None:
    assert answer_words(Catalogue(), wanted(expires_at=40.0)) == "Time ran out"
    assert answer_words(Catalogue(), wanted(expires_at=60.0)) == "Answered"


def test_a_line_names_the_question_the_step_and_the_note() -> None:
    line = AnswerLine(Parts(FakeDocument(), Catalogue(), lambda: 0.0), {"n0": "Approve it"}.get, wanted(), "r")  # type: ignore[arg-type]
    assert isinstance(line.element, FakeElement)
    line.update(wanted())
    note = line.element.find("q")
    assert "May it?" in line.element.textContent and "Approve it" in line.element.textContent and note.hidden
    line.update(wanted({"confirmed": True, "note": "Only today"}))
    assert "Approved" in line.element.textContent and note.textContent == "Only today" and not note.hidden
    assert (line.element.attributes["data-answer-id"], line.element.attributes["data-run-id"]) == ("q", "r")
