"""Errors: a fitting status, and words in one shape (docs/contract.md §2)."""

from __future__ import annotations

from typing import Any

from ..findings import Outcome
from ..reply import part
from ..session import Session

NO_RUN, NO_FLOW = "/runs/flowglow-check-no-such-run", "/flows/flowglow-check-no-such-flow"


async def errors(session: Session, outcome: Outcome) -> None:
    """What does not exist is 404, what cannot be read is 4xx, and each says why."""
    calls: tuple[tuple[str, str, Any], ...] = (
        ("GET", NO_FLOW, None),
        ("POST", f"{NO_FLOW}/runs", {}),
        ("GET", NO_RUN, None),
        ("GET", f"{NO_RUN}/events?after=-1", None),
        ("POST", f"{NO_RUN}/stop", {}),
        ("POST", f"{NO_RUN}/continue", {"requirements": [{"id": "x", "confirmed": True}]}),
    )
    for method, path, body in calls:
        reply = await session.backend.call(method, path, body)
        if reply.status != 404:
            outcome.find("errors.status", f"{method} {path}: {reply.status}")
        elif not _shaped(reply.value):
            outcome.find("errors.shape", f"{method} {path}: {reply.text[:120]!r}")
    flow_id = (await session.flows())[0]
    broken = await session.backend.call("POST", f"/flows/{part(flow_id)}/runs", text="{")
    if broken.ok and isinstance(broken.value, dict) and broken.value.get("run_id"):
        await session.backend.call("POST", f"/runs/{part(str(broken.value['run_id']))}/stop", {})
    if not 400 <= broken.status < 500:
        outcome.find("errors.bad_json", str(broken.status))


def _shaped(value: Any) -> bool:
    error = value.get("error") if isinstance(value, dict) else None
    return isinstance(error, dict) and all(
        isinstance(error.get(name), str) and error[name] for name in ("code", "message")
    )
