"""What a log says of a run beside its events: a fold over them, that can be kept in parts and taken up again."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from ...reading import held
from ...wire import to_text
from ..node_result import NodeResult
from ..picture import ENDED, Picture
from ..waiting import Waiting
from .port import Draft, NewRun

_WORK = frozenset({"start_node", "start_tool", "RunContent", "TeamRunContent", "ReasoningContent"})
"""Events that show a run at work, also when nobody told of its start."""


LISTED_BYTES = 16_384
"""A run's input stands in lists up to so many bytes of JSON; by itself a run always tells it."""


class KeptRun:
    """The run as HTTP tells of it. `touched` names the nodes whose results changed since it was kept."""

    def __init__(self, run: NewRun) -> None:
        self.run_id = run.run_id
        self.flow_id = run.flow_id
        self.started_at = run.started_at
        self.input = run.input
        self.input_in_head = False
        """As in logs of before it was kept beside the head."""
        self.began_at: float | None = None
        """The time of its first event; until then it is queued."""
        self.ended_at: float | None = None
        self.picture = Picture()
        self.touched: set[str] = set()

    @property
    def status(self) -> str:
        return self.picture.status

    @functools.cached_property
    def is_long(self) -> bool:
        """Whether the input is too long for lists."""
        return len(self.given().encode()) > LISTED_BYTES

    def apply(self, draft: Draft) -> None:
        """Take the next event in. After the run's end only the late ends of nodes change anything."""
        event, name, picture = draft.event, draft.event.get("event"), self.picture
        if self.flow_id is None and name == "run_start" and isinstance(event.get("flow_id"), str):
            self.flow_id = event["flow_id"]
        if self.began_at is None:
            self.began_at = float(event["ts"])
        if picture.ended and name != "end_node":
            return
        if picture.status == "queued" and name in _WORK:
            picture.status = "executing"
        picture.apply(event)
        if name in ("start_node", "end_node") and str(event["node_id"]) in picture.results:
            self.touched.add(str(event["node_id"]))
        if picture.ended and self.ended_at is None:
            self.ended_at = float(event["ts"])

    # -- as HTTP tells it ---------------------------------------------------------------------------
    def summary(self, last_seq: int) -> dict[str, Any]:
        """The run in a list: without its results, which may be large, and an input that is."""
        answer: dict[str, Any] = {
            "run_id": self.run_id,
            "flow_id": self.flow_id,
            "status": self.picture.status,
            "started_at": self.started_at,
            "requirements": list(self.picture.requirements.values()),
            "interactions": list(self.picture.interactions.values()),
        }
        optional = {
            "input": None if self.is_long else self.input,
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "last_seq": last_seq if last_seq >= 0 else None,
            "error": self.picture.error,
        }
        return answer | {key: value for key, value in optional.items() if value is not None}

    def json(self, last_seq: int) -> dict[str, Any]:
        """The run as `GET /runs/{id}` gives it, and which event asked for what it waits for (`asked`)."""
        results = {node_id: result.json() for node_id, result in self.picture.results.items()}
        more: dict[str, Any] = {"input": self.input} if self.is_long else {}
        if self.picture.cut:
            more["results_cut"] = True
        return self.summary(last_seq) | more | {"results": results, "asked": self.picture.requirements.asked}

    # -- in parts -----------------------------------------------------------------------------------
    def head(self) -> dict[str, Any]:
        """Everything but the input, the results and what waits, as JSON can hold it. Small, whatever the run was given,
        gave, and asks."""
        picture = self.picture
        return {
            "flow_id": self.flow_id,
            "started_at": self.started_at,
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "status": picture.status,
            "error": picture.error,
            "highest": picture.highest,
            "cut": picture.cut,
        } | ({"input": self.input} if self.input_in_head else {})

    def given(self) -> str:
        """What the run was given, as JSON. It never changes."""
        return to_text(self.input)

    def result(self, node_id: str) -> dict[str, Any]:
        """What a node gave, as JSON can hold it."""
        return self.picture.results[node_id].parts()

    @property
    def _waiting(self) -> dict[str, Waiting]:
        return {"requirement": self.picture.requirements, "sign-in": self.picture.interactions}

    def waiting(self) -> dict[str, str]:
        """What of all that waits changed since it was kept, as JSON by its name; "" for what waits no longer."""
        kinds = self._waiting.items()
        return {f"{kind} {name}": waiting.part(name) for kind, waiting in kinds for name in sorted(waiting.changed)}

    def take_up_waiting(self, parts: Mapping[str, str]) -> None:
        """Go on from that, where all of it was kept."""
        for kind, waiting in self._waiting.items():
            named = {name.removeprefix(f"{kind} "): text for name, text in parts.items() if name.startswith(f"{kind} ")}
            waiting.take_up({name: held(text) for name, text in named.items()})

    def is_kept(self) -> None:
        """A log has all of it."""
        self.touched.clear()
        for waiting in self._waiting.values():
            waiting.changed.clear()


def new_run(run_id: str, drafts: Sequence[Draft]) -> NewRun:
    """A run that is known by its first events alone."""
    starts = (draft.event.get("flow_id") for draft in drafts if draft.event.get("event") == "run_start")
    flow_id = next((each for each in starts if isinstance(each, str)), None)
    return NewRun(run_id, flow_id, float(drafts[0].event["ts"]))


def taken_up(
    run_id: str,
    head: Mapping[str, Any],
    given: str | None,
    waiting: Mapping[str, str],
    results: Mapping[str, Mapping[str, Any]] = {},
) -> KeptRun:
    """The run from its parts, ready for its next event; without results, for its place in a list."""
    input = held(given) if given else head.get("input")
    kept = KeptRun(NewRun(run_id, head["flow_id"], head["started_at"], input))
    kept.input_in_head = "input" in head
    kept.began_at = head.get("began_at")  # logs of before it was kept have none
    kept.ended_at = head["ended_at"]
    picture = kept.picture
    picture.status, picture.error = head["status"], head["error"]
    kept.take_up_waiting(waiting)
    for name, said in head.get("requirements", {}).items():  # logs of before each had its own part
        picture.requirements.put(name, said, head["asked"].get(name, ""))
    for name, said in head.get("interactions", {}).items():
        picture.interactions.put(name, said, "")
    nodes = {node_id: NodeResult.of_parts(each) for node_id, each in results.items()}
    for node_id, order in head.get("open", ()):  # logs of before each node had its own
        if node_id in nodes:
            nodes[node_id].open[order] = None
            kept.touched.add(node_id)
    picture.cut = head.get("cut", False)
    picture.take_up(nodes, head.get("highest"))
    return kept


def is_over(status: str) -> bool:
    """Whether a run in this status has ended."""
    return status in ENDED
