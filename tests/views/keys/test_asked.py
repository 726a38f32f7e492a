from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card
from pyapp.views.keys.asked import MOST_CHARS, MOST_OF_ARGUMENTS, about, question
from tests.views.support import Gallery


def card(**fields: Any) -> Card:
    return Card("r", wanted=Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation", **fields}), "n1"))


def test_a_question_is_its_words_or_its_tool_or_its_step() -> None:
    gallery = Gallery()
    gallery.flow()
    assert question(gallery.context, card(prompt="**" + "x" * 500 + "**")) == "x" * MOST_CHARS
    assert question(gallery.context, card(tool_name="rm")) == "rm"
    assert question(gallery.context, card()) == "node 1"


def test_what_a_tool_is_given_is_one_line_and_cut() -> None:
    gallery = Gallery()
    gallery.flow()
    assert about(gallery.context, card(tool_name="rm")).endswith("node 1 · rm")
    said = about(gallery.context, card(tool_name="rm", tool_args={"path": "a\nb", "more": "x" * 900}))
    assert "rm (path: a b, more: xxx" in said and said.endswith("x…)") and len(said) < MOST_OF_ARGUMENTS + 60
