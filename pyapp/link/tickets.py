"""Tickets: a single-use ticket before each socket, from a backend that has tickets (docs/contract.md §2)."""

from __future__ import annotations

from ..errors import ApiError
from .api import Api

REFUSED = frozenset({401, 403})


class Tickets:
    """Owns what is known of the backend's tickets: that it has some, that it has none, or nothing yet."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: bool | None = None

    @property
    def none(self) -> bool:
        """True when there is nothing to ask: no backend over HTTP, or one that said it has no tickets."""
        return self._known is False or not self._api.available

    async def next(self) -> str | None:
        """A fresh ticket; None where the socket is to be opened without one.

        Raises ApiError when a ticket is needed and none came, or when the backend refused to give one (REFUSED).
        """
        if self.none:
            return None
        try:
            ticket = await self._api.ticket()
        except ApiError as error:
            if self._known or error.status in REFUSED:
                raise
            return None  # HTTP is in trouble; the socket may well work without a ticket
        self._known = ticket is not None
        return ticket

    def forget(self) -> None:
        """Ask again: a socket without a ticket was refused, so "there are none" may have been a mistake."""
        if self._known is False:
            self._known = None
