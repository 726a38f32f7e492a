"""flowglow for a portal: what serves the page, checks a backend, and keeps and hands out the events of runs.

    app.mount("/runs", flowglow.page(ws="wss://portal.example/ws", api="https://portal.example/api"))

    async with flowglow.run("nightly", url="http://127.0.0.1:8001", key=KEY) as run:
        await run.start_node("fetch")

The page itself is `pyapp`; it runs in a browser and knows nothing of this package.
"""

from typing import TYPE_CHECKING, Any

from .asgi import Page, page
from .mounting import mount
from .settings import SettingError

if TYPE_CHECKING:
    from .producer.run import run

__all__ = ["Page", "SettingError", "mount", "page", "run"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`run` needs the libraries of the extra `relay`; the page does without."""
    if name == "run":
        from .producer.run import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
