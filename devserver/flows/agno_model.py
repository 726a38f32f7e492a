"""A scripted model for Agno: a plain function in place of a language model, so that agents run without a network.

Everything round it is Agno's own: agents, tools, workflows, and the events they tell.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from agno.models.base import Model
from agno.models.message import Message
from agno.models.response import ModelResponse

try:
    from agno.metrics import MessageMetrics
except ImportError:  # Agno 2.2
    from agno.models.metrics import Metrics as MessageMetrics

WORDS_PER_S = 60
"""How fast the model speaks: about as fast as a quick language model."""


@dataclass(frozen=True, slots=True)
class Call:
    """The wish to call a tool."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)


Turn = str | list[Call]
"""What the model does next: says a text, or wants tools called."""

Script = Callable[[str, list[str]], Turn]
"""(what was asked, the results of the tools so far) → the next turn."""


class ScriptedModel(Model):  # type: ignore[misc]  # agno is an optional extra, not type-checked here
    """A Model whose every turn is the script's. Its tokens are words: of all it was told, and of what it says."""

    def __init__(self, id: str, script: Script, *, pace_s: float = 1 / WORDS_PER_S, think_s: float = 0.0) -> None:
        super().__init__(id=id, name="Scripted", provider="scripted")
        self._script = script
        self._pace_s, self._think_s = pace_s, think_s

    def _turn(self, messages: list[Message]) -> Turn:
        asked = next((str(each.content) for each in reversed(messages) if each.role == "user"), "")
        results = [str(each.content) for each in messages if each.role == "tool"]
        return self._script(asked, results)

    def _answer(self, turn: Turn) -> ModelResponse:
        if isinstance(turn, str):
            return ModelResponse(role="assistant", content=turn)
        calls = [
            {
                "id": f"{self.id}-{call.tool}-{number}",
                "type": "function",
                "function": {"name": call.tool, "arguments": json.dumps(call.arguments)},
            }
            for number, call in enumerate(turn)
        ]
        return ModelResponse(role="assistant", tool_calls=calls)

    def invoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        turn = self._turn(kwargs["messages"])
        answer = self._answer(turn)
        answer.response_usage = _usage(kwargs["messages"], turn)
        return answer

    async def ainvoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return self.invoke(*args, **kwargs)

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Iterator[ModelResponse]:
        yield from self._pieces(kwargs["messages"])

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ModelResponse]:
        if self._think_s:
            await asyncio.sleep(self._think_s)
        for piece in self._pieces(kwargs["messages"]):
            yield piece
            await asyncio.sleep(self._pace_s)

    def _pieces(self, messages: list[Message]) -> Iterator[ModelResponse]:
        """A text word by word, with the white space behind each; calls in one piece. The last one says what it cost."""
        turn = self._turn(messages)
        if isinstance(turn, str):
            words = re.findall(r"\S+\s*", turn) or [""]
            pieces = [ModelResponse(role="assistant", content=word) for word in words]
        else:
            pieces = [self._answer(turn)]
        pieces[-1].response_usage = _usage(messages, turn)
        yield from pieces

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> ModelResponse:
        answer: ModelResponse = response
        return answer

    def _parse_provider_response_delta(self, response: Any) -> ModelResponse:
        answer: ModelResponse = response
        return answer


def _usage(messages: list[Message], turn: Turn) -> MessageMetrics:
    """Counted, not made up: a word is a token."""
    told = sum(len(str(each.content or "").split()) for each in messages)
    said = turn if isinstance(turn, str) else " ".join(json.dumps(call.arguments) for call in turn)
    return MessageMetrics(input_tokens=told, output_tokens=len(said.split()), total_tokens=told + len(said.split()))
