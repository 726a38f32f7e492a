"""A backend with one fault: the real dev server behind a layer that changes what goes in or comes out.

Nothing else about it is scripted: runs, numbers, histories and tickets are the server's own.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Json = dict[str, Any]
CLOSE: Json = {"type": "the socket closes here"}
"""In the place of a frame: the socket is closed."""
MOVED = "/ws/moved"
Number = Callable[[int], int]


@dataclass(slots=True)
class Way:
    """One socket: the how-manieth, and what its page has asked for."""

    number: int
    cursor: int | None = None
    """The number that it resumed behind; None while it did not."""
    runs: list[str] = field(default_factory=list)
    """What it subscribed to."""
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP call, its path below the base."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any


def _same(item: Json, way: Way) -> list[Json]:
    return [item]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the backend; each part that is not named is as it should be."""

    event: Callable[[Json], Json] = lambda event: event
    """Any event, live, resumed or in a history."""
    sends: Callable[[Json, Way], list[Json]] = _same
    """What goes out over a socket, object by object."""
    raw: Callable[[str], str | bytes] = lambda text: text
    hears: Callable[[Json, Way], Json | None] = lambda frame, way: frame
    selects: Callable[[list[str]], str | None] = lambda offered: "flowglow.1" if "flowglow.1" in offered else None
    tickets: Callable[[str | None, list[str]], str] | None = None
    """A ticket that was offered, and those offered before → fresh (it is let in), kept (as it is)."""
    moved: bool = False
    """Sockets are at another address, to which the handshake leads."""
    shut: bool = False
    """No socket opens."""
    foreign: bool = False
    """Pages of any origin are let in."""
    closes: Callable[[int], int] = lambda code: code
    hangs: Callable[[Ask], bool] = lambda ask: False
    """Calls that are never answered."""
    leads: Callable[[Ask], str | None] = lambda ask: None
    """Where a call is redirected to."""
    query: Callable[[Ask], Mapping[str, str]] = lambda ask: ask.query
    answers: Callable[[Ask, int, Any], tuple[int, Any]] = lambda ask, status, value: (status, value)
    lines: Callable[[Ask, list[Json]], list[Json]] = lambda ask, events: events
    headers: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[Number, Number] = (lambda seq: seq, lambda seq: seq)
    """From the server's numbers to those that are told, and back."""
    policy: str | None = None
    """The page's CSP; "" is a page without."""
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    long: bool = False
    """There is a run whose history is more than 1 MiB, and it is named."""
    also: frozenset[str] = frozenset()
    """What cannot but be found with it."""


