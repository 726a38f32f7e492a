"""Memory: what this page remembers until the next time: inputs, runs that were started or read here, small choices."""

from __future__ import annotations

import json
from typing import Any, Literal

from ..contract.text import text_of
from ..ports import Storage

INPUTS = 5
"""Inputs that are kept of a flow, the newest first."""
MAX_FLOWS = 50
MAX_CHARS = 20_000
"""An input that is longer is not kept."""
MOST_RUNS = {"started": 300, "read": 50}
"""Runs that are known to have been started here, and to have been looked at."""

Announces = Literal["important", "all", "off"]


class Memory:
    """Owns what is kept, and its bounds, and never drops what another page kept. What cannot be read was never kept."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        announces = storage.read("announce")
        self._announces: Announces = "all" if announces == "all" else "off" if announces == "off" else "important"
        self._inputs: dict[str, list[Any]] = {}
        self._runs: dict[str, list[str]] = {what: [] for what in MOST_RUNS}
        """What happened to runs here, the latest last."""
        self._recall_inputs()
        for what in self._runs:
            self._recall_runs(what)

    def inputs(self, flow_id: str) -> list[Any]:
        """What runs of a flow were given here, the newest first."""
        return list(self._inputs.get(flow_id, ()))

    def gave(self, flow_id: str, given: Any) -> None:
        """A run of the flow was started with this."""
        if given in (None, "", {}) or len(text_of(given)) > MAX_CHARS:
            return
        self._recall_inputs()
        self._inputs[flow_id] = _each_once([given, *self._inputs.pop(flow_id, ())])
        for forgotten in list(self._inputs)[:-MAX_FLOWS]:
            del self._inputs[forgotten]
        self._storage.write("inputs", json.dumps(self._inputs))

    def started(self, run_id: str) -> None:
        """A run was started here."""
        self._note("started", run_id)

    def looked_at(self, run_id: str) -> None:
        """A run was in front."""
        self._note("read", run_id)

    def is_own(self, run_id: str) -> bool:
        """Whether a run was started here, also before this page was loaded."""
        return run_id in self._runs["started"]

    def is_new(self, run_id: str) -> bool:
        """Whether a run was neither started nor looked at here."""
        return not any(run_id in runs for runs in self._runs.values())

    @property
    def notifies(self) -> bool:
        """A person wants to be called when something waits."""
        return self._storage.read("notify") == "1"

    @notifies.setter
    def notifies(self, wanted: bool) -> None:
        self._storage.write("notify", "1" if wanted else "0")

    @property
    def announces(self) -> Announces:
        """How much a screen reader is told."""
        return self._announces

    @announces.setter
    def announces(self, wanted: Announces) -> None:
        self._announces = wanted
        self._storage.write("announce", wanted)

    # Other pages write in the same place: what they wrote since is known before it is written again.
    def _recall_inputs(self) -> None:
        kept = self._read("inputs")
        for flow_id, known in kept.items() if isinstance(kept, dict) else ():
            if isinstance(known, list):
                self._inputs[flow_id] = _each_once([*known, *self._inputs.get(flow_id, ())])

    def _recall_runs(self, what: str) -> None:
        kept = self._read(what)
        known = [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []
        self._runs[what] = list(dict.fromkeys((*self._runs[what], *known)))

    def _note(self, what: str, run_id: str) -> None:
        self._recall_runs(what)
        self._runs[what] = [*(each for each in self._runs[what] if each != run_id), run_id][-MOST_RUNS[what] :]
        self._storage.write(what, json.dumps(self._runs[what]))

    def _read(self, key: str) -> Any:
        try:
            return json.loads(self._storage.read(key) or "null")
        except ValueError:
            return None


def _each_once(known: list[Any]) -> list[Any]:
    """The newest of them, of which some cannot be hashed."""
    return [each for place, each in enumerate(known) if each not in known[:place]][:INPUTS]
