"""Asks you to sign in elsewhere (OAuth) before it goes on with your profile.
It needs no input; as long as you take.

Authorization code grant with PKCE: the page shows a card, a person signs in in a window of its own, the code is
exchanged over HTTP, and only then does the flow go on.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow
from ..engine.flow import Edge, Flow, Node, Position
from ..oauth import challenge_of

WITHIN_S = 300.0
CLIENT = "flowglow dev server"
SCOPE = "profile"
CALL_S = 10.0


def flow(root: Path, within_s: float = WITHIN_S) -> Flow:
    """Sign in, then fetch with the token what only the signed-in may see."""

    async def connect(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        return await _connect(context, within_s)

    nodes = [
        Node("connect", "devserver.nodes.person.SignIn", "Sign in", position=Position(24, 60)),
        Node("profile", "devserver.nodes.web.Get", "Fetch the profile", position=Position(284, 60)),
    ]
    works = {"connect": connect, "profile": _profile}
    return GraphFlow("sign_in", "Sign in to continue", nodes, [Edge("connect", "profile")], works)


async def _connect(context: NodeContext, within_s: float) -> Output:
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    redirect = f"{context.origin}/oauth/callback"
    query = {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": redirect, "state": state, "scope": SCOPE,
        "code_challenge": challenge_of(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    card = {
        "interaction": "oauth",
        "interaction_id": f"{context.run_id}-sign-in",
        "auth_url": f"{context.origin}/oauth/authorize?{urlencode(query)}",
        "provider": "the dev server",
        "scopes": [SCOPE],
    }
    context.tell("interaction_event", **card, expires_at=time.time() + within_s)
    try:
        came = await context.came_back(state, within_s)
    except TimeoutError:
        context.tell("interaction_event", **card, status="expired")
        raise TimeoutError(f"Nobody signed in within {within_s:g} s.") from None
    if "code" not in came:
        context.tell("interaction_event", **card, status="failed")
        raise PermissionError(f"Signing in was refused: {came.get('error', 'no reason was given')}.")
    form = {
        "grant_type": "authorization_code",
        "code": came["code"],
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    token = await asyncio.to_thread(_call, f"{context.origin}/oauth/token", urlencode(form).encode(), None)
    context.tell("interaction_event", **card, status="completed")
    return Output(token["access_token"], {"signed in": True, "scope": token.get("scope")})


def _profile(context: NodeContext, inputs: Mapping[str, Any]) -> Any:
    def get_profile() -> Any:
        return _call(f"{context.origin}/oauth/profile", None, inputs["connect"])

    return context.tool("get_profile", get_profile)


def _call(url: str, body: bytes | None, token: str | None) -> dict[str, Any]:
    """One HTTP call. Raises RuntimeError with what the server said."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=CALL_S) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
    except urllib.error.HTTPError as error:
        raise RuntimeError(
            f"The provider answered {error.code}: {error.read()[:300].decode('utf-8', 'replace')}"
        ) from None
