"""News: what the page around this one is told of runs, of what is chosen, and of the page's own failures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ...contract.embed import Wrong
from ...contract.location import Visit
from ...errors import Failure
from ...ports import Off
from ...stores.rows import RunRow
from ..shared import Shared

CLIP_CHARS = 500
"""Of the words in which a run failed, as the backend said them."""
OVER = True, False, 0
Say = Callable[[str], None]


class News:
    """Owns what was told of each run. Listens to nothing while nobody speaks with this page."""

    def __init__(self, shared: Shared, say: Say) -> None:
        self._shared = shared
        self._say = say
        self._told: dict[str, tuple[bool, bool, int]] = {}
        """By run, when last told of: whether it was over, whether it waits for a person, how often it has paused."""
        self._awaited: set[str] = set()
        """Runs whose end is news though they are over when they are first seen."""
        self._place: tuple[Any, ...] = ()
        self._offs: list[Off] = []

    def begin(self, awaited: Iterable[str] = ()) -> None:
        """Tell from now on; what is over already is no news unless its end is `awaited`, what goes on is."""
        self.end()
        self._awaited = set(awaited)
        stores = self._shared.stores
        self._told = {run_id: OVER for run_id, row in stores.runs.items() if row.over and run_id not in self._awaited}
        self._place = ()
        self._offs = [
            stores.runs.subscribe(self._runs_changed),
            stores.visit.subscribe(self._moved),
            self._shared.reporter.listen(self._failed),
        ]

    def end(self) -> None:
        for off in self._offs:
            off()
        self._offs = []

    def tell(self, kind: str, **fields: Any) -> None:
        """Say this."""
        self._say(json.dumps({"type": kind, **fields}))

    # -- inside -------------------------------------------------------------------------------------
    def _runs_changed(self, changed: dict[str, None]) -> None:
        for run_id in changed:
            row = self._shared.stores.runs.get(run_id)
            if row is None:
                self._told.pop(run_id, None)
            else:
                self._run(row)

    def _run(self, row: RunRow) -> None:
        before = self._told.get(row.run_id)
        now = OVER if row.over else (False, row.waiting, len(row.waits))
        if before == now or (before is None and not row.known):
            return
        self._told[row.run_id] = now
        known, awaited = {"run": row.run_id, "flow": row.flow_id}, row.run_id in self._awaited
        if before is None and row.over and not (awaited or row.lived):
            return  # it was listed, and is history
        if (before is None and not (awaited and row.over)) or (before is not None and before[0] and not row.over):
            self.tell("run-started", **known)
        if now[1] and not (before is not None and before[1] and before[2] in (0, now[2])):
            self.tell("run-waiting", **known)  # a pause that no event has told of yet (0) is told of once
        if row.over and row.status == "error":
            self.tell("run-failed", **known, error=(row.error or "")[:CLIP_CHARS])
        if row.over:
            self._awaited.discard(row.run_id)
            self.tell("run-ended", **known, status=row.status)

    def _moved(self, visit: Visit) -> None:
        place = visit.location.flow, visit.location.run, visit.location.node, visit.location.view
        if place != self._place:
            self._place = place
            self.tell("selection", **dict(zip(("flow", "run", "node", "view"), place, strict=True)))

    def _failed(self, failure: Failure) -> None:
        """Names and places of our own alone: neither its words nor its trace, which may quote what came."""
        self.tell(
            "error",
            source=failure.source,
            doing=failure.doing,
            error=failure.error,
            run=failure.run_id or self._shared.stores.front.get(),
            frames=list(failure.frames),
        )


def answer(number: int, **fields: Any) -> str:
    """A wish was fulfilled."""
    return json.dumps({"type": "answer", "id": number, "ok": True, **fields})


def refusal(number: int, code: Wrong | str, message: str) -> str:
    """A wish was not fulfilled, and why."""
    return json.dumps({"type": "answer", "id": number, "ok": False, "code": code, "message": message})
