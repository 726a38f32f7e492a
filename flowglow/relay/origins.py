"""Which pages may act here: our own, those that are listed, and programs, which send no Origin."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from pyapp.contract.addresses import origin_of


def may_act(request: HTTPConnection, origins: Collection[str]) -> bool:
    """Whether a page of the Origin that the request names may act here; `*` in `origins` is any."""
    origin = request.headers.get("origin")
    if origin is None or "*" in origins or origin in origins:
        return True
    try:
        said = urlsplit(origin)
        return said.scheme in ("http", "https") and origin_of(origin)[1:] == _own(request, said.scheme)[1:]
    except ValueError:
        return False


def _own(request: HTTPConnection, scheme: str) -> tuple[str, str, int | None]:
    """The address by which the page called us: a proxy may have taken the https away."""
    return origin_of(f"{scheme}://{request.headers.get('host', '')}")
