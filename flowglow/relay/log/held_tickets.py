"""Tickets in the memory of this process: those of a log in memory, and those that another cannot write down."""

from __future__ import annotations

import time

from .port import Full

MAX_TICKETS = 10_000
"""Of which nobody was swept away yet: whoever asks for more can wait."""


class HeldTickets:
    """Owns them. Each is good once, here alone, and gone with the process."""

    def __init__(self) -> None:
        self._tickets: dict[str, tuple[str, float]] = {}

    def __contains__(self, ticket: str) -> bool:
        return ticket in self._tickets

    def issue(self, ticket: str, user: str, good_s: float) -> None:
        """Keep it for so many seconds. Raises Full."""
        if len(self._tickets) >= MAX_TICKETS and ticket not in self._tickets:
            raise Full(f"{MAX_TICKETS} tickets wait to be used. Ask again in a minute.")
        self._tickets[ticket] = (user, time.monotonic() + good_s)

    def redeem(self, ticket: str) -> str | None:
        """Use it up: its user; None for one that is not here, or too old."""
        user, until = self._tickets.pop(ticket, ("", 0.0))
        return user if time.monotonic() < until else None

    def sweep(self) -> None:
        """Let go of those that are too old."""
        now = time.monotonic()
        self._tickets = {ticket: each for ticket, each in self._tickets.items() if each[1] > now}
