"""The agents beside the dev server that speak AG-UI: what their libraries send becomes runs, through every pause."""

from __future__ import annotations

from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pyapp.protocols.agui.dialect import AguiDialect
from pyapp.protocols.protocol import ASIDE, Heard, Opening, Request

httpx = pytest.importorskip("httpx")
pytest.importorskip("pydantic_ai")
pytest.importorskip("agno")

Json = dict[str, Any]
ANSWERS: dict[str, Json] = {
    "confirmation": {"confirmed": True},
    "external_execution": {"result": "in Gent"},
    "user_input": {"values": {"accepted": True, "values": {"author": "Ada"}}},
}


async def run(path: str, asked: str, answers: dict[str, Json] = ANSWERS) -> tuple[list[Json], list[str]]:
    """What a run becomes, with all its pauses answered; and what of it is only named."""
    from devserver.backends.agui import app

    numbers = count()
    dialect = AguiDialect(lambda: f"id-{next(numbers)}")
    items: list[Json] = []
    opening: Opening | None = dialect.start("agent", asked)
    transport = httpx.ASGITransport(app=app(Path(__file__).parents[3]))
    async with httpx.AsyncClient(transport=transport, base_url="http://agents.test", timeout=30) as client:
        while opening is not None:
            assert isinstance(opening.send, Request)
            reply = await client.post(path, content=opening.send.body, headers=dict(opening.send.headers))
            assert reply.status_code == 200, reply.text
            for block in reply.text.split("\n\n"):
                if block.startswith("data:"):
                    items += dialect.heard(Heard(block[5:].strip(), opening.key))
            known = dialect.runs.find(opening.key)
            assert known is not None
            opening = None
            for requirement in list(known.waiting.values()):
                opening = dialect.answer(known, {"id": requirement["id"], **answers[requirement["kind"]]})
    told = [each for each in items if ASIDE not in each]
    assert [each["seq"] for each in told] == list(range(len(told)))
    assert not [each for each in items if each.get("reason")], "everything could be read"
    return told, [each[ASIDE] for each in items if ASIDE in each]


async def test_an_agent_of_pydantic_ai_thinks_works_asks_and_goes_on() -> None:
    told, _ = await run("/desk", "Publish a note")
    names = Counter(each["event"] for each in told)
    assert (names["run_start"], names["AgentPaused"], names["resume_start"], names["run_end"]) == (1, 1, 1, 1)
    assert names["ReasoningContent"] > 3
    shown = [each["tool_args"] for each in told if each["event"] == "start_tool" and each.get("tool_args")]
    assert len(shown) >= 3 and shown[-1] == {"title": "Publish a note"}, "its arguments came in pieces"
    assert [each["node_id"] for each in told if each["event"] == "start_node"] == ["agent", "survey"]
    assert told[-2]["variables"] == {"published": ["Publish a note"]} and told[-1]["status"] == "success"


async def test_who_says_no_is_understood() -> None:
    told, _ = await run("/desk", "Publish a note", {"confirmation": {"confirmed": False, "note": "Not yet."}})
    assert "Not yet." in str([each.get("result") for each in told if each["event"] == "end_tool"])
    assert told[-1]["status"] == "success"


async def test_a_call_is_done_by_a_person() -> None:
    told, _ = await run("/desk", "elsewhere")
    assert [each["requirements"][0]["kind"] for each in told if each["event"] == "AgentPaused"] == [
        "external_execution"
    ]
    assert told[-1]["content"] == "You are in Gent."


async def test_two_hundred_calls() -> None:
    told, _ = await run("/desk", "tools 200")
    assert Counter(each["event"] for each in told)["end_tool"] == 200 and told[-1]["status"] == "success"


async def test_an_agent_that_fails_says_why() -> None:
    told, _ = await run("/desk", "fail")
    assert (told[-1]["status"], told[-1]["error"]) == ("error", "The model is not there today.")


async def test_an_agent_of_agno_asks_twice_and_is_done() -> None:
    """Agno does not tell of which kind its pauses are: one answer serves to confirm, and to fill in."""
    told, named = await run("/clerk/agui", "Publish a note")
    names = Counter(each["event"] for each in told)
    assert (names["AgentPaused"], names["resume_start"], names["run_end"]) == (2, 2, 1)
    results = [str(each.get("result")) for each in told if each["event"] == "end_tool"]
    assert any("is published" in each for each in results) and any("signed by Ada" in each for each in results)
    assert told[-1]["status"] == "success" and {"Clerk"} == {each["name"] for each in told if each.get("name")}
    assert all(each.startswith(("RAW agno", "REASONING_", "TEXT_MESSAGE_", "STATE_")) for each in named), named
