"""The backend that is checked: its HTTP calls and its sockets, each with a bound, and no failure that is no answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, NegotiationError
from websockets.typing import Origin, Subprotocol

from .findings import Untried
from .wire import MAX_READ, Wire

PROTOCOL = "flowglow.1"
ENOUGH, SURE = 2, 1_000_000
FIRST_S = 0.3
"""A socket that is closed sooner was turned away."""
TAKEN = (httpx.ReadTimeout, httpx.WriteTimeout)
"""What a call fails with where the connection was taken, and nothing was said."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is checked, and how long for."""

    ws: str
    api: str
    flows: tuple[str, ...] = ()
    """Flows to run, by id; none: the first one listed."""
    input: Any = None
    run: str | None = None
    """A run that is there already, with a long history."""
    token: str | None = None
    ticket: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: str | None = None
    """The page's; None: that of the API."""
    page: str | None = None
    patience_s: float = 20.0
    """The longest wait for anything that should come."""
    grace_s: float = 2.0
    """How long something that must not come is waited for."""

    @property
    def own_origin(self) -> str:
        url = urlsplit(self.api)
        return self.origin or f"{url.scheme}://{url.netloc}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP. `value` is its JSON, None where it is none."""

    status: int
    text: str
    value: Any
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def absent(self) -> bool:
        """This backend has no such call."""
        return self.status in (404, 405, 501)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A socket that did not open. `status` is that of HTTP, None where the handshake failed otherwise."""

    status: int | None
    why: str
    negotiated: bool = False
    """A subprotocol was selected that was not offered."""


class Backend:
    """Owns the HTTP client and every socket it opened. Use it as an async context manager."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.has_tickets: bool | None = None
        self._given = options.ticket
        self._unanswered: dict[str, int] = {}
        """By address, and by call: how often no answer came, while none ever did."""
        self.wires: list[Wire] = []
        """Every socket that was opened."""
        headers = dict(options.headers)
        if options.token:
            headers["authorization"] = f"Bearer {options.token}"
        self._headers = headers
        self._http = httpx.AsyncClient(headers=headers, timeout=options.patience_s, follow_redirects=False)

    async def __aenter__(self) -> Backend:
        return self

    async def __aexit__(self, *_: object) -> None:
        for wire in self.wires:
            await wire.close()
        await self._http.aclose()

    @property
    def reached(self) -> bool:
        """Somebody is there: a call was answered, or a socket opened."""
        return any(count < 0 for count in self._unanswered.values())

    async def call(
        self, method: str, path: str, body: Any = None, *, text: str | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Ask. A body is sent as the page sends it. Raises Untried where no answer comes at all."""
        url = f"{self.options.api.rstrip('/')}{path}"
        content = text if text is not None else None if body is None else json.dumps(body)
        self._known_dead(self.options.api)
        self._known_mute(f"{method} {path}")
        sent = {**({"content-type": "application/json"} if content is not None else {}), **headers}
        try:
            answer = await self._http.request(method, url, content=content, headers=sent)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"{method} {path} was not answered: {str(error) or type(error).__name__}."
            if isinstance(error, TAKEN):
                self._count(f"{method} {path}")
                how = f"within {self.options.patience_s:g} s, though the connection was accepted"
                why = f"{method} {path} was not answered {how}."
            if not self.reached and not (isinstance(error, TAKEN) and await self._answers_others()):
                self._count(self.options.api)
            raise Untried(why, "http.unanswered" if self.reached else None) from error
        self._unanswered[self.options.api] = self._unanswered[f"{method} {path}"] = -SURE
        try:
            value = answer.json()
        except ValueError:
            value = None
        return Reply(answer.status_code, answer.text, value, answer.headers)

    async def fetch(self, url: str) -> Reply:
        """Any address. Raises Untried."""
        try:
            answer = await self._http.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Untried(f"{url} was not answered: {error}.") from error
        return Reply(answer.status_code, answer.text, None, answer.headers)

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
        self._known_dead(self.options.ws)
        opened = await self.attempt(await self.ticket())
        if isinstance(opened, Refusal):
            self._count(self.options.ws)
            answered = opened.status is not None or self.reached
            blame = "socket.refused" if answered and not opened.negotiated else None
            raise Untried(f"No socket opens at {self.options.ws}: {opened.why}.", blame)
        await opened.until(lambda: bool(opened.items), FIRST_S)
        if opened.closed:
            why = f"{opened.close_code} {opened.close_reason}".strip()
            raise Untried(f"No socket stays open at {self.options.ws}: it was closed with {why}.", "socket.refused")
        return opened

    async def attempt(self, ticket: str | None, *, origin: str | None = None, offer: bool = True) -> Wire | Refusal:
        """Try to open a socket with this ticket, from a page of this origin."""
        protocols = [PROTOCOL] if offer else []
        if ticket is not None:
            protocols.append("ticket." + base64.urlsafe_b64encode(ticket.encode()).decode().rstrip("="))
        bounds = {"open_timeout": self.options.patience_s, "close_timeout": 1.0, "ping_interval": None}
        try:
            socket = await connect(
                self.options.ws,
                subprotocols=[Subprotocol(each) for each in protocols] or None,
                origin=Origin(origin or self.options.own_origin),
                additional_headers=self._headers,
                max_size=MAX_READ,
                proxy=None,
                **bounds,  # type: ignore[arg-type]
            )
        except InvalidStatus as error:
            return Refusal(error.response.status_code, f"the handshake was answered {error.response.status_code}")
        except NegotiationError as error:
            return Refusal(None, str(error), negotiated=True)
        except (OSError, TimeoutError, InvalidHandshake, ValueError) as error:
            return Refusal(None, str(error) or type(error).__name__)
        wire = Wire(socket)
        self.wires.append(wire)
        self._unanswered[self.options.ws] = -SURE
        return wire

    async def _answers_others(self) -> bool:
        """Whether it is the call that is not answered, and not every call, as of something that is no backend."""
        try:
            await self._http.get(f"{self.options.api.rstrip('/')}/flows")
        except httpx.HTTPError:
            return False
        self._unanswered[self.options.api] = -SURE
        return True

    def _count(self, asked: str) -> None:
        self._unanswered[asked] = self._unanswered.get(asked, 0) + 1

    def _known_dead(self, address: str) -> None:
        """Where nobody ever answered twice, nobody is asked a third time. Raises Untried."""
        if self._unanswered.get(address, 0) >= ENOUGH:
            raise Untried(f"Nobody answers at {address}.")

    def _known_mute(self, call: str) -> None:
        """A call that was taken twice and never answered is not made a third time. Raises Untried."""
        if self._unanswered.get(call, 0) >= ENOUGH:
            raise Untried(f"{call} was not answered twice.", "http.unanswered")


def part(text: str) -> str:
    """A part of a path."""
    return quote(text, safe="")
