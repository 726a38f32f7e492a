"""Tickets: a single-use ticket before each socket, from a backend that has tickets (docs/contract.md §2)."""

from __future__ import annotations

import base64

from ..errors import ApiError
from ..locale.catalogue import Sentence
from .api import Api
from .credentials import Credentials

PROTOCOL = "flowglow.1"
REFUSED = frozenset({401, 403})


class Tokens:
    """The token for each attempt: another one than that of an attempt that was refused, where there is one."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._offered: str | None = None
        """That of the last attempt."""
        self._doubted = False

    async def next(self) -> str | None:
        token = await self._credentials.for_call()
        if self._doubted and token is not None and token == self._offered:
            await self._credentials.renew(token)
        self._doubted, self._offered = False, self._credentials.token
        return self._offered

    def doubt(self) -> None:
        """The last attempt failed, maybe for its token."""
        self._doubted = True


class Tickets:
    """Owns what is known of the backend's tickets: that it has some, that it has none, or nothing yet.

    Where it has none, a token that this page was given serves as the ticket; the tickets may also come from outside.
    """

    def __init__(self, api: Api, credentials: Credentials) -> None:
        self._api = api
        self.credentials = credentials
        self._gives = False
        """It has given one: from then on a socket is refused without."""
        self._has_none = False
        """It said so, and there was no reason to doubt it."""
        self._bare = False
        self._tokens = Tokens(credentials)

    @property
    def none(self) -> bool:
        """True when there is nothing to ask: no backend over HTTP, or one that said it has no tickets."""
        return self._backend_has_none and not (self.credentials.gives_tickets or self.credentials.bears)

    @property
    def _backend_has_none(self) -> bool:
        return self._has_none or not self._api.available

    @property
    def lacking(self) -> bool:
        """The backend gave no ticket for the last socket, though it may have some."""
        return self._bare and not self._backend_has_none

    async def next(self) -> str | None:
        """A fresh ticket; None where the socket is to be opened without one.

        Raises ApiError when a ticket is needed and none came, or when the backend refused to give one (REFUSED).
        """
        self._bare = False
        if self.credentials.gives_tickets:
            given = await self.credentials.ticket()
            if given is None:
                raise ApiError(Sentence("host.no_ticket"), status=401)
            return given
        ticket = None if self._backend_has_none else await self._ask()
        self._bare = ticket is None
        return await self._tokens.next() if self._bare and self.credentials.bears else ticket

    async def _ask(self) -> str | None:
        try:
            ticket = await self._api.ticket()
        except ApiError as error:
            if self._gives or error.status in REFUSED:
                raise
            return None  # HTTP is in trouble; the socket may well work without a ticket
        self._gives = self._gives or ticket is not None
        self._has_none = not self._gives  # of a backend that has given one, it is the mistake of a moment
        return ticket

    def protocols(self, ticket: str | None) -> list[str]:
        """The subprotocols to offer: ours, and the ticket in the one place where a browser lets it be said."""
        said = [] if ticket is None else ["ticket." + base64.urlsafe_b64encode(ticket.encode()).decode().rstrip("=")]
        return [PROTOCOL, *said]

    def forget(self) -> None:
        """Ask again: a socket without a ticket was refused, so "there are none" may have been a mistake."""
        self.doubt()
        self._tokens.doubt()

    def doubt(self) -> None:
        """Ask again: a socket was opened, and did not last."""
        self._has_none = False


class TokenFirst:
    """For a server that knows neither tickets nor our subprotocol: a browser fails a link whose offer is not taken.

    A token that it wants goes another way (a header, a first frame), and is there before anything is opened.
    """

    lacking = False

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._tokens = Tokens(credentials)

    @property
    def none(self) -> bool:
        return not self.credentials.bears

    async def next(self) -> str | None:
        await self._tokens.next()
        return None

    def protocols(self, ticket: str | None) -> list[str]:
        return []

    def forget(self) -> None:
        self._tokens.doubt()

    def doubt(self) -> None:
        """What was open had been let in: its token was good."""
