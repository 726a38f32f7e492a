"""What people do: start, stop, answer (docs/contract.md §2)."""

from __future__ import annotations

from collections import Counter

from ..driving import start
from ..findings import Outcome
from ..numbering import ends
from ..reply import part
from ..session import Session

KINDS = ("confirmation", "user_input", "user_feedback", "external_execution", "route_selection", "output_review")


async def starting(session: Session, outcome: Outcome) -> None:
    """A start is answered 201."""
    for watched in await session.driven():
        if watched.started.status != 201:
            outcome.find("start.status", str(watched.started.status))


async def stopping(session: Session, outcome: Outcome) -> None:
    """A run that is stopped ends as killed, once; stopping it again does no harm."""
    flow_id = (await session.flows())[0]
    wire = await session.backend.open()
    _, run_id = await start(session.backend, flow_id)
    await wire.send({"type": "subscribe", "run_id": run_id})
    path = f"/runs/{part(run_id)}/stop"
    reply = await session.backend.call("POST", path, {})
    if not reply.ok:
        outcome.find("stop.refused", reply.brief)
        return
    if reply.status != 202:
        outcome.find("stop.status", str(reply.status))
    over = lambda: any(ends(each.raw) for each in wire.events(run_id))  # noqa: E731
    if not await wire.until(over, session.options.patience_s / 2):
        await wire.send({"type": "resume", "runs": {run_id: -1}})
        if not await wire.until(over, session.options.grace_s):
            outcome.find("stop.no_end", f"none came in {session.options.patience_s / 2:g} s")
            return
    end = next(each.raw for each in wire.events(run_id) if ends(each.raw))
    if end.get("status") != "killed":
        if end.get("status") in (None, "success"):
            outcome.could_not(f"The run of {flow_id!r} was over before it was stopped.")
        else:
            outcome.find("stop.end_status", str(end.get("status")))
    again = await session.backend.call("POST", path, {})
    if not again.ok:
        outcome.find("stop.twice", str(again.status))


async def answering(session: Session, outcome: Outcome) -> None:
    """Each requirement is listed while it waits, answered once however often its answer is sent, and then resolved."""
    for watched in await session.driven():
        resolved = Counter(
            each
            for event in watched.whole
            if event.get("event") == "resume_start"
            for each in _names(event.get("resolved"))
        )
        resumed = any(event.get("event") == "resume_start" for event in watched.whole)
        for answered in watched.answers:
            name = answered.requirement["id"]
            what = f"{answered.kind} {name!r}"
            if not answered.listed:
                outcome.find("continue.not_listed", f"{what} is not")
            if answered.status != "paused":
                outcome.find("continue.not_paused", repr(answered.status))
            if not answered.first.ok:
                outcome.find("continue.refused", answered.first.brief)
                continue
            if answered.first.status != 202:
                outcome.find("continue.status", str(answered.first.status))
            if not answered.second.ok:
                outcome.find("continue.twice_refused", answered.second.brief)
            if resolved[name] > 1:
                outcome.find("continue.twice_counted", f"{what} was resolved {resolved[name]} times")
            if watched.over and not resumed:
                outcome.find("continue.no_resume", f"none came behind the answer to {what}")
    answers = [(watched, each) for watched in await session.driven() for each in watched.answers]
    if not answers:
        outcome.could_not("No run asked for anything: name flows that do with --flow.")
        return
    kinds = {each.kind for _, each in answers}
    if missing := [kind for kind in KINDS if kind not in kinds]:
        outcome.could_not(f"Kinds of requirements that no run asked for: {', '.join(missing)}.")
    watched = answers[0][0]
    body = {"requirements": [{"id": "flowglow-check-no-such-requirement", "confirmed": True}]}
    reply = await session.backend.call("POST", f"/runs/{part(watched.run_id)}/continue", body)
    if reply.ok:
        outcome.find("continue.unknown", str(reply.status))


def _names(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
