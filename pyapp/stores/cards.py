"""Cards: what waits for a person, as the stores hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..contract.events import RequirementKind
from ..run.record import SignIn, Wanted
from .rows import RunKey

CardState = Literal["open", "sending", "sent"]
CardKind = RequirementKind | Literal["oauth"]


def requirement_key(run_id: str, requirement_id: str) -> RunKey:
    return run_id, f"requirement/{requirement_id}"


def sign_in_key(run_id: str, interaction_id: str) -> RunKey:
    return run_id, f"sign-in/{interaction_id}"


@dataclass(frozen=True, slots=True)
class Card:
    """One thing a person is asked for. `wanted` or `sign_in` says what; the other is None."""

    run_id: str
    wanted: Wanted | None = None
    sign_in: SignIn | None = None
    state: CardState = "open"
    """Where the answer is: with the person, on its way, or with the server."""
    away: bool = False
    """A person said: not now. It stays, folded to one line."""
    error: str | None = None
    """Why the last answer did not arrive, in words."""

    @property
    def asks(self) -> bool:
        """A person can still do something about it."""
        if self.sign_in is not None:
            return self.sign_in.asks
        return self.state != "sent"

    def asks_the_same(self, wanted: Wanted | None) -> bool:
        """Whether an answer to this card is one to that: asked again, or for something else, it counts no more."""
        mine = self.wanted
        if mine is None or wanted is None:
            return False
        return mine.asked == wanted.asked and vars(mine.requirement) == vars(wanted.requirement)  # but for extra fields

    @property
    def key(self) -> RunKey:
        if self.wanted is not None:
            return requirement_key(self.run_id, self.wanted.requirement.id)
        return sign_in_key(self.run_id, self.sign_in.event.interaction_id if self.sign_in is not None else "")

    @property
    def kind(self) -> CardKind:
        return self.wanted.requirement.kind if self.wanted is not None else "oauth"

    @property
    def prompt(self) -> str:
        """What it asks, in its own words; "" where it has none."""
        return (self.wanted.requirement.prompt or "") if self.wanted is not None else ""

    @property
    def serial(self) -> int:
        """Its place among those of its kind in its run."""
        return self.wanted.serial if self.wanted is not None else self.sign_in.serial if self.sign_in else 0

    @property
    def node_id(self) -> str | None:
        return self.wanted.node_id if self.wanted is not None else self.sign_in.event.node_id if self.sign_in else None

    @property
    def expires_at(self) -> float | str | None:
        if self.wanted is not None:
            return self.wanted.requirement.expires_at
        pending = self.sign_in is not None and self.sign_in.status == "pending"
        return self.sign_in.event.expires_at if self.sign_in is not None and pending else None
