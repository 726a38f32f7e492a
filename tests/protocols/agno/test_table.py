"""Run as a program (`python -m tests.protocols.agno.test_table --write`) it renews the table of docs/protocols.md."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.protocols.agno.table import EVENTS
from pyapp.protocols.agno.translator import AgnoTranslator

from .support import Json

DOCS = Path(__file__).parents[3] / "docs" / "protocols.md"
BEGIN, END = "<!-- agno: made by tests/protocols/agno/test_table.py -->", "<!-- /agno -->"
NEEDS: dict[str, dict[str, Any]] = {
    "start_node": {"node_id": "n"}, "end_node": {"node_id": "n", "status": "error"}, "start_tool": {"node_id": "n"},
    "end_tool": {"node_id": "n"}, "TeamToolCallCompleted": {"node_id": "n"}, "AgentPaused": {"requirements": []},
    "ChatHTML": {"html": "x"},
}  # fmt: skip

TOOL: Json = {"tool_call_id": "c", "tool_name": "look"}
STEP: Json = {"step_id": "s", "step_name": "draft", "step_index": 0}
NEXT: Json = {"step_id": "t", "step_name": "next", "step_index": 1}
FLOW: Json = {"event": "WorkflowStarted", "run_id": "w"}
BEGUN: list[Json] = [FLOW, {"event": "StepStarted", "run_id": "w", **STEP}]
WORKS: Json = {"run_id": "a", "workflow_run_id": "w", "parent_run_id": "w", **STEP}
WORKING: list[Json] = [*BEGUN, {"event": "RunStarted", **WORKS}]
ASKED: Json = {"event": "WorkflowPaused", "run_id": "w", "step_requirements": [STEP]}
INSIDE: Json = {"run_id": "n", "nested_depth": 1, "parent_step_id": "s"}
PLACES: list[tuple[list[Json], Json]] = [
    ([], {"run_id": "a", "agent_id": "ada"}), ([], {"run_id": "a", "team_id": "duo"}), ([], {}),
    ([{"event": "RunStarted", "run_id": "a"}, {"event": "RunPaused", "run_id": "a"}], {"run_id": "a"}),
    ([{"event": "TeamRunStarted", "run_id": "r"}], {"run_id": "a", "parent_run_id": "r"}),
    (BEGUN, WORKS), (WORKING, WORKS), ([*BEGUN, ASKED], WORKS), ([*WORKING, {"event": "RunPaused", **WORKS}], WORKS),
    ([*WORKING, {"event": "RunPaused", **WORKS}, {"event": "StepContinued", "run_id": "w"}], WORKS),
    ([*WORKING, {"event": "StepCompleted", "run_id": "w", **STEP}], WORKS),
    ([], {"run_id": "w", **STEP}), ([FLOW], {"run_id": "w", **STEP}), (BEGUN, {"run_id": "w", **STEP}),
    (BEGUN, {"run_id": "w", **NEXT}), ([*BEGUN, ASKED], {"run_id": "w", **STEP}),
    ([*BEGUN, ASKED], {"run_id": "w", **NEXT}), (BEGUN, INSIDE), ([FLOW], INSIDE),
    ([FLOW, {"event": "WorkflowAgentStarted", "run_id": "w"}], {"run_id": "w"}),
]  # fmt: skip
"""What came before, and what an event bears that comes behind it."""
SAYS: list[Json] = [
    {}, {"content": "x"}, {"reasoning_content": "y"}, {"content": {"title": "t"}}, {"html": "<p>"}, {"input_tokens": 1},
    {"tool": TOOL}, {"tool": {**TOOL, "tool_call_error": True}}, {"iteration": 1}, {"requirements": [{"id": "q"}]},
    {"step_output": {"step_id": "s", "content": "o"}}, {"step_output": {"step_id": "s", "success": False}},
    {"step_requirements": [STEP]},
]  # fmt: skip


def told(name: str) -> Iterator[list[Json]]:
    """What an event becomes, at each place and with each of what it may say; and once more behind that."""
    for (before, ids), says in product(PLACES, SAYS):
        if ids or not EVENTS[name].of_workflow:  # a workflow names its run
            translator = AgnoTranslator()
            for each in before:
                translator.translate(each)
            for _ in range(2):
                yield translator.translate({"event": name, **ids, **says})


def table() -> str:
    """The section of docs/protocols.md."""
    lines = ["| event | becomes | changes what a later one says | named in the log and counted |", "|---|---|---|---|"]
    for name, row in EVENTS.items():
        becomes = ", ".join(f"`{each}`" for each in dict.fromkeys(row.becomes))
        lines.append(f"| `{name}` | {becomes or '–'} | {row.later or '–'} | {row.log or '–'} |")
    return "\n".join(lines)


def parts(text: str) -> tuple[str, str, str]:
    """What stands before the section, in it, and behind it."""
    start, stop = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text[:start], text[start:stop], text[stop:]


@pytest.mark.skipif(not DOCS.exists(), reason="the docs are not here")
def test_the_table_in_the_docs_is_made_of_the_code() -> None:
    assert parts(DOCS.read_text(encoding="utf-8"))[1].strip() == table(), f"Renew it: python -m {__spec__.name} --write"


@pytest.mark.skipif(importlib.util.find_spec("agno") is None, reason="agno is not installed")
def test_every_event_of_the_installed_agno_has_its_row() -> None:
    """And no row is of an event that there is not; `make compat` asks the other versions."""
    found = set()
    for module, name in (("agent", "RunEvent"), ("team", "TeamRunEvent"), ("workflow", "WorkflowRunEvent")):
        found |= {each.value for each in getattr(importlib.import_module(f"agno.run.{module}"), name)}
    assert set(EVENTS) == found


def test_every_row_says_what_becomes_of_its_event() -> None:
    """What it becomes are events of the contract; what becomes nothing is named, or told with a later one."""
    for name, row in EVENTS.items():
        assert row.later or row.log or row.becomes, name
        assert (row.translate is None) == (not row.becomes and not row.later), name
        for each in row.becomes:
            event = {"event": each, "run_id": "r", "content": "x", **NEEDS.get(each, {})}
            assert isinstance(decode_item(event), BaseEvent), each


def test_what_an_event_becomes_is_what_its_row_says_and_nothing_else() -> None:
    """That, or why nothing, and each of it; beside how a run goes on behind a pause, where whatever works shows it."""
    became, named, kept = defaultdict[str, set[str]](set), set[str](), set[str]()
    for name in EVENTS:
        for ours in told(name):
            became[name] |= {each["event"] for each in ours if "event" in each}
            named |= {name for each in ours if "aside" in each and not each["reason"]}
            kept |= {name} if not ours else set()
    goes_on = {"resume_start"}
    assert became == {name: {*row.becomes, *(goes_on if row.works else ())} for name, row in EVENTS.items()}
    assert named == {name for name, row in EVENTS.items() if row.log}
    assert kept == {name for name, row in EVENTS.items() if row.later}


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    before, _, behind = parts(DOCS.read_text(encoding="utf-8"))
    DOCS.write_text(f"{before}\n\n{table()}\n\n{behind}", encoding="utf-8")
