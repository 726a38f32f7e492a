"""The interactions store: what runs wait for, as cards. A card is there for as long as something waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..run.waiting_old import SignIn, Wanted
from .store import Batch, MapStore

CardKey = tuple[str, str]
"""(run id, id of the card in its run): `requirement/<id>` or `sign-in/<id>`."""

CardState = Literal["open", "sending", "sent"]


def requirement_key(run_id: str, requirement_id: str) -> CardKey:
    return run_id, f"requirement/{requirement_id}"


def sign_in_key(run_id: str, interaction_id: str) -> CardKey:
    return run_id, f"sign-in/{interaction_id}"


@dataclass(frozen=True, slots=True)
class Card:
    """One thing a person is asked for. `wanted` or `sign_in` says what; the other is None."""

    run_id: str
    wanted: Wanted | None = None
    sign_in: SignIn | None = None
    state: CardState = "open"
    """Where the answer is: with the person, on its way, or with the server."""
    error: str | None = None
    """Why the last answer did not arrive, in words."""

    @property
    def node_id(self) -> str | None:
        return self.wanted.node_id if self.wanted is not None else self.sign_in.event.node_id if self.sign_in else None

    @property
    def expires_at(self) -> float | str | None:
        if self.wanted is not None:
            return self.wanted.requirement.expires_at
        pending = self.sign_in is not None and self.sign_in.status == "pending"
        return self.sign_in.event.expires_at if self.sign_in is not None and pending else None


class InteractionsStore(MapStore[CardKey, Card]):
    """The cards of all runs, in the order they were asked for; and the sign-ins a person put away."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self.dismissed: dict[CardKey, SignIn] = {}

    def of_run(self, run_id: str) -> list[CardKey]:
        """The keys of a run's cards."""
        return [key for key, _ in self.items() if key[0] == run_id]

    def dismiss(self, key: CardKey) -> None:
        """Put a sign-in away; it comes back only when there is news of it."""
        card = self.get(key)
        if card is not None and card.sign_in is not None:
            self.dismissed[key] = card.sign_in
            self.delete(key)

    def delete_run(self, run_id: str) -> None:
        """Forget the cards of a run."""
        for key in self.of_run(run_id):
            self.delete(key)
        for key in [key for key in self.dismissed if key[0] == run_id]:
            del self.dismissed[key]
