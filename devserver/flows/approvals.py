"""Drafts a release note and asks people to approve, fill in, choose and review on the way.
The input is the text of the note; as long as people take.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node

WITHIN_S = 300.0
"""The approval waits this long; then the note is withdrawn."""
ROUTES = {"page": "Publish on the page", "mail": "Send as a mail", "archive": "Only keep it"}
DETAILS = [
    {"name": "title", "type": "str", "description": "Stands above the note", "required": True},
    {"name": "readers", "type": "int", "description": "How many people will read it", "required": True},
    {"name": "price", "type": "float", "description": "What it costs, in euro", "required": False},
    {"name": "audience", "type": "str", "choices": ["users", "developers", "everybody"], "required": True},
    {"name": "tags", "type": "list", "description": "One a line", "required": False},
    {"name": "urgent", "type": "bool", "value": False},
]


def flow(root: Path, within_s: float = WITHIN_S) -> Flow:
    """The flow over the changelog of the project at `root`."""

    async def approve(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        return await _approve(context, inputs["review"], within_s)

    works: dict[str, Work] = {
        "draft": lambda context, _: _draft(root, context),
        "review": _review,
        "approve": approve,
        "withdraw": _withdraw,
        "details": _details,
        "feedback": _feedback,
        "print": _print,
        "route": _route,
        **dict.fromkeys(ROUTES, _publish),
    }
    labels = {
        "draft": "Draft the note", "review": "Review it", "approve": "Approve it", "withdraw": "Withdraw it",
        "details": "Fill in the details", "feedback": "Ask for feedback", "print": "Have it printed",
        "route": "Choose the way", **ROUTES,
    }  # fmt: skip
    nodes = [
        Node(id, f"devserver.nodes.{'text.Publish' if id in ROUTES else 'person.Ask'}", labels[id]) for id in works
    ]
    line = ["draft", "review", "approve", "details", "feedback", "print", "route"]
    edges = [Edge(one, other) for one, other in itertools.pairwise(line)]
    edges += [Edge("approve", "withdraw"), *(Edge("route", name) for name in ROUTES)]
    return GraphFlow("approvals", "Release note with approvals", nodes, edges, works)


def _draft(root: Path, context: NodeContext) -> str:
    """The newest entries of the changelog, or what the run was given."""
    if context.input:
        return str(context.input)[:2000]
    try:
        lines = (root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    entries = [line for line in lines if line.startswith("- ")][:5]
    return "\n".join(entries) or "- Nothing has changed yet."


async def _review(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    need = {
        "id": f"{context.run_id}-review",
        "kind": "output_review",
        "prompt": "Is the note right? Change what is not.",
    }
    (answer,) = (await context.ask(need, content=inputs["draft"]) or {}).values()
    if not answer["confirmed"]:
        raise ValueError("The note was rejected in review.")
    return str(answer.get("result", inputs["draft"]))


async def _approve(context: NodeContext, note: str, within_s: float) -> Output:
    need = {
        "id": f"{context.run_id}-approve", "kind": "confirmation", "prompt": "May this note be **released**?",
        "tool_name": "release_note", "tool_args": {"lines": note.count("\n") + 1, "characters": len(note)},
    }  # fmt: skip
    answers = await context.ask(need, within_s=within_s)
    answer = next(iter(answers.values())) if answers else {"confirmed": False, "note": "Nobody answered in time."}
    way = "details" if answer["confirmed"] else "withdraw"
    shown = {"released": answer["confirmed"], **({"note": answer["note"]} if answer.get("note") else {})}
    return Output({"note": note, "why": answer.get("note", "")}, shown, frozenset({way}))


def _withdraw(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    return f"The note was withdrawn. {inputs['approve']['why']}".strip()


async def _details(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    need = {
        "id": f"{context.run_id}-details",
        "kind": "user_input",
        "prompt": "A few details.",
        "input_schema": DETAILS,
    }
    (answer,) = (await context.ask(need) or {}).values()
    values = {**answer["values"], "note": inputs["approve"]["note"]}
    return Output(values, answer["values"])


async def _feedback(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    need = {
        "id": f"{context.run_id}-feedback", "kind": "user_feedback", "prompt": "What is good about it?",
        "choices": ["It is short", "It is clear", "It is complete", "Nothing"], "multiple": True,
    }  # fmt: skip
    (answer,) = (await context.ask(need) or {}).values()
    return Output({**inputs["details"], "praise": answer["values"].get("choices", [])}, answer["values"])


async def _print(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    need = {
        "id": f"{context.run_id}-print", "kind": "external_execution", "tool_name": "print_on_paper",
        "prompt": "Print it, and write down where it hangs.", "tool_args": {"title": inputs["feedback"].get("title")},
    }  # fmt: skip
    (answer,) = (await context.ask(need) or {}).values()
    return Output({**inputs["feedback"], "hangs": answer["result"]}, answer["result"])


async def _route(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    choices = [{"value": name, "label": label} for name, label in ROUTES.items()]
    need = {
        "id": f"{context.run_id}-route",
        "kind": "route_selection",
        "choices": choices,
        "multiple": True,
        "prompt": "Where does it go?",
    }
    (answer,) = (await context.ask(need) or {}).values()
    chosen = [name for name in answer["choices"] if name in ROUTES]
    if not chosen:
        raise ValueError(f"None of {', '.join(ROUTES)} was chosen.")
    return Output(inputs["print"], chosen, frozenset(chosen))


def _publish(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    note = inputs["route"]
    praise = ", ".join(note["praise"]) or "nothing"
    return (
        f"# {note.get('title') or 'A note'}\n\n{note['note']}\n\n"
        f"For {note.get('audience')}, {note.get('readers')} readers. Praised for: {praise}. Hangs: {note['hangs']}.\n"
    )
