"""Tickets: single-use words that open one socket, so that no credential ever stands in a URL."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections.abc import Callable, Iterable

EXPIRES_S = 30
MAX_OPEN = 1_000
PREFIX = "ticket."


class Tickets:
    """Issues tickets and takes each back once. `now` gives monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._expiry: dict[str, float] = {}

    def issue(self) -> str:
        """A fresh ticket, good for EXPIRES_S seconds and one socket."""
        now = self._now()
        for ticket in [ticket for ticket, until in self._expiry.items() if until <= now]:
            del self._expiry[ticket]
        while len(self._expiry) >= MAX_OPEN:
            del self._expiry[next(iter(self._expiry))]
        ticket = secrets.token_urlsafe(24)
        self._expiry[ticket] = now + EXPIRES_S
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Use a ticket up; False when it is unknown, used or too old."""
        until = self._expiry.pop(ticket, None)
        return until is not None and self._now() < until


def ticket_in(subprotocols: Iterable[str]) -> str | None:
    """The ticket among offered subprotocols (`ticket.<base64url of it>`), "" for one that cannot be read."""
    for each in subprotocols:
        if each.startswith(PREFIX):
            coded = each.removeprefix(PREFIX)
            try:
                return base64.b64decode(coded + "=" * (-len(coded) % 4), b"-_", validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return None
