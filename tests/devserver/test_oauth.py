"""The tiny OAuth provider, asked as browsers and clients ask it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from devserver.app import create_app
from devserver.oauth import MAX_FORM, challenge_of

ASKED = {
    "client_id": "<b>me</b>",
    "redirect_uri": "http://127.0.0.1:9/back",
    "state": "s",
    "scope": "profile",
    "code_challenge": challenge_of("v" * 43),
}


@pytest.fixture
def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(Path("/nowhere"), flows={}))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/oauth")


async def decided(client: httpx.AsyncClient, decision: str) -> dict[str, str]:
    """What the browser brings back to `redirect_uri`."""
    answer = await client.post("/decide", data={**ASKED, "decision": decision})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(ASKED["redirect_uri"])
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def test_a_code_gives_one_token_to_whoever_knows_the_verifier(client: httpx.AsyncClient) -> None:
    """The second time it is of no use, nor with another verifier."""
    form = {"code": (await decided(client, "allow"))["code"], "redirect_uri": ASKED["redirect_uri"]}
    token = (await client.post("/token", data={**form, "code_verifier": "v" * 43})).json()["access_token"]
    assert (await client.post("/token", data={**form, "code_verifier": "v" * 43})).status_code == 400
    form["code"] = (await decided(client, "allow"))["code"]
    assert (await client.post("/token", data={**form, "code_verifier": "w" * 43})).status_code == 400
    profile = await client.get("/profile", headers={"authorization": f"Bearer {token}"})
    assert profile.json()["scope"] == "profile"
    assert (await client.get("/profile")).status_code == 401


async def test_no_is_brought_back_too(client: httpx.AsyncClient) -> None:
    """With the state, and without a code."""
    assert await decided(client, "deny") == {"error": "access_denied", "state": "s"}


async def test_what_a_client_says_of_itself_is_text(client: httpx.AsyncClient) -> None:
    """And the page can be put into no frame."""
    answer = await client.get(f"/authorize?{urlencode(ASKED)}")
    assert "&lt;b&gt;me&lt;/b&gt;" in answer.text and "<b>me</b>" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("redirect_uri", "https://evil.example/", "bad_redirect"),
        ("redirect_uri", "http://127.0.0.1@evil.example/", "bad_redirect"),
        ("state", "", "bad_request"),
        ("code_challenge", "", "bad_request"),
        ("code_challenge_method", "plain", "bad_request"),
    ],
)
async def test_a_request_without_sense_is_refused(client: httpx.AsyncClient, field: str, value: str, code: str) -> None:
    """Nothing is sent anywhere but to this machine."""
    answer = await client.get(f"/authorize?{urlencode({**ASKED, field: value})}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("path", ["/decide", "/token"])
async def test_a_form_of_any_size_is_not_read(client: httpx.AsyncClient, path: str) -> None:
    """It ends at the bound."""
    answer = await client.post(path, content=b"x" * (MAX_FORM + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
