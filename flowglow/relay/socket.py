"""The WebSocket of docs/contract.md §1, for any number of pages: greets, hands out, and brings them up to date."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import time

from starlette.websockets import WebSocket, WebSocketDisconnect

from ..errors import Refused
from ..wire import to_text
from .direct import direct_of
from .frames import Frame, Resume, Subscribe, read_frame
from .hub import Hub
from .log.port import EventLog
from .metrics import Metrics
from .origins import may_act
from .outbox import Outbox, control
from .portal import AT_ONCE
from .rights import Rights, Subject
from .settings import Settings
from .tickets import ticket_in
from .watcher import May, SocketWatcher

PROTOCOL = "flowglow.1"
UNAUTHORISED, FORBIDDEN, TRY_AGAIN, RESTART = 4401, 4403, 1013, 1012
ALL_AFTER_S = 1.0
"""A page that did not say by then which flow it shows is told of every run."""
MAX_REASON_BYTES = 123
"""What a close frame has room for."""
CLOSE_S = 5.0
"""How long a close may take to be taken in."""
PING = control('{"type":"ping"}')
PONG = '{"type":"pong"}'
"""What nearly every message of a page is; another way to write it is read as any frame."""
log = logging.getLogger("flowglow.relay")


class Sockets:
    """Serves each socket until it closes. The heartbeat is promised to the page, and kept."""

    def __init__(self, event_log: EventLog, hub: Hub, rights: Rights, metrics: Metrics, settings: Settings) -> None:
        self._log = event_log
        self._hub = hub
        self._rights = rights
        self._metrics = metrics
        self._settings = settings
        self._open: dict[SocketLife, None] = {}
        self._draining = False

    async def serve(self, socket: WebSocket) -> None:
        """The life of one socket."""
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        try:
            refusal = await self._refusal(socket, offered)
        except Refused as error:
            refusal = (TRY_AGAIN, str(error))
        if refusal is not None:
            self._metrics.closed.labels(refusal[0]).inc()
            await socket.close(refusal[0], cut(refusal[1]))
            return
        life = SocketLife(socket, self._hub, self._settings, self._may(socket))
        self._open[life] = None
        self._metrics.sockets.inc()
        try:
            await life.run()
        finally:
            del self._open[life]
            self._metrics.sockets.dec()
            if life.code is not None:
                self._metrics.closed.labels(life.code).inc()

    async def beat(self) -> None:
        """Keep the promise of a heartbeat, for all sockets. Never ends."""
        while True:
            await asyncio.sleep(self._settings.heartbeat_s / 3)
            for life in list(self._open):
                life.beat()
            self._hub.tidy()

    async def review(self) -> None:
        """Ask the portal again and again whether those who watch still may. Never ends.

        A portal that fails to say takes no right away: only its word does.
        """
        places = asyncio.Semaphore(AT_ONCE)
        while not self._rights.open:
            await asyncio.sleep(self._settings.review_s)
            for outcome in await asyncio.gather(
                *(self._review(life, places) for life in list(self._open)), return_exceptions=True
            ):
                if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
                    log.error("A socket could not be reviewed", exc_info=outcome)  # Refused: the log is away

    async def _review(self, life: SocketLife, places: asyncio.Semaphore) -> None:
        """Close it unless it still may watch. Each question has a place of its own: none waits for another socket's."""
        see = self._may(life.socket, unknown=True)
        assert see is not None

        async def may(run_id: str, flow_id: str | None) -> bool:
            async with places:
                return life.code is not None or await see(run_id, flow_id)

        async with places:
            may_connect = life.code is not None or await self._rights.may(life.socket, "connect", unknown=True)
        if not may_connect or not await life.watcher.allowed_by(may):
            life.close(FORBIDDEN, "You may not watch this (any more).")

    async def drain(self) -> None:
        """Tell every socket to come back elsewhere, spread over seconds, so that they do not all come at once."""
        self._draining = True
        until = time.monotonic() + self._settings.spread_s
        for life in list(self._open):
            delay_s = random.uniform(0, self._settings.spread_s)
            asyncio.get_running_loop().call_later(delay_s, life.close, RESTART, "The server is being restarted.")
        while self._open and time.monotonic() < until + CLOSE_S:
            await asyncio.sleep(0.05)

    async def _refusal(self, socket: WebSocket, offered: list[str]) -> tuple[int, str] | None:
        """Close code and reason for a socket that may not be here. A refusal before the handshake could
        carry neither."""
        if self._draining:
            return RESTART, "The server is being restarted."
        if not may_act(socket, self._settings.origins):
            return FORBIDDEN, "This page may not open a socket here."
        ticket = ticket_in(offered)
        if ticket is None and self._settings.need_ticket:
            return UNAUTHORISED, "A ticket is needed."
        if ticket is not None:
            user = await self._log.redeem(ticket, time.time())
            if user is None:
                return UNAUTHORISED, "This ticket is not valid (any more)."
            socket.state.user = user
        if not await self._rights.may(socket, "connect"):
            return FORBIDDEN, "You may not watch here."
        return None

    def _may(self, socket: WebSocket, *, unknown: bool = False) -> May | None:
        if self._rights.open:
            return None

        async def may(run_id: str, flow_id: str | None) -> bool:
            of = flow_id if flow_id is not None else await self._hub.ask.flow_of(run_id)
            return await self._rights.may(socket, "see", Subject(run_id, of), unknown=unknown)

        return may


