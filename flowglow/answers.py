"""What is answered to a request for a file of the page: pure, and the same under whatever server it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from .files import PLAIN, TWINS, File

INDEX = "index.html"
KEPT, ASKED, NEVER = "public, max-age=31536000, immutable", "no-cache", "no-store"
METHODS = ("GET", "HEAD")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
"""On every answer."""
OWN_ONLY = {"cross-origin-resource-policy": "same-origin"}
FOR_ALL = {"cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*"}
SHARED = frozenset({"web/embed.js", "web/embed.d.ts"})
"""What pages of other origins load: no secret, and of use only there."""
ETAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """`body`: the bytes, or the file that has them."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Path = b""


class Answers:
    """Owns the files of one page, and the policy that goes with its document."""

    def __init__(self, files: Mapping[str, File], policy: str) -> None:
        self._files = files
        self._policy = policy

    def to(self, method: str, path: str, query: str, asked: Mapping[str, str]) -> Answer:
        """The answer for a path below the page's own, "" being that path itself without its slash.

        `asked`: the request's headers, by their names in small letters. The caller leaves the body out for HEAD.
        """
        if method not in METHODS:
            words = f"{method} is not a call of this page: its files can be read, with GET or HEAD."
            return said(405, words, {"allow": ", ".join(METHODS)})
        name = path.removeprefix("/") or INDEX
        found = self._files.get(name)
        if found is None:
            return said(404, f"There is nothing at {path!r:.200} of this page.")
        form = _form(found, asked.get("accept-encoding", ""))
        etag = found.etag if form == PLAIN else f"{found.etag}-{form}"
        headers = self._headers(name, found) | {"etag": f'"{etag}"'}
        if etag in _etags(asked.get("if-none-match", ""), etag):
            return Answer(304, headers)
        headers["content-type"] = found.kind
        if form != PLAIN:
            headers["content-encoding"] = form
        return Answer(200, headers, found.bodies[form])

    def _headers(self, name: str, found: File) -> dict[str, str]:
        headers = HEADERS | (FOR_ALL if name in SHARED else OWN_ONLY)
        headers |= {"cache-control": KEPT if found.is_kept else ASKED, "vary": "accept-encoding"}
        if name == INDEX:
            headers |= {"content-security-policy": self._policy, "cross-origin-opener-policy": "same-origin"}
        return headers


def said(status: int, words: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in words, which no cache keeps."""
    kind = {"content-type": "text/plain; charset=utf-8", "cache-control": NEVER}
    return Answer(status, HEADERS | OWN_ONLY | kind | dict(headers or {}), f"{words}\n".encode())


def moved(last: str, query: str) -> Answer:
    """To the same path with a slash behind it: relative, so that it holds behind any proxy."""
    return said(308, "The page is one slash further.", {"location": f"./{quote(last)}/{'?' if query else ''}{query}"})


def _form(found: File, accepted: str) -> str:
    """The best form that the browser takes; as it is if it says nothing."""
    weights: dict[str, float] = {}
    for each in accepted.lower().split(","):
        name, _, parameters = each.partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([0-9.]{1,5})\s*", parameters)
        try:
            weights[name.strip()] = float(weight[1]) if weight else 1.0
        except ValueError:
            continue
    everything = weights.get("*", 0.0)
    return next((name for name in TWINS if name in found.bodies and weights.get(name, everything) > 0), PLAIN)


def _etags(named: str, own: str) -> set[str]:
    return {own} if named.strip() == "*" else set(ETAG.findall(named))
