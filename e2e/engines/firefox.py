"""Firefox over WebDriver BiDi, which it speaks itself: no driver stands between.

Playwright speaks BiDi too, but asks for `emulation.setMediaFeaturesOverride`, which Firefox ESR 153 does not know.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from .engine import HEIGHT, WIDTH, Actions, Engine
from .process import ended, waited_for

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
ANSWER_S = 60.0
PREFERENCES = """
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
"""
"""So that it asks nobody but the page's own servers."""


class Firefox(Engine):
    """Owns the process and the one socket to it."""

    name = "Firefox"

    def __init__(self, executable: str, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        (scratch / "user.js").write_text(PREFERENCES)
        command = [executable, "--headless", "--no-remote", "--profile", scratch, "--remote-debugging-port", "0"]
        self._log = (scratch / "firefox.log").open("wb")
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [*map(str, command)], stdout=self._log, stderr=subprocess.STDOUT
        )
        self._number = 0
        self._errors: list[str] = []
        self._held = ExitStack()
        self._held.callback(self._log.close)
        self._held.callback(ended, self._process)
        try:
            self._socket = self._held.enter_context(self._connect(scratch / "firefox.log"))
            self._ask("session.new", capabilities={})
            self._ask("session.subscribe", events=["log.entryAdded"])
            self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]
            self._ask("browsingContext.setViewport", context=self._context, viewport={"width": WIDTH, "height": HEIGHT})
        except BaseException:
            self._held.close()
            raise

    def open(self, url: str) -> None:
        self._errors.clear()
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="none")

    def call(self, function: str, *values: Any) -> Any:
        told = ", ".join(json.dumps(value) for value in values)
        expression = f"(async () => JSON.stringify((await ({function})({told})) ?? null))()"
        answer = self._ask(
            "script.evaluate", expression=expression, target={"context": self._context}, awaitPromise=True
        )
        if answer["type"] != "success":
            raise AssertionError(f"{function} raised {answer['exceptionDetails']['text']}")
        return json.loads(answer["result"]["value"])

    def errors(self) -> list[str]:
        self._ask("session.status")  # what was told before has come once this is answered
        said, self._errors = self._errors, []
        return said

    def picture(self, file: Path) -> None:
        answer = self._ask("browsingContext.captureScreenshot", context=self._context)
        file.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        self._held.close()

    def _perform(self, actions: Actions) -> None:
        self._ask("input.performActions", context=self._context, actions=actions)

    def _connect(self, log: Path) -> AbstractContextManager[ClientConnection]:
        address = waited_for(self._process, lambda: LISTENS.search(log.read_text()))[1]
        return connect(f"{address}/session", max_size=None, open_timeout=ANSWER_S, proxy=None)

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=ANSWER_S))
            if message["type"] == "event":
                self._hear(message["params"])
            elif message.get("id") == self._number:
                if message["type"] == "error":
                    raise AssertionError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry.get("level") == "error":
            self._errors.append(f"{entry.get('type')}: {entry.get('text')}")
