"""One socket that was let in: what is read from it, and what is sent, until it closes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time

from starlette.websockets import WebSocket, WebSocketDisconnect

from ..errors import Refused
from ..tasks import ended
from ..wire import to_text
from .direct import direct_of
from .frames import Frame, Resume, Subscribe, read_frame
from .hub import Hub
from .outbox import Outbox, control
from .settings import Settings
from .watcher import May, SocketWatcher

TRY_AGAIN = 1013
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
        self._direct = direct_of(socket.scope)
        self._outbox = Outbox(settings.max_waiting, self._too_slow, self._direct)
        self.watcher = SocketWatcher(hub, self._outbox, may, self.close)
        self._over = asyncio.Event()
        self._moved = time.monotonic()

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
            for outcome in await ended(*tasks):
                if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | RuntimeError):
                    log.error("A socket ended by a failure of ours", exc_info=outcome)
        if self.code is not None:
            with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
                async with asyncio.timeout(CLOSE_S):
                    await self.socket.close(self.code, self._reason)
                return
            if self._direct is not None:
                self._direct.abort()

    def beat(self) -> None:
        """Say something if nothing was said since the last beat; end it when it takes nothing for too long."""
        if not self._outbox.stuck:
            self._moved = time.monotonic()
        elif time.monotonic() - self._moved >= self._settings.stuck_s:
            self.close(TRY_AGAIN, f"This page took nothing for {self._settings.stuck_s:.0f} s.")
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
