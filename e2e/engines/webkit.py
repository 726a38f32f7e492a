"""WebKitGTK by its own driver, over W3C WebDriver: the engine of Safari, so far as Debian has it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from .engine import HEIGHT, LOOK_S, WIDTH, Actions, Engine
from .process import Display, ended, waited_for

ANSWER_S = 60.0
BROWSER_BARS = 200
"""What the window has above and beside the view, at most, in pixels."""
CALL = """const told = arguments[arguments.length - 1];
(async () => JSON.stringify((await (%s)(...JSON.parse(arguments[0]))) ?? null))().then(
  (value) => told({ value }), (error) => told({ error: String(error) }));"""
LISTEN = """() => {
  if (globalThis.heard) return;
  globalThis.heard = [];
  addEventListener("error", (event) => heard.push(`error: ${event.message ?? event.target?.src}`), true);
  addEventListener("unhandledrejection", (event) => heard.push(`rejection: ${event.reason}`));
}"""
"""This driver tells nothing of the console; the page is listened to from the moment at which it is there."""


class Unloaded(AssertionError):
    """The page was left while it was asked something."""


class WebKit(Engine):
    """Owns the display, the driver, and the session in which the driver has started MiniBrowser."""

    name = "WebKit"

    def __init__(self, driver: str) -> None:
        self._display = Display(WIDTH + BROWSER_BARS, HEIGHT + BROWSER_BARS)
        port = _free_port()
        self._process = subprocess.Popen(
            [driver, f"--port={port}", "--host=127.0.0.1"],
            env={**os.environ, "DISPLAY": self._display.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_S, trust_env=False)
        self._session = ""
        try:
            waited_for(self._process, lambda: _listens(port))
            wanted = {"capabilities": {"alwaysMatch": {"pageLoadStrategy": "none"}}}
            self._session = "/session/" + self._ask("POST", "/session", wanted)["sessionId"]
            self._fit()
        except BaseException:
            self.close()
            raise

    def open(self, url: str) -> None:
        self.call("() => void (globalThis.left = true)")  # the page that was there may be of the same address
        self._ask("POST", f"{self._session}/url", {"url": url})
        until = time.monotonic() + ANSWER_S
        while not self._is_at(url.split("?")[0]):
            assert time.monotonic() < until, f"{self.name} is not at {url}"
            time.sleep(LOOK_S)
        self.call(LISTEN)

    def _is_at(self, url: str) -> bool:
        with contextlib.suppress(Unloaded):
            return bool(self.call("(url) => !globalThis.left && location.href.startsWith(url)", url))
        return False

    def call(self, function: str, *values: Any) -> Any:
        script = {"script": CALL % function, "args": [json.dumps(values)]}
        answer = self._ask("POST", f"{self._session}/execute/async", script)
        assert "error" not in answer, f"{function} raised {answer['error']}"
        return json.loads(answer["value"])

    def errors(self) -> list[str]:
        heard: list[str] = self.call("() => (globalThis.heard ?? []).splice(0)")
        return heard

    def picture(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self._ask("GET", f"{self._session}/screenshot")))

    def close(self) -> None:
        if self._session:
            self._ask("DELETE", self._session)
        self._http.close()
        ended(self._process)
        self._display.close()

    def _perform(self, actions: Actions) -> None:
        self._ask("POST", f"{self._session}/actions", {"actions": actions})

    def _fit(self) -> None:
        """Make the view, not the window round it, as large as it is to be."""
        rect = {"width": WIDTH, "height": HEIGHT}
        self._ask("POST", f"{self._session}/window/rect", rect)
        across, down = self.call("() => [innerWidth, innerHeight]")
        rect = {"width": 2 * WIDTH - across, "height": 2 * HEIGHT - down}
        self._ask("POST", f"{self._session}/window/rect", rect)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body).json()["value"]
        if isinstance(answer, dict) and answer.keys() >= {"error", "message", "stacktrace"}:
            kind = Unloaded if "before the unload event" in answer["message"] else AssertionError
            raise kind(f"{path}: {answer['error']}: {answer['message']}")
        return answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool | None:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return None
    return True
