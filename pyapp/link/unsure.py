"""Unsure: a backend whose protocol nobody named. It is a portal, until what it says first shows that it is not.

It gives itself away over the socket by its first frame, or over HTTP where it knows no `/flows`. Then the portal is let
go of, and the backend of its protocol takes its place behind the same two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from ..contract.decode import Decoded
from ..contract.flow import Flow
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..ports import Http
from ..protocols.protocol import Dialogue, Heard, Reply
from ..protocols.registry import DIALECTS, PORTAL, recognised
from .credentials import Credentials
from .tickets import Tickets

BARE_EACH = 3
"""Of attempts in a row that never opened, each third offers no subprotocol: who does not know ours fails the others."""


class Ends(Protocol):
    """What one backend has: see `backend.Backend`."""

    @property
    def link(self) -> Any: ...
    @property
    def api(self) -> Any: ...
    @property
    def decode(self) -> Callable[[object], Iterator[Decoded]]: ...
    @property
    def forget(self) -> Callable[[str], None]: ...


class BareTickets(Tickets):
    """Tickets for a server that may not know our subprotocol."""

    _doubts = 0

    def forget(self) -> None:
        super().forget()
        self._doubts += 1

    def protocols(self, ticket: str | None) -> list[str]:
        return [] if self._doubts and self._doubts % BARE_EACH == 0 else super().protocols(ticket)


class Unsure:
    """Owns which backend it is now."""

    def __init__(self, now: Ends, make: Callable[[str], Ends], http: Http, base: str, credentials: Credentials) -> None:
        self.now = now
        self.link = UnsureLink(self)
        self.api = UnsureApi(self)
        self.sure = False
        """What it says has shown its protocol."""
        self._make = make
        self._http = http
        self._base = base
        self._credentials = credentials
        self._put: set[tuple[str, str, str | None]] = set()
        """What was asked and answered that is more than a look."""

    @property
    def stranger(self) -> ApiError:
        """What is said of a backend that gave no sign."""
        return ApiError(Sentence("protocol.unknown", address=self._base), status=404)

    def decode(self, frame: object) -> Iterator[Decoded]:
        name = recognised(Heard(frame)) if not self.sure and isinstance(frame, str) else None
        if name is None or name == PORTAL or name not in DIALECTS:
            self.sure = self.sure or name is not None
            return self.now.decode(frame)
        self._become(name)  # it says the same once more, over a link of its own
        self.now.link.start()
        return iter(())

    def forget(self, run_id: str) -> None:
        self.now.forget(run_id)

    async def ask(self) -> None:
        """Look for the sign of each protocol over HTTP. Raises OSError where no answer comes."""
        for name, dialect in DIALECTS.items():
            if not self.sure and await self._shown(dialect.recognise()) and not self.sure:
                self._become(name)
                self.now.link.start()

    async def _shown(self, dialogue: Dialogue[bool]) -> bool:
        """What is more than a look is put to a backend until it has answered, and never again."""
        try:
            request = next(dialogue)
            while (request.method, request.path, request.body) not in self._put:
                token = await self._credentials.for_call()
                url = request.at(self._base)
                answer = await self._http.request(request.method, url, body=request.body, token=token)
                if request.method != "GET" and answer.status < 500:
                    self._put.add((request.method, request.path, request.body))
                request = dialogue.send(Reply(answer.status, answer.text))
        except StopIteration as ended:
            return bool(ended.value)
        return False

    def _become(self, name: str) -> None:
        self.sure = True
        self.now.link.stop()
        self.now = self._make(name)
        self.link.moved()
        self.api.moved()


class UnsureLink:
    """The link of the present backend; whoever listens to it listens to the next one, too."""

    def __init__(self, owner: Unsure) -> None:
        self._owner = owner
        self._listeners: list[tuple[str, Callable[..., None]]] = []

    def on_frame(self, listener: Callable[[object], None]) -> None:
        self._listen("on_frame", listener)

    def on_open(self, listener: Callable[[], None]) -> None:
        self._listen("on_open", listener)

    def on_lost(self, listener: Callable[[str], None]) -> None:
        self._listen("on_lost", listener)

    def on_limits(self, listener: Callable[[tuple[Sentence, ...]], None]) -> None:
        self._listen("on_limits", listener)

    def moved(self) -> None:
        for how, listener in self._listeners:
            getattr(self._owner.now.link, how)(listener)

    def _listen(self, how: str, listener: Callable[..., None]) -> None:
        self._listeners.append((how, listener))
        getattr(self._owner.now.link, how)(listener)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._owner.now.link, name)


class UnsureApi:
    """The API of the present backend; where that has no flows, another protocol is looked for."""

    def __init__(self, owner: Unsure) -> None:
        self._owner = owner
        self._listeners: list[Callable[[float], None]] = []

    def on_date(self, listener: Callable[[float], None]) -> None:
        self._listeners.append(listener)
        self._owner.now.api.on_date(listener)

    async def flows(self) -> list[Flow]:
        try:
            return cast(list[Flow], await self._owner.now.api.flows())
        except ApiError as error:
            if self._owner.sure or error.status not in (404, 405):
                raise
            try:
                await self._owner.ask()
            except OSError:  # not now: it is asked again with the flows
                raise error from None
            if not self._owner.sure:
                raise self._owner.stranger from None
        return cast(list[Flow], await self._owner.now.api.flows())

    def moved(self) -> None:
        for listener in self._listeners:
            self._owner.now.api.on_date(listener)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._owner.now.api, name)
