"""The WebSocket of docs/contract.md §1, for any number of pages: who is let in, for how long, and when all go."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time

from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from ..errors import Refused
from ..names import OTHER_NAME
from .hub import Hub
from .life import CLOSE_S, TRY_AGAIN, SocketLife, cut
from .log.port import EventLog, UnknownRun
from .metrics import Metrics
from .origins import may_act
from .rights import Rights, Subject
from .settings import Settings
from .tickets import ticket_in
from .watcher import May

PROTOCOL = "flowglow.1"
BEAT_S = 10.0
"""The longest time between two beats, whatever is promised: what is stuck, and runs that are over, wait for them."""
UNAUTHORISED, FORBIDDEN, RESTART = 4401, 4403, 1012
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
        if self._draining and "websocket.http.response" in socket.scope.get("extensions", {}):
            await socket.send_denial_response(PlainTextResponse("The server is being restarted.", 503))
            return  # a load balancer asks the next relay; closed behind a handshake, the page would come back here
        await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        try:
            refusal = await self._refusal(socket, offered)
        except Refused as error:
            refusal = (TRY_AGAIN, str(error))
        if refusal is not None:
            self._metrics.closed.labels(refusal[0]).inc()
            await socket.close(refusal[0], cut(refusal[1]))
            return
        await self._hub.look()
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
            await asyncio.sleep(min(self._settings.heartbeat_s / 3, BEAT_S))
            for life in list(self._open):
                life.beat()
            self._hub.tidy()

    async def review(self) -> None:
        """Ask the portal again and again whether those who watch still may. Never ends.

        A portal that fails to say takes no right away: only its word does.
        """
        while not self._rights.open:
            await asyncio.sleep(self._settings.review_s)
            for outcome in await asyncio.gather(
                *(self._review(life) for life in list(self._open)), return_exceptions=True
            ):
                if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
                    log.error("A socket could not be reviewed", exc_info=outcome)  # Refused: the log is away

    async def _review(self, life: SocketLife) -> None:
        """Close it unless it still may watch."""
        socket = life.socket

        async def may(run_id: str, flow_id: str | None) -> bool:
            if life.code is not None:
                return True
            try:
                of = await self._hub.ask.flow_of(run_id)
            except UnknownRun:  # nothing more is told of it
                return True
            return await self._rights.still_may(socket, "see", Subject(run_id, of))

        if not await self._rights.still_may(socket, "connect") or not await life.watcher.allowed_by(may):
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
        if not self._rights.is_named(socket):
            return FORBIDDEN, OTHER_NAME
        if not may_act(socket, self._settings.origins):
            return FORBIDDEN, "This page may not open a socket here."
        ticket = ticket_in(offered)
        if ticket is None and self._settings.need_ticket:
            return UNAUTHORISED, "A ticket is needed."
        if ticket is not None:
            user = await self._log.redeem(ticket)
            if user is None:
                return UNAUTHORISED, "This ticket is not valid (any more)."
            socket.state.user = user
        if not await self._rights.may(socket, "connect"):
            return FORBIDDEN, "You may not watch here."
        return None

    def _may(self, socket: WebSocket) -> May | None:
        if self._rights.open:
            return None

        async def may(run_id: str, flow_id: str | None) -> bool:
            of = flow_id
            if of is None:
                with contextlib.suppress(UnknownRun):
                    of = await self._hub.ask.flow_of(run_id)
            return await self._rights.may(socket, "see", Subject(run_id, of))

        return may
