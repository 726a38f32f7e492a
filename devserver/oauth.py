"""A tiny OAuth provider, to sign in at: the authorization code grant with PKCE (RFC 6749, RFC 7636).

A person sees one page with Allow and Deny. Everything is kept in memory, codes are used once, nothing is guessed:
a verifier that does not match its challenge gets no token. For development, like the server round it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from flowglow.errors import Refused
from flowglow.web import JsonAnswer, bytes_of

from .guard import is_loopback

CODE_S = 60.0
TOKEN_S = 600.0
MOST = 1_000
MAX_FORM = 20_000
"""Bytes of the largest form that is read."""
HEADERS = {
    "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # without a referrer the browser would call the form's origin "null", and the guard would refuse it
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed: good until `until`, for whoever knows the verifier of `challenge`."""

    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    until: float


class Provider:
    """Owns codes and tokens. `now` gives seconds since the epoch."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def routes(self) -> list[Route]:
        """The provider's pages and calls."""
        return [
            Route("/authorize", self.authorize, methods=["GET"]),
            Route("/decide", self.decide, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/profile", self.profile, methods=["GET"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """The page with the question."""
        asked = _checked(dict(request.query_params))
        fields = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items()
        )
        return _page(
            f"Sign in to {escape(request.url.netloc)}",
            f"<p><strong>{escape(asked['client_id'])}</strong> asks for: {escape(asked['scope'] or 'nothing')}</p>"
            f'<form method="post" action="decide">{fields}'
            '<p><button name="decision" value="allow">Allow</button> '
            '<button name="decision" value="deny">Deny</button></p></form>',
        )

    async def decide(self, request: Request) -> Response:
        """Allow or Deny was pressed: back to where the person came from."""
        given = await _form(request)
        asked = _checked(given)
        if given.get("decision") != "allow":
            return _back(asked, error="access_denied")
        code = secrets.token_urlsafe(24)
        self._keep(self._codes, code, asked, CODE_S)
        return _back(asked, code=code)

    async def token(self, request: Request) -> Response:
        """A code and its verifier for a token; a code is good once."""
        given = await _form(request)
        grant = self._codes.pop(given.get("code", ""), None)
        matches = grant is not None and secrets.compare_digest(
            challenge_of(given.get("code_verifier", "")), grant.challenge
        )
        if grant is None or not matches or grant.until < self._now() or given.get("redirect_uri") != grant.redirect_uri:
            raise Refused(400, "invalid_grant", "This code gives no token: it is unknown, used, too old, or another's.")
        token = secrets.token_urlsafe(24)
        self._keep(
            self._tokens,
            token,
            {"client_id": grant.client_id, "redirect_uri": "", "code_challenge": "", "scope": grant.scope},
            TOKEN_S,
        )
        return JsonAnswer({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S, "scope": grant.scope})

    async def profile(self, request: Request) -> Response:
        """Who signed in, for the bearer of a token."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self._tokens.get(token)
        if grant is None or grant.until < self._now():
            raise Refused(401, "invalid_token", "This token is unknown, or no longer good.")
        return JsonAnswer({"name": "A developer", "scope": grant.scope, "client_id": grant.client_id})

    def _keep(self, where: dict[str, Grant], key: str, asked: dict[str, str], seconds: float) -> None:
        while len(where) >= MOST:
            del where[next(iter(where))]
        challenge, redirect = asked["code_challenge"], asked["redirect_uri"]
        where[key] = Grant(asked["client_id"], redirect, challenge, asked["scope"], self._now() + seconds)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _checked(given: dict[str, str]) -> dict[str, str]:
    """What an authorization request must say. Raises Refused."""
    asked = {name: given.get(name, "") for name in ("client_id", "redirect_uri", "state", "code_challenge", "scope")}
    url = urlsplit(asked["redirect_uri"])
    if url.scheme != "http" or not is_loopback(url.netloc):
        raise Refused(400, "bad_redirect", "`redirect_uri` must lead back to this machine, by http.")
    missing = [name for name in ("client_id", "state", "code_challenge") if not asked[name]]
    if missing or given.get("code_challenge_method", "S256") != "S256":
        raise Refused(400, "bad_request", f"An authorization request needs {', '.join(missing) or 'the method S256'}.")
    return asked


async def _form(request: Request) -> dict[str, str]:
    body = await bytes_of(request, MAX_FORM)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _back(asked: dict[str, str], **fields: str) -> Response:
    query = urlencode({**fields, "state": asked["state"]})
    return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303, headers=HEADERS)


def _page(title: str, body: str) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>',
        headers=HEADERS,
    )


def closing_page(words: str) -> Response:
    """Where the window ends up: it can be closed."""
    return _page("flowglow", f"<p>{escape(words)} You can close this window.</p>")
