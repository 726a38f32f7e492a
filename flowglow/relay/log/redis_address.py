"""The address of a Redis: whether it is one that leads where it says. Nobody is asked for it.

No sentence of it repeats an address: there may be a password in it, also where nobody would look for one.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

SCHEMES = ("redis", "rediss", "unix")
FORM = "Use redis://HOST:PORT/0, rediss://HOST:PORT/0 or unix:///PATH"
CODED = "what is no letter or digit in a password is written as %XX"
_DATABASE = re.compile(r"/?|/[0-9]{1,9}/?")


def complaint_of(url: str) -> str:
    """Why this is no address of a Redis, as what is said of it; "" where it is one."""
    why = _flaw(url)
    return f"is no address of a Redis: {why}. {FORM}; {CODED}." if why else ""


def _flaw(url: str) -> str:
    if any(map(str.isspace, url)):
        return "there is a space in it"
    try:
        parts = urlsplit(url)
    except ValueError:
        return "its host is no host"
    if parts.scheme not in SCHEMES or not url.startswith(f"{parts.scheme}:"):
        return f"it does not begin with {', '.join(f'{each}:' for each in SCHEMES)}"
    if parts.fragment or "#" in url:
        return "there is a # in it"
    return (_of_file(parts) if parts.scheme == "unix" else _of_host(parts)) or _of_query(url, parts.query)


def _of_file(parts: SplitResult) -> str:
    if parts.netloc.rpartition("@")[2]:
        return "it names a host beside its file"
    return "" if parts.path.strip("/") else "it names no file"


def _of_host(parts: SplitResult) -> str:
    """A client would take another host, port or database in the place of one that cannot be read, and say nothing."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        return "its port is no number from 1 to 65535"
    if not parts.hostname:
        return "it names no host"
    return "" if _DATABASE.fullmatch(parts.path) else "what follows the host is no number of a database"


def _of_query(url: str, query: str) -> str:
    """Whether what stands behind a ? is what a connection takes: it is known when one is made, before it connects."""
    try:
        if query:
            parse_qsl(query, strict_parsing=True)
        ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, RedisError):
        return "what stands behind its ? is not known"
    return ""
