"""What a root run has asked of people, and whether it waits."""

from __future__ import annotations

from collections.abc import Iterable

from ...locale.catalogue import Sentence
from ..protocol import Json, Taken


class Asked:
    """Owns the ids that are open. A root run pauses and is continued as a whole: each pause goes on once."""

    def __init__(self) -> None:
        self._open: dict[str, None] = {}
        self._known = False
        """A pause, or the way out of one, was seen: what goes on now is no news."""
        self.waits = False
        self.stuck: Sentence | None = None
        """What it waits for, where that cannot be answered."""

    def ask(self, ids: Iterable[str]) -> list[Json]:
        """The run waits for these; what it asked before and does not ask again was answered."""
        wanted = dict.fromkeys(ids)
        answered = [each for each in self._open if each not in wanted]
        self._open, self.waits, self._known, self.stuck = wanted, True, True, None
        return [{"event": "resume_start", "resolved": answered}] if answered else []

    def work(self) -> Taken:
        """Something works: behind a pause this is how the run goes on."""
        return self._go_on() if self.waits else None

    def go_on(self) -> Taken:
        """The run says that it goes on. Of a pause that was not seen nobody here knows what it asked."""
        return self._go_on() if self.waits or not self._known else None

    def _go_on(self) -> list[Json]:
        known, resolved = self._known, list(self._open)
        self._open, self.waits, self._known, self.stuck = {}, False, True, None
        return [{"event": "resume_start", "resolved": resolved} if known else {"event": "resume_start"}]
