"""The chat view store: the messages of each run, in the order they appeared.

A message grows by chunks and is never copied: the store tells that it changed, and a view draws the
chunks it has not drawn yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .store import Batch, MapStore

ChatKind = Literal["text", "reasoning", "html", "tool"]
ChatKey = tuple[str, str]
"""(run id, message id)."""

MAX_MESSAGES = 4_000
"""Kept of one run; the oldest leave first."""
MAX_CHARS = 1_000_000
"""Kept of one message; what is said beyond is left out, and that is said."""


@dataclass(slots=True)
class ChatMessage:
    """One bubble. `source` is the source_run_id, else agent or team id, else the run id."""

    message_id: str
    run_id: str
    source: str
    kind: ChatKind
    name: str | None = None
    node_id: str | None = None
    at: float | None = None
    """When it began, seconds since the epoch."""
    started: float = 0.0
    """The same by the monotonic clock."""
    busy: bool = True
    """Still streaming, or still at work."""
    sealed: bool = False
    """Its source went on with something else: what comes later is another message."""
    chunks: list[str] = field(default_factory=list)
    chars: int = 0
    cut: bool = False
    """More was said than is kept."""
    replaced: int = 0
    """How often the whole text was replaced: what was drawn before is void."""
    status: str = "executing"
    args: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    error: Any = None
    duration_s: float | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.chunks)

    def say(self, text: str) -> bool:
        """Add to the text; False when it is full."""
        if self.chars >= MAX_CHARS:
            return False
        kept = text[: MAX_CHARS - self.chars]
        self.chunks.append(kept)
        self.chars += len(kept)
        return len(kept) == len(text)

    def replace(self, text: str) -> None:
        """The whole text is another one."""
        self.chunks, self.replaced = [], self.replaced + 1
        self.chars, self.cut = 0, False
        self.say(text)


class ChatStore(MapStore[ChatKey, ChatMessage]):
    """The messages, findable by run; `changed` tells that one grew."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._runs: dict[str, dict[str, ChatMessage]] = {}

    def add(self, message: ChatMessage) -> None:
        """A new bubble at the end of its run's chat."""
        of_run = self._runs.setdefault(message.run_id, {})
        if len(of_run) >= MAX_MESSAGES:
            self.delete((message.run_id, next(iter(of_run))))
        of_run[message.message_id] = message
        self.set((message.run_id, message.message_id), message)

    def changed(self, message: ChatMessage) -> None:
        """The message is another than before; told at the end of the batch."""
        self._touch((message.run_id, message.message_id))

    def delete(self, key: ChatKey) -> None:
        self._runs.get(key[0], {}).pop(key[1], None)
        super().delete(key)

    def of_run(self, run_id: str | None) -> dict[str, ChatMessage]:
        """The messages of one run by id, in order; not to be changed."""
        return self._runs.get(run_id, {}) if run_id is not None else {}

    def delete_run(self, run_id: str) -> None:
        """Forget the chat of a run."""
        for message_id in list(self.of_run(run_id)):
            self.delete((run_id, message_id))
        self._runs.pop(run_id, None)
