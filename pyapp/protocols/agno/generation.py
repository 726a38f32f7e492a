"""Which Agno speaks, and what it cannot do: told by what its events bear."""

from __future__ import annotations

from ...locale.catalogue import Sentence
from ...run.bounded import BoundedDict
from .fields import Event, count, is_nested, run_of

ONLY_3 = frozenset({"StepProgress", "CompactionStarted", "CompactionCompleted"})
"""Names that no Agno before 3 has; a StepOutput of a workflow that is not nested is new there, too."""


MAX_STUCK = 3
"""Runs of which it is said what they wait for in vain: those that stopped last."""


class Limits:
    """Owns which runs wait for what nobody can tell an AgentOS."""

    def __init__(self) -> None:
        self._stuck: BoundedDict[str, Sentence] = BoundedDict(MAX_STUCK)

    def now(self, key: str, limits: tuple[Sentence, ...], stuck: Sentence | None) -> tuple[Sentence, ...]:
        """All that cannot be done, behind a message of a run: what whoever said it cannot do, and these runs."""
        self._stuck.pop(key, None)
        if stuck is not None:
            self._stuck[key] = stuck
        return (*limits, *dict.fromkeys(self._stuck.values()))


class Generation:
    """Owns what was learned. Between 2.9 and 3 the events of most runs do not differ."""

    def __init__(self) -> None:
        self._heard = self._nests = self._third = self._numbered = False

    def hear(self, event: Event) -> None:
        """An event that names no run is the server's own, of a run that it could not begin: it never has an index."""
        if run_of(event) is None:
            return
        self._heard = True
        self._nests = self._nests or "nested_depth" in event
        name = event.get("event")
        self._third = self._third or name in ONLY_3 or (name == "StepOutput" and not is_nested(event))
        self._numbered = self._numbered or count(event.get("event_index")) is not None

    @property
    def version(self) -> str:
        """2.2, 2.9 or 3 (as far as can be told); "" before the first event."""
        if self._third:
            return "3"
        return "2.9" if self._nests else "2.2" if self._heard else ""

    @property
    def limits(self) -> tuple[Sentence, ...]:
        """What is not to be had."""
        if not self._heard:
            return ()
        numbered = () if self._numbered else (Sentence("agno.no_index"),)
        return (*numbered, Sentence("agno.old")) if self.version == "2.2" else numbered
