"""The relay as an ASGI application: the contract's socket and HTTP API, what producers call, and how it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from ..errors import Refused
from ..tasks import ended
from ..web import JsonAnswer, no_such_call, refused, went_wrong
from .api import Api
from .health import Health
from .hub import Hub
from .ingest import Ingest
from .log.port import EventLog
from .metrics import Metrics
from .portal import Portal
from .rights import Rights
from .settings import DEFAULT, Settings
from .socket import Sockets

SWEEP_S = 60.0
AGAIN_S = 5.0
"""Behind a sweep that failed: a log that was away for a moment is not told of for longer."""
UNSWEPT = "Old runs could not be taken away"
log = logging.getLogger("flowglow.relay")


class Relay:
    """One relay over a log that it does not own. Any number of relays may share a log."""

    def __init__(self, event_log: EventLog, portal: Portal, settings: Settings = DEFAULT) -> None:
        self.log = event_log
        self.settings = settings
        self.metrics = Metrics()
        self.health = Health()
        rights = Rights(portal.authorize, portal.keys, settings.names)
        self.hub = Hub(event_log, self.metrics)
        self.api = Api(event_log, portal, rights, settings)
        self.ingest = Ingest(event_log, self.hub, rights, self.metrics, self.health)
        self.sockets = Sockets(event_log, self.hub, rights, self.metrics, settings)
        self.draining = False

    def routes(self) -> list[BaseRoute]:
        """What a portal mounts into its own application, beside `running` in its lifespan."""
        return [
            Mount(self.settings.api, routes=self.api.routes()),
            Mount("/ingest", routes=self.ingest.routes()),
            WebSocketRoute(self.settings.ws, self.sockets.serve),
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/metrics", self.tell_metrics, methods=["GET"]),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the log, keep heartbeats, take away what is old. Raises Unavailable where the log is away."""
        await self.hub.start()
        works = [self.sockets.beat(), self.sockets.review(), self._sweep()]
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            await ended(*tasks)
            await self.hub.close()

    async def drain(self) -> None:
        """Take no more sockets, and tell those that are open to come back elsewhere."""
        self.draining = True
        self.hub.orders.release()
        await self.sockets.drain()

    async def healthz(self, request: Request) -> Response:
        """200 while the log answers, is followed, and sockets are welcome, else 503: what a load balancer asks.

        A relay whose log takes nothing in, or away (its disk may be full), is `degraded`, and 200: who watches is
        served.
        """
        if self.draining:
            return JsonAnswer({"status": "draining"}, 503)
        if self.hub.deaf:
            reason = "The event log cannot be followed. This relay's own log says why; if it goes on, start it again."
            return JsonAnswer({"status": "failing", "reason": reason}, 503)
        try:
            async with asyncio.timeout(2.0):
                instance = await self.log.instance()
        except (Refused, TimeoutError) as error:
            return JsonAnswer({"status": "failing", "reason": str(error) or "The event log does not answer."}, 503)
        if troubles := self.health.troubles:
            return JsonAnswer({"status": "degraded", "reason": " ".join(troubles), "instance": instance})
        return JsonAnswer({"status": "ok", "instance": instance})

    async def tell_metrics(self, request: Request) -> Response:
        return Response(self.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    async def _sweep(self) -> None:
        while True:
            rest = AGAIN_S
            try:
                with self.health.noting(UNSWEPT):
                    gone = await self.log.sweep(self.log.now())
                rest = SWEEP_S
                if gone:
                    log.info("%d runs are not kept any longer", len(gone))
            except Refused as error:
                log.warning("%s: %s", UNSWEPT, error)
            except Exception:
                log.exception(UNSWEPT)
            await asyncio.sleep(rest)


def create_relay(event_log: EventLog, portal: Portal | None = None, settings: Settings = DEFAULT) -> Starlette:
    """A relay as an application of its own; it is in `app.state.relay`."""
    relay = Relay(event_log, portal or Portal(), settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with relay.running():
            yield

    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.origins),
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials="*" not in settings.origins,
        expose_headers=["date"],
    )
    app = Starlette(
        routes=relay.routes(),
        middleware=[cors] if settings.origins else [],
        exception_handlers={Refused: refused, HTTPException: no_such_call, Exception: went_wrong},
        lifespan=lifespan,
    )
    app.state.relay = relay
    return app
