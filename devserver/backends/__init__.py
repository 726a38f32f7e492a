"""Backends that are no portal of ours: servers as people run them, beside the page. `make run BACKEND=…`.

A line in BACKENDS is all that is needed for another: a module with `API` (where the page finds it, below its mount)
and `app(root)` (its ASGI application, over the project at `root`).
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from ..guard import Guard
from ..static import Site

BACKENDS = {
    "agno": "agno",
    "ag-ui": "agui",
}
"""The protocol, as the page's setting has it → the module here that serves it."""
MOUNT = "/backend"


def backend_app(root: Path, protocol: str) -> Starlette:
    """The page of the tree at `root`, and beside it the backend of this protocol."""
    module = importlib.import_module(f"{__name__}.{BACKENDS[protocol]}")
    return beside(root, module.app(root), protocol, module.API)


def beside(root: Path, served: Any, protocol: str, api: str = "") -> Starlette:
    """The page of the tree at `root`, and beside it the ASGI application `served`, which speaks this protocol."""
    site = Site(root, ws="", api=MOUNT + api, protocol=protocol)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with served.router.lifespan_context(served):  # a mount alone does not begin it
            yield

    return Starlette(
        routes=[Mount(MOUNT, served), Route("/{path:path}", site.serve, methods=["GET", "HEAD"])],
        middleware=[Middleware(Guard)],
        lifespan=lifespan,
    )
