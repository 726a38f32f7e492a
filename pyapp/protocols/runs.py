"""The root runs of a foreign backend: one translator for each, the order of what it said, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .protocol import ASIDE, Json, Translator

MAX_RUNS = 500
"""Runs that are known at the same time. Of more, one that was only listed is forgotten, else one that is over, the one
known longest first."""


@dataclass(slots=True)
class ForeignRun:
    """One root run: which flow it is of, what translates it, and how far it was heard."""

    key: str
    """What its streams are named by: its id, or a name of ours until the server has given one."""
    flow_id: str
    make: Callable[[], Translator]
    """Gives a translator that has heard nothing yet."""
    run_id: str | None = None
    session: str = ""
    """What the server calls the conversation that it is part of: a session, a thread."""
    index: int = -1
    """The server's own number of the last message that was translated; -1 before the first, or where it has none."""
    next_seq: int = 0
    """The number of the next event."""
    over: bool = False
    refused: str = ""
    """Why its start, or the answer that was sent last, was refused, in words."""
    wanted: bool = False
    """Something was sent for it: to begin, to go on, or to be told."""
    answering: bool = False
    """What was answered was sent, and nothing was heard of the run since."""
    waiting: dict[str, Json] = field(default_factory=dict)
    """What it waits for: the requirement, as the contract has it, by id."""
    answers: dict[str, Json] = field(default_factory=dict)
    """What was answered of it, by id, until all of it is."""
    translator: Translator = field(init=False)

    def __post_init__(self) -> None:
        self.translator = self.make()

    def anew(self) -> None:
        """Nothing of it was heard: its history begins again with what comes next."""
        self.translator = self.make()
        self.index, self.next_seq = -1, 0
        self.over = self.wanted = False
        self.waiting, self.answers, self.answering = {}, {}, False

    @property
    def settled(self) -> bool:
        """It is over, or waits for a person: its stream may well end."""
        return self.over or bool(self.waiting)

    @property
    def only_listed(self) -> bool:
        """It has an id, and that is all: nothing was heard of it or sent for it, and it waits for nobody."""
        return self.run_id is not None and not (self.next_seq or self.wanted or self.waiting)

    def take(self, event: Mapping[str, Any], index: int | None = None) -> list[Json]:
        """The contract's events for one of theirs, numbered; none for a message that came before (by `index`)."""
        if index is not None:
            if index <= self.index:
                return []
            self.index = index
        return [self._numbered(item) for item in self.translator.translate(event)]

    def _numbered(self, item: Json) -> Json:
        if ASIDE in item:
            return item
        self.answering = False
        self.run_id = self.run_id or str(item["run_id"])
        numbered = {**item, "run_id": self.run_id, "seq": self.next_seq}
        self.next_seq += 1
        self._note(numbered)
        return numbered

    def _note(self, item: Json) -> None:
        """What the contract's own events say of how it is."""
        name = item["event"]
        if name == "AgentPaused":
            asked = {str(each["id"]): each for each in item["requirements"]}
            self.waiting |= asked
            self._answered(asked)
        elif name == "resume_start":
            resolved = list(self.waiting) if item.get("resolved") is None else item["resolved"]
            self.waiting = {id: each for id, each in self.waiting.items() if id not in resolved}
            self._answered(resolved)
        elif name == "run_end" or (name == "resume_end" and item.get("status") != "paused"):
            self.over = True

    def _answered(self, ids: Container[str]) -> None:
        """What was answered of these is told, or asked once more."""
        self.answers = {id: each for id, each in self.answers.items() if id not in ids}


class ForeignRuns:
    """Owns which runs are known; finds them by key or by id."""

    def __init__(self) -> None:
        self._by_key: dict[str, ForeignRun] = {}

    def add(self, run: ForeignRun) -> ForeignRun:
        """Know it from now on; what was known of this key is forgotten."""
        self._by_key[run.key] = run
        if len(self._by_key) > MAX_RUNS:
            del self._by_key[self._spare().key]
        return run

    def _spare(self) -> ForeignRun:
        """The one that is missed least."""
        listed = next((each for each in self if each.only_listed), None)
        return listed or next((each for each in self if each.over), None) or next(iter(self))

    def find(self, name: str | None) -> ForeignRun | None:
        """The run of this key or id."""
        if not name:
            return None
        found = self._by_key.get(name)
        return found or next((run for run in self if run.run_id == name), None)

    def forget(self, name: str) -> None:
        """What was heard of it is as if it had not been; that there is such a run stays known."""
        run = self.find(name)
        if run is not None:
            run.anew()

    def __iter__(self) -> Iterator[ForeignRun]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)
