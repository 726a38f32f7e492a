"""What is checked, and within which bounds. Words alone: nothing here asks anybody anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pyapp.ports import MAX_ANSWER_BYTES

from .room import ROOM_BYTES

NAMES = (
    "hello", "subprotocol", "tolerance", "origins", "policy", "flows", "errors", "heartbeat", "tickets", "start",
    "events", "life", "everybody", "resume", "midway", "history", "run", "stop", "runs", "logs", "continue", "frames",
)  # fmt: skip
"""What each check is called, in their order; `checks` has them."""


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
    most: int = MAX_ANSWER_BYTES
    """Bytes of an answer over HTTP that are read, unpacked."""
    room: int = ROOM_BYTES
    """About how many bytes of memory are kept of what comes over all sockets together."""

    @property
    def own_origin(self) -> str:
        url = urlsplit(self.api)
        return self.origin or f"{url.scheme}://{url.netloc}"

    @property
    def sent(self) -> Mapping[str, str]:
        """The headers of each call and each handshake. They are the backend's: nobody else is sent them."""
        bearer = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return {**self.headers, **bearer}
