"""What an AgentOS answers over HTTP, as the contract has it: what can be run, which runs there are, how one is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from ...contract.http import RunInfo
from ..runs import ForeignRun
from .fields import record
from .pause import requirements_of
from .step_pause import step_requirements

Json = dict[str, Any]
KINDS = ("agents", "teams", "workflows")
STATUSES = {
    "PENDING": "queued",
    "RUNNING": "executing",
    "PAUSED": "paused",
    "COMPLETED": "success",
    "REGENERATED": "success",
    "ERROR": "error",
    "CANCELLED": "killed",
}


def flows_of(config: Any) -> list[Json]:
    """Each agent, team and workflow of `GET /config` is a flow, `<kind>/<id>`; its nodes appear as it runs."""
    return [
        {
            "id": f"{kind}/{each['id']}",
            "name": each.get("name") or each["id"],
            "description": each.get("description"),
            "unfolds": True,
            "nodes": [],
            "edges": [],
        }
        for kind in KINDS
        for each in _items(config, kind)
        if isinstance(each.get("id"), str)
    ]


def session_runs(session: Mapping[str, Any], runs: Any, know: Callable[[str, str, str], ForeignRun]) -> list[RunInfo]:
    """The root runs of one session; parts of a run are no runs of their own. `know` is told of each."""
    kind = f"{session.get('session_type')}s"
    name = session.get(f"{session.get('session_type')}_id")
    if kind not in KINDS or not isinstance(name, str):
        return []
    infos = []
    for each in runs if isinstance(runs, list) else ():
        if isinstance(each, dict) and isinstance(each.get("run_id"), str) and not each.get("parent_run_id"):
            run = know(each["run_id"], f"{kind}/{name}", str(session.get("session_id") or ""))
            infos.append(info_of(run, each))
    return infos


def info_of(run: ForeignRun, answer: Any) -> RunInfo:
    """How a run is. What it waits for is told by its stream, which knows more of it."""
    said: Json = answer if isinstance(answer, dict) else {}
    status = _status_of(said)
    asked = said.get("input")
    given = said.get("run_input") or (asked.get("input_content") if isinstance(asked, dict) else asked)
    failed = status == "error"
    return RunInfo(
        run_id=run.run_id or run.key,
        flow_id=run.flow_id,
        status=status,
        input=given,
        started_at=moment(said.get("created_at")),
        error=said.get("content") if failed else None,
    )


def asked_in(run: ForeignRun, answer: Any) -> list[Json]:
    """What a run waits for, by the server's own word; nothing where it does not say, or does not wait."""
    said: Json = answer if isinstance(answer, dict) else {}
    if _status_of(said) != "paused":
        return []
    of_steps = run.flow_id.startswith("workflows/")
    return [need for need, _ in step_requirements(said)] if of_steps else requirements_of(said)


def known_by(needs: Collection[Json]) -> set[object]:
    """The ids of what is asked, and of the calls that it is about: an AgentOS may tell the former anew."""
    calls = [record(record(need.get("raw")).get("tool_execution")) for need in needs]
    return {*(need["id"] for need in needs), *(call["tool_call_id"] for call in calls if "tool_call_id" in call)}


def _status_of(said: Json) -> str:
    return STATUSES.get(str(said.get("status") or "").upper(), "executing")


def _items(config: Any, kind: str) -> Iterator[Json]:
    found = config.get(kind) if isinstance(config, dict) else None
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict):
            yield each


def moment(value: Any) -> float | None:
    """Agno tells times in seconds, or as ISO 8601 has them."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None
