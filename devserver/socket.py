"""The WebSocket of docs/contract.md §1: greets, sends every run's events, and brings pages up to date."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from flowglow.errors import Refused
from flowglow.wire import to_text

from .engine.backend import Backend
from .guard import is_loopback, origin_allowed
from .outbox import Outbox, Overflow
from .tickets import Tickets, ticket_in

PROTOCOL = "flowglow.1"
UNAUTHORISED, FORBIDDEN, TRY_AGAIN = 4401, 4403, 1013
MAX_RESUMED = 1_000


class Resume(BaseModel):
    type: Literal["resume"]
    runs: dict[str, int] = Field(max_length=MAX_RESUMED)


class Subscribe(BaseModel):
    type: Literal["subscribe"]
    run_id: str


class Pong(BaseModel):
    type: Literal["pong"]


Frame = Resume | Subscribe | Pong
_FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


class Sockets:
    """Serves each socket until it closes. `heartbeat_s` is promised to the page, and kept."""

    def __init__(
        self, backend: Backend, tickets: Tickets, *, heartbeat_s: float, need_ticket: bool, max_waiting: int
    ) -> None:
        self._backend = backend
        self._tickets = tickets
        self._heartbeat_s = heartbeat_s
        self._need_ticket = need_ticket
        self._max_waiting = max_waiting
        self._instance = secrets.token_hex(8)
        """New with each start of the server: its runs and their numbers begin again."""

    async def serve(self, socket: WebSocket) -> None:
        """The life of one socket."""
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        refusal = self._refusal(socket, offered)
        if refusal is not None:
            await socket.close(*refusal)
            return
        outbox = Outbox(self._max_waiting)
        hello = {"type": "hello", "heartbeat_s": self._heartbeat_s, "sparse": False, "protocol": 1}
        outbox.control(to_text(hello | {"server": "flowglow dev server", "instance": self._instance}))
        stop_listening = self._backend.listen(lambda event: outbox.event(event.text))
        sender = asyncio.create_task(self._send(socket, outbox))
        reader = asyncio.create_task(self._read(socket, outbox))
        try:
            await asyncio.wait((sender, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop_listening()
            for task in (sender, reader):
                task.cancel()
            await asyncio.gather(sender, reader, return_exceptions=True)

    def _refusal(self, socket: WebSocket, offered: list[str]) -> tuple[int, str] | None:
        """Close code and reason for a socket that may not be here. A refusal before the handshake could
        carry neither."""
        origin = socket.headers.get("origin")
        if not is_loopback(socket.headers.get("host", "")) or not origin_allowed(origin):
            return FORBIDDEN, "This page may not open a socket here."
        ticket = ticket_in(offered)
        if ticket is None:
            return (UNAUTHORISED, "A ticket is needed.") if self._need_ticket else None
        return None if self._tickets.redeem(ticket) else (UNAUTHORISED, "This ticket is not valid (any more).")

    async def _send(self, socket: WebSocket, outbox: Outbox) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it closed while we were sending
            try:
                while True:
                    # half the promise: the other half is for the way
                    for frame in await outbox.take(self._heartbeat_s / 2) or ['{"type":"ping"}']:
                        await socket.send_text(frame)
            except Overflow as error:
                await socket.close(TRY_AGAIN, str(error))

    async def _read(self, socket: WebSocket, outbox: Outbox) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                self._handle(_FRAME.validate_json(message.get("text") or ""), outbox)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                where = ".".join(str(part) for part in first["loc"]) or "the frame"
                _complain(outbox, "bad_frame", f"A frame could not be used: {where}: {first['msg']}.")

    def _handle(self, frame: Frame, outbox: Outbox) -> None:
        match frame:
            case Resume():
                for run_id, seen in frame.runs.items():
                    self._catch_up(run_id, max(-1, seen), outbox)
            case Subscribe():
                try:
                    self._backend.run(frame.run_id)  # every socket hears every run: only say if there is none
                except Refused as error:
                    _complain(outbox, error.code, str(error))
            case Pong():
                pass  # that a frame came is all it says

    def _catch_up(self, run_id: str, seen: int, outbox: Outbox) -> None:
        """Send what the page missed behind number `seen`, as far as it is kept."""
        start, end, complete, texts = seen + 1, seen, False, []
        with contextlib.suppress(Refused):
            run = self._backend.run(run_id)
            start, end = max(seen + 1, run.first_seq), run.last_seq
            complete = start == seen + 1 and seen <= end
            texts = [event.text for event in run.events(seen)]
        frame = {"type": "catch_up", "run_id": run_id, "from_seq": start, "to_seq": end, "complete": complete}
        outbox.control(to_text(frame), texts)


def _complain(outbox: Outbox, code: str, message: str) -> None:
    outbox.control(to_text({"type": "error", "code": code, "message": message}))
