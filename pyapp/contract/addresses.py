"""Addresses: which origins are the same, and which sign-in addresses a click may open. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
WEB_SCHEMES = {"ws": "http", "wss": "https"}
DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]
"""Scheme (http for ws, https for wss), host, port."""


def origin_of(address: str | SplitResult) -> Origin:
    """Where an address leads, default ports filled in, so that equal origins are equal. Raises ValueError."""
    url = urlsplit(address) if isinstance(address, str) else address
    scheme = WEB_SCHEMES.get(url.scheme, url.scheme)
    return scheme, url.hostname or "", url.port or DEFAULT_PORTS.get(scheme)


@dataclass(frozen=True, slots=True)
class SignInRule:
    """Where a sign-in card may lead: https to the hosts named, http(s) to loopback from a page on loopback.

    `hosts`: names such as `login.example`, or `.example` for every host under it.
    """

    hosts: tuple[str, ...] = ()
    on_loopback: bool = False

    def refusal(self, address: str) -> str | None:
        """Why this address is not opened, as a key of the catalogue; None when it may be."""
        host = host_of(address)
        if not host or any(ord(each) <= 32 or each in "\\" for each in address):
            return "auth.no_address"
        url = urlsplit(address)
        if self.on_loopback and (url.hostname or "") in LOOPBACK and url.scheme in ("http", "https"):
            return None
        if url.scheme != "https" or url.username is not None or url.password is not None:
            return "auth.not_https"
        name = (url.hostname or "").lower()
        listed = (name == each.lower() or (each.startswith(".") and name.endswith(each.lower())) for each in self.hosts)
        return None if any(listed) else "auth.not_listed"


def host_of(address: str) -> str:
    """Host and port of an address, as a person is shown it; "" for what is no absolute address."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return ""
    return f"{url.hostname}:{port}" if url.hostname and port else url.hostname or ""
