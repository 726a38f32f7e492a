"""Addresses to sign in at: which of them a click may open. Pure.

https to a host that the portal lists (any, where it lists none); plain http only to loopback, from a page that
is itself on loopback, as in development.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


@dataclass(frozen=True, slots=True)
class SignInRule:
    """`hosts`: names such as `login.example`, or `.example` for every host under it. Empty: any host."""

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
        listed = not self.hosts or any(
            name == each.lower() or (each.startswith(".") and name.endswith(each.lower())) for each in self.hosts
        )
        return None if listed else "auth.not_listed"


def host_of(address: str) -> str:
    """Host and port of an address, as a person is shown it; "" for what is no absolute address."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return ""
    return f"{url.hostname}:{port}" if url.hostname and port else url.hostname or ""
