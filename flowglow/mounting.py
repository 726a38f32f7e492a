"""An ASGI application below a path, beside another: for frameworks that cannot mount one, as Django."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]


def mount(path: str, app: App, *, beside: App) -> App:
    """`app` for what is asked below the path, `beside` for all else.

        application = flowglow.mount("/runs", flowglow.page(…), beside=get_asgi_application())

    Raises ValueError for what is no path.
    """
    base = path.rstrip("/")
    if not base.startswith("/") or "//" in base:
        raise ValueError(f"{path!r} is no path to mount the page at. Write it as /runs.")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            before = scope.get("root_path", "").rstrip("/")
            asked: str = scope["path"]
            inside = asked[len(before) :] if before and asked.startswith(f"{before}/") else asked
            if inside == base or inside.startswith(f"{base}/"):
                scope = {**scope, "root_path": before + base, "path": before + inside}
                await app(scope, receive, send)
                return
        await beside(scope, receive, send)

    return application
