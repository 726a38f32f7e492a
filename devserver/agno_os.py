"""`python -m devserver.agno_os`: a real AgentOS with every shape on a scripted model, on a port of its own.

Runs in any environment that has agno, fastapi, uvicorn and websockets: what differs between versions of Agno is seen
by running it in each.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .agno_shapes import SHAPES  # first: it sets that nothing is told to anybody
from .agno_shapes.shape import AGNO

import uvicorn  # isort: skip
from agno.db.in_memory import InMemoryDb  # isort: skip
from agno.os import AgentOS  # isort: skip

ROOT = Path(__file__).resolve().parent.parent


def build() -> Any:
    """The ASGI application."""
    db = InMemoryDb()
    served: dict[str, list[Any]] = {"agents": [], "teams": [], "workflows": []}
    for shape in SHAPES.values():
        if not shape.sync:
            entity = shape.make()
            if AGNO >= (3, 0):  # Agno 2.9 cannot read the sessions of several workflows back from one
                entity.db = db
            served[shape.kind].append(entity)
    return AgentOS(id="shapes", telemetry=False, **served).get_app()


@contextlib.contextmanager
def serving(app: Any, port: int = 0) -> Iterator[str]:
    """The address of an application, while it is served in a thread."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()  # whoever comes before it is ready waits
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, ws="websockets-sansio")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m devserver.agno_os", description="A real AgentOS, scripted.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--page", action="store_true", help="serve the page beside it")
    words = parser.parse_args()
    app = build()
    if words.page:
        from .backends import beside

        app = beside(ROOT, app, "agno")
    with serving(app, words.port) as address, contextlib.suppress(KeyboardInterrupt):
        print(f"http://{address}", flush=True)
        threading.Event().wait()
