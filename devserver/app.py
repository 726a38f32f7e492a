"""The composition root: the page's files, the HTTP API and the socket, as one Starlette application."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from flowglow.errors import Refused
from flowglow.relay.app import Relay
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import KEEP, EventLog, Retention
from flowglow.relay.outbox import MAX_WAITING
from flowglow.relay.portal import Portal
from flowglow.relay.settings import Settings as RelaySettings
from flowglow.web import no_such_call, refused, went_wrong

from .engine.backend import Backend
from .engine.flow import Flow
from .flows import all_flows
from .guard import Guard
from .oauth import Provider, closing_page
from .producing import BackendFlows, Executor, Producing, end_unfinished
from .static import Site


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; the defaults are what `make run` uses."""

    api: str = "/api"
    ws: str = "/ws"
    heartbeat_s: float = 10.0
    need_ticket: bool = False
    """Refuse sockets without a ticket; one that is offered must be valid in any case."""
    max_events: int = KEEP.events
    """Events of one run that are kept; a page that asks for older ones is told that they are gone."""
    pages: tuple[str, ...] = ()
    """Origins of this machine whose pages may read the API, too."""
    max_waiting: int = MAX_WAITING
    """Events that may wait for a slow page before its socket is closed."""


def relay_for(backend: Backend, event_log: EventLog, settings: Settings = Settings()) -> Relay:
    """The relay that speaks for that engine; who may ask is for whatever stands before it to say."""
    portal = Portal(BackendFlows(backend), Executor(backend, event_log))
    told = RelaySettings(
        server="flowglow dev server",
        heartbeat_s=settings.heartbeat_s,
        need_ticket=settings.need_ticket,
        max_waiting=settings.max_waiting,
        by_flow=False,
        origins=("*",),
    )
    return Relay(event_log, portal, told)


def create_app(
    root: Path,
    settings: Settings = Settings(),
    flows: Mapping[str, Flow] | None = None,
    log: EventLog | None = None,
) -> Starlette:
    """The server for the tree at `root`, with the given flows or else its own.

    Runs are kept in `log`, which is closed with it; without one they live as long as the server does.
    """
    backend = Backend(all_flows(root) if flows is None else flows)
    event_log = MemoryLog(Retention(events=settings.max_events)) if log is None else log
    producing = Producing(backend, event_log)
    relay = relay_for(backend, event_log, settings)
    site = Site(root, ws=settings.ws, api=settings.api)

    async def came_back(request: Request) -> Response:
        """A window returns from signing in, here or elsewhere: the flow that waits for its state goes on."""
        bore = dict(request.query_params)
        heard = backend.arrived(bore.get("state", ""), bore)
        return closing_page("Thank you; the run goes on." if heard else "No run waits for this any more.")

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            await end_unfinished(event_log)
            async with relay.running():
                yield
                await backend.close()
                await producing.close()
        finally:
            await event_log.close()

    app = Starlette(
        routes=[
            Mount(settings.api, routes=relay.api.routes()),
            Mount("/oauth", routes=[Route("/callback", came_back, methods=["GET"]), *Provider().routes()]),
            WebSocketRoute(settings.ws, relay.sockets.serve),
            Route("/{path:path}", site.serve, methods=["GET", "HEAD"]),
        ],
        middleware=[Middleware(Guard, pages=settings.pages)],
        exception_handlers={Refused: refused, HTTPException: no_such_call, Exception: went_wrong},
        lifespan=lifespan,
    )
    app.state.backend = backend
    return app
