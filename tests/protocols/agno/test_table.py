"""Run as a program (`python -m tests.protocols.agno.test_table --write`) it renews the table of docs/protocols.md."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.protocols.agno.table import EVENTS

DOCS = Path(__file__).parents[3] / "docs" / "protocols.md"
BEGIN, END = "<!-- agno: made by tests/protocols/agno/test_table.py -->", "<!-- /agno -->"
NEEDS: dict[str, dict[str, Any]] = {
    "start_node": {"node_id": "n"}, "end_node": {"node_id": "n", "status": "error"}, "start_tool": {"node_id": "n"},
    "end_tool": {"node_id": "n"}, "TeamToolCallCompleted": {"node_id": "n"}, "AgentPaused": {"requirements": []},
    "ChatHTML": {"html": "x"},
}  # fmt: skip


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


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    before, _, behind = parts(DOCS.read_text(encoding="utf-8"))
    DOCS.write_text(f"{before}\n\n{table()}\n\n{behind}", encoding="utf-8")
