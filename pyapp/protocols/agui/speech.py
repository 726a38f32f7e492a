"""Speech: what is said and thought, one bubble for each message of AG-UI, in pieces, whole, or as an activity."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..protocol import Json, Taken
from . import patch
from .scopes import Scope

MAX_MESSAGES = 10_000
"""Messages that are remembered: of one beyond, a snapshot would tell the text once more."""
MAX_CHARS = 1_000_000
"""Of a message, for comparison with snapshots."""
TEXT, REASONING = "RunContent", "ReasoningContent"


@dataclass(slots=True)
class Said:
    """One message: who says it, where, and what was said so far. `source` is its bubble's, whatever it is called by."""

    event: str
    message_id: str
    source: str
    node_id: str
    speaker: str
    name: str | None
    before: Said | None = None
    """What the same speaker said directly before."""
    pieces: list[str] = field(default_factory=list)
    chars: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def keep(self, text: str) -> None:
        if self.chars < MAX_CHARS:
            self.pieces.append(text)
            self.chars += len(text)

    def piece(self, content: Any, **fields: Any) -> Json:
        """What is told of it."""
        bubble = {"event": self.event, "content": content, "source_run_id": self.source, "node_id": self.node_id}
        return {**bubble, "agent_id": self.speaker, "name": self.name, **fields}


class Speech:
    """Owns the messages of one run, by what they are and their id."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Said] = {}
        self._activities: dict[str, Any] = {}
        self._lent = set[str]()
        """Ids that bubbles bear whose messages are called by others by now."""
        self._serial = 0
        self._unbroken: dict[str, Said] = {}
        """What each speaker said last, and nothing else came since."""
        self.latest: dict[str, Said] = {}
        """The message that each speaker began last."""
        self.echoes = False
        """Agno says once more, all at once, what it has just said before a person is waited for."""

    def start(self, event: str, message_id: str, node_id: str, scope: Scope, role: str, name: str | None) -> Said:
        """The same message again goes on. `name`: of whoever says it, where that is not the agent's own."""
        key = (event, message_id)
        known = self._said.get(key)
        if known is not None:
            return known
        own = role == "assistant"
        speaker, known_as = (scope.node_id, scope.name) if own else (role, role)
        source = self.new_id() if message_id in self._lent else message_id
        said = Said(event, message_id, source, node_id, speaker, name or known_as)
        if len(self._said) < MAX_MESSAGES:
            self._said[key] = said
        if own and event == TEXT:
            said.before = self._unbroken.get(speaker)
            self.latest[speaker] = self._unbroken[speaker] = said
        return said

    def find(self, event: str, message_id: str) -> Said | None:
        return self._said.get((event, message_id))

    def broken(self, speaker: str) -> None:
        """Something else came: what is said next is said anew."""
        self._unbroken.pop(speaker, None)

    def is_echo(self, said: Said, delta: str) -> bool:
        return self.echoes and not said.chars and said.before is not None and delta == said.before.text

    def say(self, said: Said, delta: str) -> list[Json]:
        said.keep(delta)
        return [said.piece(delta)] if delta else []

    def end(self, said: Said) -> Taken:
        """Nothing more will be said of it; None where nothing was."""
        return [said.piece("", last=True)] if said.chars else None

    def whole(self, said: Said, text: str) -> list[Json]:
        """All that a message says, where it is not what was said; of one that says nothing the bubble is taken away."""
        if said.text == text:
            return []
        said.pieces, said.chars = [text], len(text)
        if not text and self.latest.get(said.speaker) is said:
            del self.latest[said.speaker]
        return [said.piece(text, mode="snapshot", last=True)]

    def retain(self, listed: Mapping[str, str]) -> list[Json]:
        """These are all messages that there are, by id, with what those of this run say.

        A text that is not among them goes by the id of a new one that says the same, else it is taken back. Thoughts
        and activities stay.
        """
        new: dict[str, deque[str]] = {}
        for each, says in listed.items():
            if says and (TEXT, each) not in self._said:
                new.setdefault(says, deque()).append(each)
        ours = list[Json]()
        for key, said in list(self._said.items()):
            if said.event == TEXT and said.message_id not in listed and said.message_id not in self._activities:
                del self._said[key]
                if names := new.get(said.text):
                    said.message_id = names.popleft()
                    self._lent.add(said.source)
                    self._said[TEXT, said.message_id] = said
                else:
                    ours += self.whole(said, "")
        return ours

    def order(self, message_ids: Iterable[str]) -> None:
        """The messages of agents stand in this order: which of them each speaker said last."""
        for said in filter(None, map(self._said.get, ((TEXT, each) for each in message_ids))):
            if said.chars:
                self.latest[said.speaker] = said

    def new_id(self) -> str:
        """A name for what the server did not name."""
        self._serial += 1
        return f"message-{self._serial}"

    # -- activities -----------------------------------------------------------------------------------
    def activity(self, said: Said, content: Any, *, replace: bool) -> Taken:
        """The whole of an activity; it is shown as code."""
        if said.message_id in self._activities and not replace:
            return None
        if len(self._activities) < MAX_MESSAGES:
            self._activities[said.message_id] = content
        return [said.piece(content, mode="snapshot", last=True)]

    def activity_changed(self, said: Said, changes: Any) -> Taken:
        """Raises PatchError where the changes do not fit what is known of it."""
        if said.message_id not in self._activities:
            raise patch.PatchError(f"There is no activity {said.message_id!r} to be changed.")
        return self.activity(said, patch.apply(self._activities[said.message_id], changes), replace=True)
