"""What the content security policy of any page refused, in any test: no page of ours may have anything refused."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage

MARK = "flowglow-violation "
LISTEN = f"""addEventListener("securitypolicyviolation", (event) => console.debug(
  "{MARK}" + [event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample].join(" ")), true);"""


TAKEN_OUT = r"^(script|style)-src-attr inline \S+/web/js/html(\.\w+)?\.mjs( |$)"
"""Chromium tells of each handler and style of foreign HTML that `setHTML` reads, though in a document of its own."""


class Violations:
    """Hears every page of the contexts it is told of."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.allowed: list[str] = []
        """Patterns of what a test means to have refused."""

    def watch(self, context: BrowserContext) -> BrowserContext:
        context.add_init_script(LISTEN)
        context.on("console", self._console)
        return context

    def check(self) -> None:
        """Fail on what was refused and not meant to be, once."""
        heard, self.heard = self.heard, []
        refused = [
            each for each in heard if not any(re.search(pattern, each) for pattern in [TAKEN_OUT, *self.allowed])
        ]
        self.allowed = []
        assert not refused, "refused by the policy:\n" + "\n".join(refused)

    def _console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(MARK):
            self.heard.append(message.text.removeprefix(MARK))
