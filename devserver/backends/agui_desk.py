"""A pydantic-ai agent that is served over AG-UI: it thinks, surveys the project, and asks before it publishes.

Only the model is a function; thoughts, arguments that stream, state, approvals and every event are pydantic-ai's own.
What it is asked may say more: `tools 200` calls that many, `slow` takes its time, `fail` fails, `elsewhere` leaves a
call to whoever asked.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from ag_ui.core import EventType, StateDeltaEvent, StateSnapshotEvent, StepFinishedEvent, StepStartedEvent
from pydantic import BaseModel
from pydantic_ai import Agent, DeferredToolRequests, RunContext, ToolReturn
from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import ExternalToolset
from pydantic_ai.ui import StateDeps

from ..flows.agno_tools import ProjectTools

PIECES_PER_S = 60
SLOW_PIECES_PER_S = 8
Delta = str | dict[int, DeltaToolCall] | dict[int, DeltaThinkingPart]


class Desk(BaseModel):
    """The state that the page and the agent share."""

    published: list[str] = []


def make_desk(root: Path) -> Agent[StateDeps[Desk], str | DeferredToolRequests]:
    """The agent over the project at `root`."""
    tools = ProjectTools(root)
    elsewhere = ExternalToolset([ToolDefinition(name="locate", description="Where the person is.")])
    agent = Agent(
        FunctionModel(stream_function=_speak, model_name="scripted-desk"),
        deps_type=StateDeps[Desk],
        output_type=[str, DeferredToolRequests],
        name="desk",
        toolsets=[elsewhere],
    )

    @agent.tool_plain
    def survey() -> ToolReturn:
        """How large the project is. Told as a step of its own."""
        return ToolReturn(
            tools.survey(),
            metadata=[StepStartedEvent(step_name="survey"), StepFinishedEvent(step_name="survey")],
        )

    @agent.tool_plain
    def count(number: int) -> int:
        """One of many calls."""
        return number * number

    @agent.tool(requires_approval=True)
    def publish(context: RunContext[StateDeps[Desk]], title: str) -> ToolReturn:
        """Publish the note under a title."""
        state = context.deps.state
        first = not state.published
        state.published.append(title)
        told = (
            StateSnapshotEvent(type=EventType.STATE_SNAPSHOT, snapshot=state.model_dump())
            if first
            else StateDeltaEvent(
                type=EventType.STATE_DELTA,
                delta=[{"op": "add", "path": "/published/-", "value": title}],  # type: ignore[list-item]
            )
        )
        return ToolReturn(f"“{title}” is published.", metadata=[told])

    return agent


async def _speak(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Delta]:
    """The model: what it does next follows from what it was asked and from the results so far."""
    asked, results = _heard(messages)
    pace = 1 / (SLOW_PIECES_PER_S if "slow" in asked else PIECES_PER_S)
    for delta in _turn(asked, results):
        yield delta
        await asyncio.sleep(pace)


def _turn(asked: str, results: list[ToolReturnPart]) -> list[Delta]:
    done = [each.tool_name for each in results]
    many = re.search(r"tools (\d+)", asked)
    if "fail" in asked:
        raise RuntimeError("The model is not there today.")
    if many is not None:
        number = min(int(many[1]), 1_000)
        return _words(f"Called {number} times.") if done else [_many(number)]
    if "elsewhere" in asked:
        return _words(f"You are {results[-1].content}.") if done else _streamed("locate", {})
    if not done:
        return [*_thoughts("First the figures, then leave to publish."), *_streamed("survey", {})]
    if "publish" not in done:
        return [*_words("Here are the figures.\n\n"), *_streamed("publish", {"title": asked[:80]})]
    return _words(f"Done.\n\n```\n{results[0].content}\n```\n\n- {results[-1].content}\n")


def _heard(messages: list[ModelMessage]) -> tuple[str, list[ToolReturnPart]]:
    asked, results = "", list[ToolReturnPart]()
    for message in messages:
        for part in message.parts if isinstance(message, ModelRequest) else ():
            if isinstance(part, UserPromptPart):
                asked, results = str(part.content), []
            elif isinstance(part, ToolReturnPart):
                results.append(part)
    return asked, results


def _words(text: str) -> list[Delta]:
    return list(re.findall(r"\S+\s*|\s+", text))


def _thoughts(text: str) -> list[Delta]:
    return [{0: DeltaThinkingPart(content=word)} for word in re.findall(r"\S+\s*", text)]


def _many(number: int) -> Delta:
    """So many calls at once."""
    return {
        each + 1: DeltaToolCall(name="count", json_args=json.dumps({"number": each}), tool_call_id=f"count-{each}")
        for each in range(number)
    }


def _streamed(name: str, arguments: dict[str, Any]) -> list[Delta]:
    """A call whose arguments come a few letters at a time."""
    text = json.dumps(arguments)
    pieces = [text[at : at + 6] for at in range(0, len(text), 6)]
    first: Delta = {1: DeltaToolCall(name=name, json_args=pieces[0], tool_call_id=f"{name}-0")}
    return [first, *({1: DeltaToolCall(json_args=piece)} for piece in pieces[1:])]
