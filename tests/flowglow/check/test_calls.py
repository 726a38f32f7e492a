"""Calls of the check: bounds of an answer, and redirects, against a server whose every byte the test chooses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from flowglow.check.calls import Calls
from flowglow.check.conduct import conduct
from flowglow.check.findings import Untried
from flowglow.check.hearing import Hearing
from flowglow.check.options import Options
from flowglow.check.report import status

from .raw import Answering, Asked, answer, answering, endless, leading_to

PATIENCE_S = 10.0


@contextlib.asynccontextmanager
async def asking(server: Answering, token: str | None = "secret", patience_s: float = 5.0) -> AsyncIterator[Calls]:
    where = server.where
    options = Options(f"ws://{where}/ws", f"http://{where}/api", token=token, patience_s=patience_s)
    calls = Calls(options, Hearing())
    yield calls
    await calls.close()


async def blame(calls: Calls, method: str = "GET", path: str = "/flows") -> tuple[str | None, str]:
    """The rule that a call breaks, and the words."""
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(Untried) as raised:
            await calls.call(method, path)
    return raised.value.code, str(raised.value)


async def test_an_answer_that_does_not_end_is_left_and_told() -> None:
    async with answering(lambda asked: endless()) as server, asking(server, patience_s=0.3) as calls:
        assert await blame(calls) == ("http.unanswered", "The answer to GET /flows did not end within 0.3 s.")


async def test_headers_that_do_not_end_are_left_and_told() -> None:
    async def headers() -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nx-long: "
        while True:
            yield b"x"
            for _ in range(100):  # slowly, as of a long line no more is read
                await asyncio.sleep(0)

    def answers(asked: Asked) -> AsyncIterator[bytes] | bytes:
        return answer(b"[]") if "/flows" in asked.line else headers()

    # a second, so that on a busy machine no pause between two bytes is what is found
    async with answering(answers) as server, asking(server, patience_s=1) as calls:
        assert (await calls.call("GET", "/flows")).ok
        words = "GET /runs was not answered within 1 s, though the connection was accepted."
        assert await blame(calls, path="/runs") == ("http.unanswered", words)


async def test_where_no_answer_can_be_read_to_its_end_no_more_is_asked() -> None:
    """Of every check there are findings, or why it was not tried; and it does not take as long as all of them."""
    async with answering(lambda asked: endless()) as server:
        where = server.where
        options = Options(f"ws://{where}/ws", f"http://{where}/api", patience_s=0.3, flows=("f",))
        outcomes = await conduct(options, ("flows", "errors", "start", "runs", "logs"))
        calls = len(server.asked)
    assert [each.code for outcome in outcomes for each in outcome.findings] == ["http.unanswered"]
    assert status(outcomes) == 1 and calls == 2
    assert "could be read to its end" in outcomes[-1].untried[0]


@pytest.mark.parametrize(("status_line", "method"), [("307 Temporary Redirect", "POST"), ("303 See Other", "GET")])
async def test_a_redirect_within_the_origin_is_followed_as_a_page_does(status_line: str, method: str) -> None:
    def answers(asked: Asked) -> bytes:
        return answer(b'["there"]') if asked.line.endswith("/there") else leading_to("/there", status_line)

    async with answering(answers) as server, asking(server) as calls:
        assert (await calls.call("POST", "/tickets", {})).value == ["there"]
        assert server.lines == ["POST /api/tickets", f"{method} /there"]
        assert server.asked[1].headers["authorization"] == "Bearer secret"
        assert server.asked[1].body == (b"{}" if method == "POST" else b"")


async def test_no_redirect_is_followed_to_another_origin() -> None:
    """A token goes nowhere else, nor does anything else of a call; a circle comes to an end."""
    async with answering(lambda asked: answer(b"[]")) as stranger:
        place = f"http://{stranger.where}/flows"
        async with answering(lambda asked: leading_to(f"{place}?state=word")) as server, asking(server) as calls:
            assert await blame(calls) == ("http.redirected", f"GET /flows leads to another origin, {place}.")
            with pytest.raises(Untried, match="another origin"):
                await calls.fetch(f"http://{server.where}/page")
        assert stranger.asked == []
    async with answering(lambda asked: leading_to("/api/flows")) as server, asking(server) as calls:
        assert await blame(calls) == ("http.redirected", "GET /flows leads on and on, 20 times.")


async def test_a_preflight_follows_no_redirect() -> None:
    async with answering(lambda asked: leading_to("/there")) as server, asking(server) as calls:
        assert (await calls.call("OPTIONS", "/tickets")).status == 307


async def test_the_page_is_told_our_token_at_the_origin_of_the_api_alone() -> None:
    async with answering(lambda asked: answer(b"page")) as stranger, answering(lambda asked: answer(b"page")) as server:
        async with asking(server) as calls:
            for each in (stranger, server):
                assert (await calls.fetch(f"http://{each.where}/page")).text == "page"
        assert "authorization" not in stranger.asked[0].headers
        assert server.asked[0].headers["authorization"] == "Bearer secret"


async def test_the_page_may_be_what_cannot_be_read() -> None:
    async with answering(lambda asked: answer(b"x", "content-encoding: br")) as server, asking(server) as calls:
        with pytest.raises(Untried, match="packed as 'br'"):
            await calls.fetch(f"http://{server.where}/page")
        with pytest.raises(Untried, match="not answered"):
            await calls.fetch("http://[::1/page")
