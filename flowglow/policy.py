"""The content security policy of the page, made from its settings: whom it may ask, and who may show it in a frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("http://127.0.0.1:*", "ws://127.0.0.1:*", "http://localhost:*", "ws://localhost:*")
"""Any port of the visitor's own machine, as a page under development needs it."""
SOCKETS = {"http": "ws", "https": "wss"}
LABEL = "[A-Za-z0-9-]+"
ORIGIN = re.compile(rf"(https?|wss?)://(\*|(\*\.)?{LABEL}(\.{LABEL})*)(:([1-9][0-9]{{0,4}}|\*))?")
"""What a policy can name, which is no IPv6 address."""


class NoOriginError(ValueError):
    """Something in the settings is no origin. The text names it."""


def csp(portal: Mapping[str, Any], *, loopback: bool, header: bool = False, inline: str = "") -> str:
    """The policy for these settings; with `loopback`, `ws` and `api` may name any port of this machine.

    `frame-ancestors` works in the header alone. `inline`: the hash of the one inline script, an import map. Raises
    NoOriginError.
    """
    addresses = [str(each) for each in [*portal.get("origins", []), portal.get("ws", ""), portal.get("api", "")]]
    origins = {source for each in addresses for source in sources(each)}
    quoted = f" '{inline}'" if inline else ""
    connect = " ".join(["'self'", *(LOOPBACK if loopback else ()), *sorted(origins)])
    policy = [
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval'{quoted}",
        f"connect-src {connect}",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types dompurify",
    ]
    if header:
        policy.append(frame_ancestors(str(each) for each in portal.get("frames", [])))
    return "; ".join(policy)


def frame_ancestors(frames: Iterable[str]) -> str:
    """The directive that names who may show the page in a frame. Raises NoOriginError."""
    named = (as_source(each.rstrip("/"), within=("http", "https")) for each in frames)
    return " ".join(["frame-ancestors 'self'", *named])


def sources(address: str) -> list[str]:
    """The origin of an address as CSP sources, for HTTP and for sockets; none for a relative address."""
    url = urlsplit(address)
    if not url.netloc:
        return []
    web = {socket: http for http, socket in SOCKETS.items()}.get(url.scheme, url.scheme)
    return [as_source(f"{scheme}://{url.netloc}") for scheme in (web, SOCKETS.get(web, web))]


def as_source(origin: str, within: Iterable[str] = (*SOCKETS, *SOCKETS.values())) -> str:
    """An origin from the settings, as a CSP source; nothing that could end the directive. Raises NoOriginError.

    `within`: the schemes that it may have.
    """
    found = ORIGIN.fullmatch(origin)
    if not found or found[1] not in within:
        raise NoOriginError(f"{origin!r} is not an origin like https://portal.example (its host by its name).")
    return origin
