"""Agents alone: tools that fail, pauses of every kind, an error, two cancels, many tools."""

from __future__ import annotations

from typing import Any

from agno.agent import Agent
from agno.tools import tool

from ..flows.agno_model import Call, Turn
from .shape import AGNO, Shape, broken, scripted

MANY = 200


def tools() -> Agent:
    """A tool that works, one that fails, and words between them."""

    def look(at: str) -> str:
        """Look at something."""
        return f"{at} is there."

    def lift(what: str) -> str:
        """Lift something."""
        raise ValueError(f"{what} is too heavy.")

    def script(asked: str, results: list[str]) -> Turn:
        return ([Call("look", {"at": "the box"})], [Call("lift", {"what": "the box"})], "It stays.")[len(results)]

    return scripted("agent_tools", script, look, lift)


def many_tools() -> Agent:
    """Two hundred calls of one turn."""

    def count(number: int) -> str:
        """Count one more."""
        return str(number + 1)

    def script(asked: str, results: list[str]) -> Turn:
        return f"{len(results)} were counted." if results else [Call("count", {"number": n}) for n in range(MANY)]

    return scripted("agent_many_tools", script, count)


def pauses() -> Agent:
    """Leave, a form, something done outside, and (where Agno has it) a question with options; one after the other."""

    @tool(requires_confirmation=True)  # type: ignore[untyped-decorator]  # agno is not type-checked here
    def publish(title: str) -> str:
        """Publish under a title."""
        return f"{title} is published."

    @tool(requires_user_input=True, user_input_fields=["author"])  # type: ignore[untyped-decorator]
    def sign(text: str, author: str) -> str:
        """Sign a text."""
        return f"{text} by {author}"

    @tool(external_execution=True)  # type: ignore[untyped-decorator]
    def ring(number: str) -> str:
        """Ring a number."""
        return ""

    turns = [
        [Call("publish", {"title": "Figures"})],
        [Call("sign", {"text": "Figures"})],
        [Call("ring", {"number": "112"})],
    ]
    extra: list[Any] = []
    if AGNO >= (2, 9):
        from agno.tools.user_feedback import UserFeedbackTools

        options = [{"label": "Red"}, {"label": "Blue"}]
        question = {"question": "Which colour?", "header": "Colour", "options": options, "multi_select": False}
        turns.append([Call("ask_user", {"questions": [question]})])
        extra.append(UserFeedbackTools())

    def script(asked: str, results: list[str]) -> Turn:
        return turns[len(results)] if len(results) < len(turns) else f"All {len(results)} are answered."

    return scripted("agent_pauses", script, publish, sign, ring, *extra)


def slow() -> Agent:
    """Thinks for long before it says a word."""
    return scripted("agent_cancel_first", lambda asked, results: "Never said.", think_s=3)


def talker() -> Agent:
    """Says much."""
    return scripted("agent_cancel_middle", lambda asked, results: "Blah. " * 20_000)


AGENTS = [
    shape
    for shape in (
        Shape("agent_tools", "agents", tools),
        Shape("agent_many_tools", "agents", many_tools),
        Shape("agent_pauses", "agents", pauses),
        Shape("agent_error", "agents", lambda: broken("agent_error")),
        Shape("agent_cancel_first", "agents", slow, cancel="at once"),
        Shape("agent_cancel_middle", "agents", talker, cancel="in the middle"),
    )
    if shape.available
]
