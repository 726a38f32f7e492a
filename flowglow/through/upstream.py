"""What is passed on and where to: pure. Nothing leads anywhere but to the two addresses of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from ..settings import PLACE

API, WS = f"{PLACE}/api", f"{PLACE}/ws"
SOCKETS = {"http": "ws", "https": "wss"}
ASKED = frozenset({"accept", "accept-language", "authorization", "content-type", "last-event-id"})
"""Headers of the page that the backend gets: no cookie, which is of the page's site, and nothing of the connection."""
ANSWERED = frozenset({"content-type", "content-encoding", "retry-after"})
"""Headers of the backend that the page gets: nothing is set, or asked of a person, in the name of the page's site."""
GUARDS = {
    "cache-control": "no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""On every answer: what the backend says is data, and never a page of this origin."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The backend's own addresses, `""` for one that it has not."""

    api: str
    ws: str

    def call(self, path: str, raw: bytes, query: str) -> str | None:
        """Where a call goes, `path` being what was asked below the page; None for nowhere.

        `raw` is the whole path as it was sent: what was quoted in it stays so. The end point itself is asked as it
        was given.
        """
        return _joined(self.api, _behind(API, path, raw), query) if self.api else None

    def socket(self, path: str, raw: bytes, query: str) -> str | None:
        """Where a socket goes; as `call`."""
        if path == WS:
            return _joined(self.ws, "", query) if self.ws else None
        url = self.call(path, raw, query)
        scheme, found, rest = (url or "").partition(":")
        return f"{SOCKETS[scheme]}:{rest}" if found else None


def is_own(headers: dict[str, str]) -> bool:
    """Whether a page of this origin asks, or no page at all: another site may neither start a run nor read one."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _behind(place: str, path: str, raw: bytes) -> str | None:
    """What stands behind the place, still quoted; None for what is not below it, or leads out of it again."""
    text = raw.decode("latin-1")
    starts = (at for at in range(len(text)) if text.startswith(place, at) and unquote(text[at:]) == path)
    at = next(starts, None)
    rest = text[at + len(place) :] if at is not None else quote(path[len(place) :])
    is_inside = path == place or path.startswith(f"{place}/")
    leads_out = {".", ".."} & set(unquote(rest).replace("\\", "/").split("/"))
    return rest if is_inside and not leads_out and rest.isascii() else None


def _joined(base: str, rest: str | None, query: str) -> str | None:
    if rest is None:
        return None
    url = urlsplit(base)
    path = url.path.rstrip("/") + rest if rest else url.path
    return url._replace(path=path, query="&".join(filter(None, (url.query, query))), fragment="").geturl()
