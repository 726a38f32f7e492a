"""Hearing: which of what was asked was answered, so that nobody is asked for ever who never says anything."""

from __future__ import annotations

from .findings import Untried

ENOUGH, SURE = 2, 1_000_000


class Hearing:
    """Owns counts by address and by call. It asks nothing itself."""

    def __init__(self) -> None:
        self._unanswered: dict[str, int] = {}
        """How often no answer came, while none ever did."""
        self._spoilt: dict[str, int] = {}
        """By address: how often an answer could not be read to its end, while none ever was."""

    @property
    def anything(self) -> bool:
        """Somebody is there: a call was answered, or a socket opened."""
        return any(count < 0 for count in self._unanswered.values())

    def heard(self, address: str, call: str | None = None) -> None:
        """An answer came, to its end."""
        self._spoilt[address] = -SURE
        for each in (address, call):
            if each is not None:
                self._unanswered[each] = -SURE

    def spoilt(self, address: str, call: str) -> None:
        """An answer began that was not read to its end: somebody is there, and that call need not be made often."""
        self._unanswered[address] = -SURE
        self._spoilt[address] = self._spoilt.get(address, 0) + 1
        self.unanswered(call)

    def unanswered(self, asked: str) -> None:
        self._unanswered[asked] = self._unanswered.get(asked, 0) + 1

    def dead(self, address: str) -> None:
        """Where nobody ever answered twice, nobody is asked a third time. Raises Untried."""
        if self._unanswered.get(address, 0) >= ENOUGH:
            raise Untried(f"Nobody answers at {address}.")
        if self._spoilt.get(address, 0) >= ENOUGH:
            raise Untried(f"No answer of {address} could be read to its end.")

    def mute(self, call: str) -> None:
        """A call that was taken twice and never answered is not made a third time. Raises Untried."""
        if self._unanswered.get(call, 0) >= ENOUGH:
            raise Untried(f"{call} was not answered twice.", "http.unanswered")
