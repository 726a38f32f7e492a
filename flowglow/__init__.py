"""flowglow for a portal: what serves the page, checks a backend, and keeps and hands out the events of runs.

    app.mount("/runs", flowglow.page(ws="wss://portal.example/ws", api="https://portal.example/api"))

The page itself is `pyapp`; it runs in a browser and knows nothing of this package.
"""

from .asgi import Page, page
from .mounting import mount
from .settings import SettingError

__all__ = ["Page", "SettingError", "mount", "page"]

__version__ = "0.1.0"
