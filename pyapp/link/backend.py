"""The backend: what the page talks to, whatever protocol that speaks. One line for each way to have one.

A portal is spoken to as it is (`Link`, `Api`). Any other protocol looks like a portal from here on inward: its link
takes the contract's control frames, its API answers the contract's questions, and `decode` gives the contract's items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Unpack, cast
from uuid import uuid4

from ..contract.control import Control
from ..contract.decode import Decoded, decode
from ..contract.flow import Flow
from ..contract.http import LogPage, RunInfo
from ..locale.catalogue import Sentence
from ..ports import Platform
from ..protocols.registry import DIALECTS, PORTAL
from ..settings import Settings
from ..stores.link import LinkState
from ..stores.store import Store
from .api import Api, Asked
from .credentials import Credentials
from .foreign_api import ForeignApi
from .foreign_link import ForeignLink
from .link import Link
from .run_stream import Wires
from .tickets import Tickets
from .unsure import BareTickets, Unsure


class Line(Protocol):
    """What the page needs of a link: see `Link`."""

    def on_frame(self, listener: Callable[[object], None]) -> None: ...
    def on_open(self, listener: Callable[[], None]) -> None: ...
    def on_lost(self, listener: Callable[[str], None]) -> None: ...
    def on_limits(self, listener: Callable[[tuple[Sentence, ...]], None]) -> None: ...
    def start(self, *, wished: bool = False) -> None: ...
    def stop(self) -> None: ...
    def online(self) -> None: ...
    def offline(self) -> None: ...
    def seen(self, visible: bool) -> None: ...
    def woke(self) -> None: ...
    def of(self, run_id: str) -> LinkState: ...
    def send(self, frame: dict[str, Any]) -> bool: ...
    def control(self, frame: Control) -> None: ...


class Questions(Protocol):
    """What the page asks of a backend: see `Api`."""

    @property
    def available(self) -> bool: ...
    def on_date(self, listener: Callable[[float], None]) -> None: ...
    async def flows(self) -> list[Flow]: ...
    async def flow(self, flow_id: str) -> Flow: ...
    async def start(self, flow_id: str, given: Any = None) -> str: ...
    async def stop(self, run_id: str) -> None: ...
    async def answer(self, run_id: str, answer: dict[str, Any]) -> None: ...
    async def run(self, run_id: str) -> RunInfo: ...
    async def given(self, run_id: str) -> Any: ...
    async def runs(self, **asked: Unpack[Asked]) -> list[RunInfo]: ...
    async def events(self, run_id: str, after: int) -> Iterator[Decoded]: ...
    async def logs(self, run_id: str, cursor: str | int | None) -> LogPage: ...


@dataclass(frozen=True, slots=True)
class Backend:
    """The ends of it."""

    link: Line
    api: Questions
    credentials: Credentials
    decode: Callable[[object], Iterator[Decoded]]
    """What came over the link → items of the contract."""
    forget: Callable[[str], None]
    """A run was forgotten by the page: its history begins anew, should it be heard of again."""


def backend_of(settings: Settings, platform: Platform, state: Store[LinkState]) -> Backend:
    """The backend that the settings name."""
    made = Maker(settings, platform, Credentials(platform.clock, settings.auth), state)
    if settings.protocol in DIALECTS:
        return made.foreign(settings.protocol)
    return made.portal() if settings.protocol == PORTAL else made.unsure()


@dataclass(frozen=True, slots=True)
class Maker:
    """What every backend is made of."""

    settings: Settings
    platform: Platform
    credentials: Credentials
    state: Store[LinkState]

    def portal(self, tickets: type[Tickets] = Tickets) -> Backend:
        """One that speaks the contract itself."""
        ports = self.platform
        api = Api(ports.http, self.settings.api, self.credentials)
        offered = tickets(api, self.credentials)
        link = Link(self.settings.ws, ports.sockets, offered, ports.clock, self.state, ports.random)
        return Backend(link, api, self.credentials, decode, lambda run_id: None)

    def foreign(self, name: str) -> Backend:
        """One of another protocol."""
        ports, base = self.platform, self.settings.api
        dialect = DIALECTS[name](lambda: str(uuid4()))
        socket = self.settings.ws or ("ws" + base.rstrip("/").removeprefix("http") + dialect.socket if base else "")
        wires = Wires(base, socket, ports.http, ports.sockets, ports.clock, ports.random, self.credentials)
        link = ForeignLink(dialect, wires, self.state)
        return Backend(link, ForeignApi(dialect, link, wires), self.credentials, link.decode, link.forget)

    def unsure(self) -> Backend:
        """One whose protocol nobody named."""
        http, base = self.platform.http, self.settings.api
        found = Unsure(self.portal(BareTickets), self.foreign, http, base, self.credentials)
        link, api = cast(Line, found.link), cast(Questions, found.api)
        return Backend(link, api, self.credentials, found.decode, found.forget)
