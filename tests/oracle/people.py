"""What waits for a person: contract §1 (requirements, interactions) and §6 (pauses)."""

from __future__ import annotations

from dataclasses import dataclass, field

from .events import Json


@dataclass
class Cards:
    """Open requirements (id → node, place of the pause) and sign-ins (id → status; None where that is left open)."""

    requirements: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    sign_ins: dict[str, str | None] = field(default_factory=dict)


def cards(events: list[Json], end: int) -> Cards:
    """What waits after the last event; nothing does once the run is over."""
    told = Cards()
    for place, event in enumerate(events[:end]):
        if event["event"] == "AgentPaused":
            told.requirements |= {each["id"]: (event.get("node_id"), place) for each in event["requirements"]}
        elif event["event"] == "interaction_event":
            told.sign_ins[event["interaction_id"]] = event.get("status") or "pending"
        elif event["event"] == "resume_start":
            _resume(told, event.get("resolved"))
    return told if end >= len(events) else Cards()


def _resume(told: Cards, resolved: list[str] | None) -> None:
    if resolved is None:
        told.requirements.clear()
        told.sign_ins = dict.fromkeys(told.sign_ins)
    for each in resolved or []:
        told.requirements.pop(each, None)
