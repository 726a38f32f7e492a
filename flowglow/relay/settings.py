"""What of a relay can be set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .outbox import MAX_WAITING


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults are for a relay on its own, behind a proxy or not."""

    api: str = "/api"
    ws: str = "/ws"
    server: str = "flowglow relay"
    """What `hello` says of the server."""
    heartbeat_s: float = 10.0
    need_ticket: bool = False
    """Refuse sockets without a ticket; one that is offered must be valid in any case."""
    max_waiting: int = MAX_WAITING
    """Events and control frames that may wait for a slow page before its socket is closed."""
    stuck_s: float = 60.0
    """How long a socket may take nothing of what waits for it before it is closed."""
    by_flow: bool = True
    """Tell a page of the runs of the flow it shows, and of those it names; else of every run."""
    origins: tuple[str, ...] = ()
    """Origins of pages that may act here beside our own (`https://portal.example`); `*` is any."""
    names: Collection[str] | None = None
    """Names by which this relay may be asked, beside `localhost` and its addresses; None: any."""
    review_s: float = 30.0
    """How often the portal is asked whether those who watch still may."""
    spread_s: float = 5.0
    """Over how long sockets are told to come back elsewhere when the relay stops."""


DEFAULT = Settings()