def cut(reason: str) -> str:
    """The reason as far as a close frame has room, in whole characters."""
    text = reason.encode("utf-8", "replace")
    if len(text) <= MAX_REASON_BYTES:
        return text.decode()
    return text[: MAX_REASON_BYTES - 3].decode("utf-8", "ignore") + "…"


class SocketLife:
    """One socket that was let in: what is read from it, and what is sent."""

    def __init__(self, socket: WebSocket, hub: Hub, settings: Settings, may: May | None) -> None:
        self.socket = socket
        self.code: int | None = None
        """With which code we closed it, once we did."""
        self._reason = ""
        self._hub = hub
        self._settings = settings
        self._outbox = Outbox(settings.max_waiting, self._too_slow, direct_of(socket.scope))
        self.watcher = SocketWatcher(hub, self._outbox, may, self.close)
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Serve it until it closes."""
        self._hub.join(self.watcher)
        hello = {"type": "hello", "heartbeat_s": self._settings.heartbeat_s, "sparse": False, "protocol": 1}
        more = {"server": self._settings.server, "instance": self._hub.instance, "flows": self._settings.by_flow}
        self._outbox.kept(to_text(hello | more))
        tasks: list[asyncio.Task[object]] = [
            asyncio.create_task(self._send()),
            asyncio.create_task(self._read()),
            asyncio.create_task(self._over.wait()),
        ]
        tasks.append(asyncio.create_task(self._decide()))
        try:
            await asyncio.wait(tasks[:3], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.watcher.close()
            for task in tasks:
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | RuntimeError):
                    log.error("A socket ended by a failure of ours", exc_info=outcome)
        if self.code is not None:
            with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
                await asyncio.wait_for(self.socket.close(self.code, self._reason), CLOSE_S)

    def beat(self) -> None:
        """Say something if nothing was said since the last beat."""
        if self._outbox.idle:
            self._outbox.put(PING)
            self._outbox.flush()
        self._outbox.quiet = True

    def close(self, code: int, reason: str) -> None:
        """End it, soon."""
        if self.code is None:
            self.code, self._reason = code, cut(reason)
            self._over.set()

    def _too_slow(self) -> None:
        self.close(TRY_AGAIN, f"More than {self._settings.max_waiting} events and answers wait for this page.")

    async def _send(self) -> None:
        while True:
            for frame in await self._outbox.take():
                await self.socket.send_text(frame)

    async def _read(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text") or ""
            if text == PONG:
                continue
            try:
                await self._handle(read_frame(text))
            except ValueError as error:
                self._complain("bad_frame", str(error))
            except Refused as error:
                self.close(TRY_AGAIN, str(error))  # the log is away; the page comes back and asks again

    async def _handle(self, frame: Frame) -> None:
        if isinstance(frame, Resume):
            for run_id, seen in frame.runs.items():
                await self.watcher.catch_up(run_id, seen)
        elif isinstance(frame, Subscribe):
            if frame.flow_id is not None and self._settings.by_flow:
                await self.watcher.want_flow(frame.flow_id)
            if frame.run_id is not None and not await self.watcher.want_run(frame.run_id):
                words = f"There is no run {json.dumps(frame.run_id)[:200]} (any more) on this server."
                self._complain("unknown_run", words)

    async def _decide(self) -> None:
        """A page that does not say which flow it shows, is told of all of them."""
        if self._settings.by_flow:
            await asyncio.sleep(ALL_AFTER_S)
        if self.watcher.undecided:
            try:
                await self.watcher.want_all()
            except Refused as error:
                self.close(TRY_AGAIN, str(error))

    def _complain(self, code: str, message: str) -> None:
        self._outbox.kept(to_text({"type": "error", "code": code, "message": message}))