class FaultyApp:
    """ASGI: `app` with a fault."""

    def __init__(self, app: ASGIApp, fault: Fault) -> None:
        self._app = app
        self._fault = fault
        self._ways = 0
        self._offered: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    # -- sockets ------------------------------------------------------------------------------------
    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._fault.moved and scope["path"] != MOVED:
            headers = [(b"location", MOVED.encode())]
            await send({"type": "websocket.http.response.start", "status": 302, "headers": headers})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        if self._fault.moved:
            scope = {**scope, "path": "/ws"}
        if self._fault.shut:
            await send({"type": "websocket.close", "code": 1008})
            return
        way = Way(self._ways)
        self._ways += 1
        offered = list(scope.get("subprotocols", []))
        scope = {**scope, "subprotocols": await self._tickets(offered)}
        if self._fault.foreign:
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"origin"]

        async def sent(message: Message) -> None:
            if message["type"] == "websocket.accept":
                message = {**message, "subprotocol": self._fault.selects(offered)}
            elif message["type"] == "websocket.close":
                message = {**message, "code": self._fault.closes(message.get("code", 1000))}
            elif message.get("text") is not None:
                await self._deliver(message["text"], way, send)
                return
            await send(message)

        async def heard() -> Message:
            while True:
                message = await receive()
                if message.get("text") is None:
                    return message
                frame = self._note(json.loads(message["text"]), way)
                if frame is CLOSE:
                    await send({"type": "websocket.close", "code": 1003, "reason": "not understood"})
                    return {"type": "websocket.disconnect", "code": 1003}
                if frame is not None:
                    return {**message, "text": json.dumps(frame)}

        await self._app(scope, heard, sent)

    async def _deliver(self, text: str, way: Way, send: Send) -> None:
        value = json.loads(text)
        told = [self._told(each) for each in (value if isinstance(value, list) else [value])]
        items = [item for each in told for item in self._fault.sends(each, way)]
        if CLOSE in items:
            await send({"type": "websocket.close", "code": 1011, "reason": "idle"})
            return
        if not items:
            return
        made = self._fault.raw(json.dumps(items if isinstance(value, list) else items[0]))
        if not isinstance(value, list) and len(items) > 1:
            made = self._fault.raw(json.dumps(items))
        await send({"type": "websocket.send", **({"bytes": made} if isinstance(made, bytes) else {"text": made})})

    def _note(self, frame: Json, way: Way) -> Json | None:
        if frame.get("type") == "resume":
            way.cursor = min(frame["runs"].values())
            back = self._fault.numbers[1]
            frame = {**frame, "runs": {run: back(seq) if seq >= 0 else seq for run, seq in frame["runs"].items()}}
        elif frame.get("type") == "subscribe":
            way.runs.append(frame["run_id"])
        return self._fault.hears(frame, way)

    def _told(self, item: Json) -> Json:
        number = self._fault.numbers[0]
        named = [name for name in ("seq", "from_seq", "to_seq", "last_seq") if isinstance(item.get(name), int)]
        item = {**item, **{name: number(item[name]) if item[name] >= 0 else item[name] for name in named}}
        return self._fault.event(item) if "event" in item else item

    async def _tickets(self, offered: list[str]) -> list[str]:
        """What the server is offered in the place of what the page offered."""
        if self._fault.tickets is None:
            return offered
        ticket = next((each for each in offered if each.startswith("ticket.")), None)
        verdict = self._fault.tickets(ticket, self._offered)
        if ticket is not None:
            self._offered.append(ticket)
        if verdict == "kept":
            return offered
        word = "nobody's" if verdict == "void" else await self._fresh()
        coded = base64.urlsafe_b64encode(word.encode()).decode().rstrip("=")
        return [*(each for each in offered if each != ticket), f"ticket.{coded}"]

    async def _fresh(self) -> str:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return str((await client.post("/api/tickets")).json()["ticket"])

    # -- HTTP -----------------------------------------------------------------------------------------
    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._fault
        if scope["path"] == "/page":
            meta = f'<meta http-equiv="Content-Security-Policy" content="{fault.policy}">' if fault.policy else ""
            await _answer(send, 200, f"<!doctype html>{meta}".encode(), {"content-type": "text/html"})
            return
        if scope["method"] == "OPTIONS" and fault.headers.get("access-control-allow-headers"):
            await _answer(send, 200, b"", fault.headers)
            return
        body = await _body(receive)
        ask = Ask(scope["method"], scope["path"].removeprefix("/api"), dict(parse_qsl(scope["query_string"].decode())),
                  _json(body))  # fmt: skip
        if fault.hangs(ask):
            await receive()  # until whoever asked goes away
            return
        if where := fault.leads(ask):
            await _answer(send, 307, b"", {"location": where})
            return
        query = dict(fault.query(ask))
        if "after" in query and ask.path.endswith("/events"):
            after = int(query["after"])
            query["after"] = str(fault.numbers[1](after) if after >= 0 else after)
        status, content, headers = await _asked(self._app, {**scope, "query_string": urlencode(query).encode()}, body)
        if ask.path.endswith("/events") and status == 200:
            told = [self._told(json.loads(line)) for line in content.decode().splitlines()]
            content = "".join(f"{json.dumps(each)}\n" for each in fault.lines(ask, told)).encode()
            changed = fault.answers(ask, status, None)
            if changed[1] is not None:
                status, content = changed[0], json.dumps(changed[1]).encode()
        else:
            value = _json(content)
            told_value = self._told(value) if isinstance(value, dict) else value
            status, value = fault.answers(ask, status, told_value)
            content = b"" if status == 204 else json.dumps(value).encode()
        await _answer(send, status, content, {**headers, **fault.headers})


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


async def _body(receive: Receive) -> bytes:
    taken = bytearray()
    while True:
        message = await receive()
        taken += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(taken)


async def _asked(app: ASGIApp, scope: Scope, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    """What the server itself answers."""
    answer: dict[str, Any] = {"content": b""}

    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()  # whoever asks waits for the answer
        return messages.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer["status"] = message["status"]
            answer["headers"] = {name.decode(): value.decode() for name, value in message.get("headers", [])}
        else:
            answer["content"] += message.get("body", b"")

    await app(scope, receive, send)
    headers = {name: value for name, value in answer["headers"].items() if name != "content-length"}
    return answer["status"], answer["content"], headers


async def _answer(send: Send, status: int, content: bytes, headers: Mapping[str, str]) -> None:
    told = {**headers, "content-length": str(len(content))}
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content})
