"""BrowserConsole: log lines into the browser's console."""

from __future__ import annotations

import js

from ..errors import Level


class BrowserConsole:
    """Writes each level with the console's method of that name."""

    def write(self, level: Level, text: str) -> None:
        {"debug": js.console.debug, "info": js.console.info, "warning": js.console.warn}.get(level, js.console.error)(
            text
        )
