"""Rights: keys that are none, and a portal that does not say."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from flowglow.__main__ import main
from flowglow.relay import rights
from flowglow.relay.flows import FileFlows
from flowglow.relay.portal import Portal
from flowglow.relay.rights import Action, Rights, Subject
from tests.flowglow.relay.support import relaying, said, text
from tests.flowglow.serving import PATIENCE_S

BODY = '{"event":"run_start"}'


@pytest.mark.parametrize("words", [["--key", ""], ["--key", " \n"], ["--key", "k", "--key", ""], []])
def test_a_relay_with_an_empty_key_does_not_start(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where a variable in a unit is not set: nothing behind `Bearer` would be the key."""
    if not words:
        monkeypatch.setenv("FLOWGLOW_KEY", "")
    # where it does start, the host that is nobody's ends it
    assert main(["relay", "--log", "memory", "--port", "0", "--host", "203.0.113.1", *words]) == 1
    assert f"{words[0] if words else 'FLOWGLOW_KEY'} is empty" in capsys.readouterr().err
    with pytest.raises(ValueError, match="is empty"):
        Rights(None, ["k", ""])


async def test_white_space_round_a_key_is_no_part_of_it() -> None:
    """As of a key that was read from a file."""
    async with relaying(portal=Portal(keys=("k\n",))) as relay:
        for header, status in (("Bearer k", 200), ("Bearer  k", 200), ("Bearer", 401)):
            async with relay.client(authorization=header) as client:
                answer = await client.post("/ingest/runs/r/events", content=BODY)
                assert answer.status_code == status, header


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/tickets"), ("GET", "/api/runs/r"), ("POST", "/api/runs/r/stop")]
)
async def test_a_portal_that_does_not_say_in_time_allows_nothing(
    method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked for: no call waits for its word for ever."""
    monkeypatch.setattr(rights, "ANSWER_S", 0.02)

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if action != "ingest":
            await asyncio.Event().wait()
        return True

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.client() as client:
        await client.post("/ingest/runs/r/events", content=BODY)
        answer = await client.request(method, path, json={} if method == "POST" else None)
        assert answer.status_code == 503 and "The portal did not say" in answer.text


@pytest.mark.parametrize(
    ("said", "user"), [({"user": None}, ""), ({}, ""), ({"user": 7}, "7"), ({"user": "anna"}, "anna")]
)
async def test_what_a_portal_says_of_a_person_is_in_the_socket_as_text(said: dict[str, object], user: str) -> None:
    """Of nobody in particular it is empty: nobody is called None."""
    seen: list[object] = []

    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if request.scope["type"] == "websocket":
            seen.append(request.state.user)
        for name, value in said.items():
            setattr(request.state, name, value)
        return True

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.page(await relay.ticket()) as page:
        await page.next()
    assert seen[0] == user


async def test_a_plain_function_that_blocks_holds_nobody_else_up() -> None:
    """It is asked beside everything else."""
    asked, go = threading.Event(), threading.Event()

    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        asked.set()
        return go.wait(PATIENCE_S)

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.client() as client:
        question = asyncio.ensure_future(client.get("/api/runs"))
        await asyncio.to_thread(asked.wait, PATIENCE_S)
        assert (await client.get("/healthz")).status_code == 200
        assert not question.done()
        go.set()
        assert (await question).status_code == 200


class Compiled(Coroutine[Any, Any, Any]):
    """What a coroutine function that Cython compiled gives: none of Python's own."""

    def __init__(self, inner: Coroutine[Any, Any, Any]) -> None:
        self._inner = inner

    def send(self, value: Any) -> Any:
        return self._inner.send(value)

    def throw(self, *args: Any) -> Any:
        return self._inner.throw(*args)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._inner.__await__()


@pytest.mark.parametrize("way", ["itself", "async", "coroutine", "compiled", "future", "task"])
@pytest.mark.parametrize(
    ("word", "status"), [(True, 200), (False, 403), (None, 403), (1, 403), ("no", 403), (object(), 403)]
)
async def test_only_true_is_a_yes_however_it_is_said(way: str, word: object, status: int) -> None:
    loop = asyncio.get_running_loop()

    async def said() -> Any:
        await asyncio.sleep(0)
        return word

    def plain(request: HTTPConnection, action: Action, subject: Subject | None) -> Any:
        match way:
            case "coroutine":
                return said()
            case "compiled":
                return Compiled(said())
            case "future":
                return asyncio.run_coroutine_threadsafe(said(), loop)
            case "task":
                return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(said(), loop), loop=loop)
        return word

    async def asked(request: HTTPConnection, action: Action, subject: Subject | None) -> Any:
        return await said()

    async with relaying(portal=Portal(authorize=asked if way == "async" else plain)) as relay, relay.client() as client:
        assert (await client.get("/api/runs")).status_code == status


async def test_never_more_than_so_many_questions_at_once() -> None:
    """Also where one socket has more runs than that to ask about."""
    now = most = 0
    go = asyncio.Event()

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        if action == "see":
            await go.wait()
        now -= 1
        return True

    async with relaying(portal=Portal(authorize=authorize)) as relay, contextlib.AsyncExitStack() as pages:
        for number in range(50):
            await relay.log.append(f"r{number}", [said("run_start", run_id=f"r{number}", flow_id="f")])
        page = await pages.enter_async_context(relay.page())
        await page.next()
        await page.send({"type": "subscribe", "flow_id": "f"})
        async with asyncio.timeout(PATIENCE_S):
            while now < rights.AT_ONCE:
                await asyncio.sleep(0)
        for _ in range(50):
            await asyncio.sleep(0)
        go.set()
        await relay.log.append("r49", [text("on", run_id="r49")])
        await page.until(run_id="r49", content="on")
        assert most == rights.AT_ONCE


async def test_who_may_start_nothing_is_told_of_no_flow(tmp_path: Path) -> None:
    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        return action != "start"

    file = tmp_path / "flows.json"
    file.write_text('{"id": "secret-merger", "name": "s", "nodes": [], "edges": []}')
    async with relaying(portal=Portal(flows=FileFlows(file), authorize=authorize)) as relay, relay.client() as client:
        answer = await client.post("/api/flows/x/runs")
        assert answer.status_code == 403 and "secret-merger" not in answer.text
