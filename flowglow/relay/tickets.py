"""Tickets: single-use words that open one socket, so that no credential ever stands in a URL."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable

from .log.port import EventLog

EXPIRES_S = 30
PREFIX = "ticket."


async def issue(log: EventLog, user: str) -> str:
    """A fresh ticket for whoever that is, good for EXPIRES_S seconds and one socket of any relay."""
    ticket = secrets.token_urlsafe(24)
    await log.issue(ticket, user, EXPIRES_S)
    return ticket


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
