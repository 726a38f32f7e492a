"""What the tests of the Agno translator share: events as Agno has them, recordings, and what came of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.protocols.agno import AgnoTranslator
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord
from tests.run.support import Tree

Json = dict[str, Any]
RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"
needs_recordings = pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not beside the tests")


def translated(*events: Json, **options: Any) -> list[Json]:
    """All that a fresh translator makes of these, but for what is aside; every event fits the contract's models."""
    translator = AgnoTranslator(**options)
    ours = [each for event in events for each in translator.translate(event) if "aside" not in each]
    assert translator.unknown == 0
    for each in ours:
        assert isinstance(decode_item(each), BaseEvent), each
    return ours


def aside(*events: Json) -> list[str]:
    """The names of what is told aside, without why."""
    translator = AgnoTranslator()
    told = [each["aside"] for event in events for each in translator.translate(event) if "aside" in each]
    return [each.partition(" (")[0] for each in told]


def names(events: list[Json]) -> list[str]:
    return [event["event"] for event in events]


def step(event: str, name: str, **fields: Any) -> Json:
    return {"event": event, "run_id": "w", "step_id": f"id-{name}", "step_name": name, **fields}


def agent(event: str, run_id: str = "a1", **fields: Any) -> Json:
    return {"event": event, "run_id": run_id, "agent_id": "ada", "agent_name": "Ada", **fields}


def tool(event: str, prefix: str = "", **fields: Any) -> Json:
    call = {"tool_call_id": "c1", "tool_name": "look", "tool_args": {"q": 1}, **fields}
    return agent(f"{prefix}ToolCall{event}", tool=call)


def recorded(name: str = "agno_workflow") -> list[Json]:
    return [json.loads(line) for line in (RECORDINGS / f"{name}.ndjson").read_text().splitlines()]


def at(version: str, name: str) -> list[Json]:
    """What an AgentOS of this version streamed."""
    return recorded(f"agno/{version}/{name}")


def folded(ours: list[Json]) -> RunRecord:
    run = RunRecord(ours[0]["run_id"])
    for event in ours:
        message: Any = decode_item(event)
        assert message.run_id == run.run_id
        fold(run, message, 0.0, Tree())
    return run


def texts(events: list[Json], source: str) -> dict[str, str]:
    """What each source said, put together."""
    said: dict[str, str] = {}
    for event in events:
        if event["event"] in ("RunContent", "TeamRunContent") and event.get("content"):
            who = event.get(source) or event["run_id"]
            said[who] = said.get(who, "") + event["content"]
    return said
