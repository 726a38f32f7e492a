"""Addresses that people give, on a command line or in their code."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
_SECRET = re.compile(r"^(\w+:/*)?.*@", re.S)


def is_address(text: str, schemes: tuple[str, ...]) -> bool:
    """Whether it names a host in one of these ways (`http`, `wss`)."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not any(map(str.isspace, text))
    except ValueError:  # a port, or an IPv6 address, that is none
        return False


def is_origin(text: str) -> bool:
    """Whether a browser calls the origin of a page so: no path, small letters, no port that goes without saying."""
    if not is_address(text, tuple(DEFAULT_PORTS)) or not text.isascii() or "@" in text:
        return False
    parts = urlsplit(text)
    return text == f"{parts.scheme}://{parts.netloc}".lower() and parts.port != DEFAULT_PORTS[parts.scheme]


def shown(text: str) -> str:
    """An address as it may be said to people: without the name and the password that may stand before its host."""
    return _SECRET.sub(lambda match: f"{match[1] or ''}…@", text)
