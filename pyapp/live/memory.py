"""Memory: what this page remembers until the next time: inputs, which runs were started here, small choices."""

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
MAX_STARTED = 300

Announces = Literal["important", "all", "off"]


class Memory:
    """Owns what is kept, and its bounds, and never drops what another page kept. What cannot be read was never kept."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        announces = storage.read("announce")
        self._announces: Announces = "all" if announces == "all" else "off" if announces == "off" else "important"
        self._inputs: dict[str, list[Any]] = {}
        self._started: list[str] = []
        self._recall_inputs()
        self._recall_started()

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
        self._recall_started()
        self._started = [*self._started, run_id][-MAX_STARTED:]
        self._storage.write("started", json.dumps(self._started))

    def is_own(self, run_id: str) -> bool:
        """Whether a run was started here, also before this page was loaded."""
        return run_id in self._started

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

    def _recall_started(self) -> None:
        kept = self._read("started")
        known = [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []
        self._started = list(dict.fromkeys((*self._started, *known)))

    def _read(self, key: str) -> Any:
        try:
            return json.loads(self._storage.read(key) or "null")
        except ValueError:
            return None


def _each_once(known: list[Any]) -> list[Any]:
    """The newest of them, of which some cannot be hashed."""
    return [each for place, each in enumerate(known) if each not in known[:place]][:INPUTS]
