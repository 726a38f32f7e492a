"""AnswerLine: a line of the chat on what a person was asked: how it was answered, by whom, when, with which note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...contract.events import Requirement
from ...contract.text import text_of, unmarked
from ...locale.catalogue import Catalogue
from ...locale.display import one_line
from ...run.record import Wanted
from ..parts import Parts, Told
from ..people.forms import moment

VALUE_CHARS = 80


class AnswerLine:
    """Owns the element of one answer. `title` names a node for people."""

    def __init__(self, parts: Parts, title: Callable[[str], str], wanted: Wanted, run_id: str) -> None:
        self._words = parts.words
        self._title = title
        create, node_id = parts.create, wanted.node_id
        self._said, self._asked, self._note = Told(create("strong")), Told(create("span")), Told(create("q"))
        shows = {"type": "button", "data_show_node": node_id or "", "title": parts.words("chat.show_node")}
        self._node = Told(create("button", "quiet node-link", **shows))
        self._node.hide(node_id is None)
        self._node_id = node_id or ""
        self._known = node_id, wanted.answered_at
        """What is drawn once, and never brought up to date."""
        told = self._said.element, self._asked.element, self._note.element, self._node.element
        time = parts.moment("", wanted.answered_at)
        about = {"data_answer_id": wanted.requirement.id, "data_run_id": run_id}
        self.element = create("p", "answer-line", parts.icon("user"), *told, time, **about)

    def is_other(self, wanted: Wanted) -> bool:
        """Whether what is drawn once is another one now."""
        return self._known != (wanted.node_id, wanted.answered_at)

    def update(self, wanted: Wanted) -> None:
        """Bring it in line with what is known of the answer."""
        requirement, answer = wanted.requirement, wanted.answer or {}
        self._said.say(answer_words(self._words, wanted))
        self._asked.say(one_line(asked_words(self._words, requirement), VALUE_CHARS))
        self._note.say(one_line(answer.get("note") or "", VALUE_CHARS))
        self._note.hide(not answer.get("note"))
        self._node.say(self._title(self._node_id))


def asked_words(words: Catalogue, requirement: Requirement) -> str:
    """What was asked, without marks; what asks without words is called by its tool, or by what it is."""
    return unmarked(requirement.prompt or "") or requirement.tool_name or words(f"interaction.{requirement.kind}")


def answer_words(words: Catalogue, wanted: Wanted) -> str:
    """How it was answered, and by whom, as far as that is known."""
    answer = wanted.answer
    if answer is None:
        until, at = moment(wanted.requirement.expires_at), wanted.answered_at
        return words("answer.expired" if until is not None and at is not None and at >= until else "answer.unknown")
    said = _said(words, answer)
    return words("answer.by", said=said, name=one_line(answer["by"], 60)) if answer.get("by") else said


def _said(words: Catalogue, answer: dict[str, Any]) -> str:
    if isinstance(answer.get("confirmed"), bool):
        edited = answer["confirmed"] and "result" in answer
        return words("answer.edited" if edited else "answer.approved" if answer["confirmed"] else "answer.rejected")
    value = next((answer[name] for name in ("choices", "values", "result") if answer.get(name) is not None), None)
    if value is None:
        return words("answer.unknown")
    told = ", ".join(map(text_of, value)) if isinstance(value, list) else value
    return words("answer.given", value=one_line(told, VALUE_CHARS))
