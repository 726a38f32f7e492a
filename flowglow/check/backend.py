"""The backend that is checked: its HTTP calls and its sockets, each with a bound, and no failure that is no answer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, NegotiationError
from websockets.typing import Origin, Subprotocol

from .calls import Calls
from .findings import Untried
from .hearing import Hearing
from .options import Options
from .reply import Reply
from .room import Room
from .wire import MAX_QUEUED, MAX_READ, Wire

PROTOCOL = "flowglow.1"
FIRST_S = 0.3
"""A socket that is closed sooner was turned away."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A socket that did not open. `status` is that of HTTP, None where the handshake failed otherwise."""

    status: int | None
    why: str
    negotiated: bool = False
    """A subprotocol was selected that was not offered."""
    redirected: bool = False
    """It is at another address, where no browser would look."""


class _Direct(connect):
    """Opens a socket at its address or not at all, as a browser does; a ticket goes nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class Backend:
    """Owns the calls and every socket it opened. Use it as an async context manager."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.has_tickets: bool | None = None
        self._given = options.ticket
        self._hearing = Hearing()
        self._calls = Calls(options, self._hearing)
        self._room = Room(options.room)
        self.wires: list[Wire] = []
        """Every socket that was opened."""

    async def __aenter__(self) -> Backend:
        return self

    async def __aexit__(self, *_: object) -> None:
        for wire in self.wires:
            await wire.close()
        await self._calls.close()

    async def call(
        self, method: str, path: str, body: Any = None, *, text: str | None = None, headers: Mapping[str, str] = {},
        patience: float = 1.0,
    ) -> Reply:  # fmt: skip
        """Ask, as `Calls.call` does. Raises Untried."""
        return await self._calls.call(method, path, body, text=text, headers=headers, patience=patience)

    async def fetch(self, url: str) -> Reply:
        """Any address. Raises Untried."""
        return await self._calls.fetch(url)

    async def ticket(self) -> str | None:
        """A fresh ticket, or the one that was given; None where this backend has none."""
        if self._given is not None:
            given, self._given = self._given, None
            return given
        if self.has_tickets is False:
            return None
        reply = await self.call("POST", "/tickets", {})
        found = reply.value.get("ticket") if reply.ok and isinstance(reply.value, dict) else None
        self.has_tickets = isinstance(found, str) and bool(found)
        return found if self.has_tickets else None

    async def open(self) -> Wire:
        """A socket as the page opens it, with a fresh ticket where there are tickets. Raises Untried."""
        self._hearing.dead(self.options.ws)
        opened = await self.attempt(await self.ticket())
        if isinstance(opened, Refusal):
            self._hearing.unanswered(self.options.ws)
            raise self.refused(opened)
        await opened.until(lambda: bool(opened.items), FIRST_S)
        if opened.closed:
            why = f"{opened.close_code} {opened.close_reason}".strip()
            raise Untried(f"No socket stays open at {self.options.ws}: it was closed with {why}.", "socket.refused")
        return opened

    def refused(self, refusal: Refusal) -> Untried:
        """That no socket opens, and the rule that says that it should."""
        answered = refusal.status is not None or self._hearing.anything
        blame = "socket.refused" if answered and not refusal.negotiated else None
        why = f"No socket opens at {self.options.ws}: {refusal.why}."
        return Untried(why, "socket.redirected" if refusal.redirected else blame)

    async def attempt(self, ticket: str | None, *, origin: str | None = None, offer: bool = True) -> Wire | Refusal:
        """Try to open a socket with this ticket, from a page of this origin."""
        protocols = [PROTOCOL] if offer else []
        if ticket is not None:
            protocols.append("ticket." + base64.urlsafe_b64encode(ticket.encode()).decode().rstrip("="))
        bounds = {"open_timeout": self.options.patience_s, "close_timeout": 1.0, "ping_interval": None}
        try:
            socket = await _Direct(
                self.options.ws,
                subprotocols=[Subprotocol(each) for each in protocols] or None,
                origin=Origin(origin or self.options.own_origin),
                additional_headers=self.options.sent,
                max_size=MAX_READ,
                max_queue=MAX_QUEUED,
                proxy=None,
                **bounds,  # type: ignore[arg-type]
            )
        except InvalidStatus as error:
            return _answered(error.response.status_code, error.response.headers.get("location"))
        except NegotiationError as error:
            return Refusal(None, str(error), negotiated=True)
        except (OSError, TimeoutError, InvalidHandshake, ValueError) as error:
            return Refusal(None, str(error) or type(error).__name__)
        wire = Wire(socket, self._room)
        self.wires.append(wire)
        self._hearing.heard(self.options.ws)
        return wire


def _answered(status: int, location: str | None) -> Refusal:
    """A handshake that was answered otherwise than with a socket."""
    why = f"the handshake was answered {status}"
    if not 300 <= status < 400 or location is None:
        return Refusal(status, why)
    try:
        parts = urlsplit(location)
        host = parts.netloc.rpartition("@")[2]
        where = f"{parts.scheme}://{host}{parts.path}" if host else parts.path  # a query may hold a secret
    except ValueError:
        where = "what is no address"
    return Refusal(status, f"{why} and leads to {where[:120]}; no browser follows that", redirected=True)
