"""Calls: the tools that are called, their arguments while they stream, and which of them wait for an answer."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from ..protocol import Json, Taken

MAX_CALLS = 10_000
MAX_CHARS = 1_000_000
"""Of one call's arguments; what comes beyond is not shown."""
SMOOTH_CHARS = 256
"""Up to here each piece of the arguments is shown as it comes; beyond, whenever there is an eighth more: in all that is
read once more, as often as it takes, stays in proportion to what came."""


@dataclass(slots=True)
class Call:
    """One call. `answered`: its result came; `passed`: its agent went on without; `withdrawn`: it is not shown."""

    call_id: str
    name: str | None
    node_id: str
    speaker: str
    pieces: list[str] = field(default_factory=list)
    chars: int = 0
    shown: int = -1
    """How many characters of the arguments were shown."""
    complete: bool = False
    chunked: bool = False
    """It came in chunks: what comes next is its end."""
    answered: bool = False
    passed: bool = False
    withdrawn: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def told(self, event: str, **fields: Any) -> Json:
        call = {"event": event, "node_id": self.node_id, "tool_call_id": self.call_id, "tool_name": self.name}
        return {**call, "agent_id": self.speaker, **fields}


class Calls:
    """Owns the calls of one run, by their ids, in the order in which they were made."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._hanging: dict[str, Call] = {}
        """Those without a result, without which nobody went on."""

    def find(self, call_id: str) -> Call | None:
        return self._calls.get(call_id)

    def start(self, call_id: str, name: str | None, node_id: str, speaker: str) -> list[Json]:
        """The same call again is told again as it was, and its arguments anew: so a run does that goes on."""
        call = self._calls.get(call_id)
        if call is None or call.answered or call.withdrawn:
            call = Call(call_id, name, node_id, speaker)
            if len(self._calls) < MAX_CALLS or call_id in self._calls:
                self._calls[call_id] = self._hanging[call_id] = call
        call.name = call.name or name
        call.pieces, call.chars, call.shown, call.complete = [], 0, -1, False
        return [call.told("start_tool")]

    def arguments(self, call: Call, delta: str) -> Taken:
        """More of the arguments; shown as far as they can be read. None for what is none, or beyond the bound."""
        if not delta or call.chars >= MAX_CHARS:
            return None
        call.pieces.append(delta)
        call.chars += len(delta)
        if call.chars > SMOOTH_CHARS and call.chars < call.shown + call.shown // 8:
            return []
        return self._show(call)

    def correct(self, call: Call, text: str) -> list[Json]:
        """All of the arguments, where they are not those that came."""
        if call.answered or not text or text == call.text:
            return []
        call.pieces, call.chars = [text], len(text)
        return self._show(call)

    def complete(self, call: Call) -> Taken:
        """The arguments are all there. None where that was known, or nothing of it is shown."""
        if call.withdrawn or (call.complete and call.shown >= call.chars):
            return None
        call.complete = True
        return self._show(call) if call.shown < call.chars or _object(call.text) is None else []

    def result(self, call: Call, content: Any, error: Any = None) -> Taken:
        """What a call gave; the first result counts."""
        if call.answered:
            return None
        call.answered = call.complete = True
        self._hanging.pop(call.call_id, None)
        failed, again = error is not None, self._show(call) if call.withdrawn else []
        return [*again, call.told("end_tool", status="error" if failed else "success", result=content, error=error)]

    def went_on(self, speaker: str) -> None:
        """An agent says something: it does not wait for those of its calls that are complete."""
        self._pass(
            call for call in self._hanging.values() if (call.complete or call.chunked) and call.speaker == speaker
        )

    def retain(self, listed: Container[str | None]) -> list[Json]:
        """These are all calls that there are: one without a result that is not among them is taken back."""
        gone = [each for each in self.unanswered() if each.call_id not in listed and not each.withdrawn]
        self._pass(gone)
        for call in gone:
            call.passed, call.withdrawn = False, True
        return [call.told("end_tool", withdrawn=True) for call in gone]

    def unanswered(self) -> list[Call]:
        return [call for call in self._calls.values() if not call.answered]

    def waiting(self, named: Iterable[str] = ()) -> list[Call]:
        """Calls without a result: those that the server names, else those that nobody went on without."""
        known = [self._calls[each] for each in named if each in self._calls]
        return known or list(self._hanging.values())

    def close(self) -> list[Json]:
        """The run is over: of the calls that it went on without, nobody will tell the result."""
        return [each for call in self._calls.values() if call.passed for each in self.result(call, None) or ()]

    def _pass(self, calls: Iterable[Call]) -> None:
        for call in list(calls):
            call.passed = True
            self._hanging.pop(call.call_id, None)

    def _show(self, call: Call) -> list[Json]:
        call.shown, call.withdrawn = call.chars, False
        arguments = _object(call.text, whole=call.complete)
        return [call.told("start_tool", tool_args=arguments)] if arguments is not None else []


def _object(text: str, *, whole: bool = False) -> Json | None:
    """The arguments as far as they came; what is whole and no object is shown under the name of `arguments`."""
    if not text.strip():
        return None
    try:
        value = from_json(text, allow_partial="trailing-strings", allow_inf_nan=False)
    except ValueError:
        return {"arguments": text} if whole else None
    if isinstance(value, dict):
        return value
    return {"arguments": value} if whole else None
