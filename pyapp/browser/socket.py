"""BrowserSockets: WebSockets through js, with one owner for the proxies of each."""

from __future__ import annotations

import asyncio
from typing import Any

import js
from pyodide.ffi import JsException, create_proxy, to_js

from ..ports import SocketEvents


class BrowserSocket:
    """One `WebSocket`. After `close` nothing is heard of it and its proxies are destroyed."""

    def __init__(self, socket: Any, generation: int, events: SocketEvents) -> None:
        self._socket = socket
        self._generation = generation
        self._events = events
        self._listeners: dict[str, Any] = {}
        js.flowglow.life.sockets.add(socket)

    def listen(self) -> None:
        """From now on tell what it says."""
        generation, events = self._generation, self._events
        received = events.received
        self._heard = create_proxy(lambda data: received(generation, data))
        self._deafen = js.flowglow.hear(self._socket, self._heard)
        self._listeners = {
            "open": create_proxy(lambda event: events.opened(generation)),
            "close": create_proxy(lambda event: events.ended(generation, event.code, event.reason)),
        }
        for name, listener in self._listeners.items():
            self._socket.addEventListener(name, listener, js.flowglow.life.listening)

    def send(self, text: str) -> None:
        if self._socket.readyState == 1:
            self._socket.send(text)

    def close(self) -> None:
        listeners, self._listeners = self._listeners, {}
        if listeners:
            self._deafen()
            self._heard.destroy()
        for name, listener in listeners.items():
            self._socket.removeEventListener(name, listener)
            listener.destroy()
        self._socket.close()
        js.flowglow.life.sockets.delete(self._socket)


class EarlySocket(BrowserSocket):
    """One that the page opened while Python was on its way (web/js/early.mjs): it tells what came meanwhile, then goes
    on as any other.
    """

    def __init__(self, socket: Any, generation: int, events: SocketEvents) -> None:
        super().__init__(socket, generation, events)
        self._waiting: asyncio.Handle | None = asyncio.get_event_loop().call_soon(self._take_over)

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
            js.flowglow.earlyFrames()
        super().close()

    def _take_over(self) -> None:
        """In one task of the browser: nothing comes between what was kept and what is heard from now on."""
        self._waiting = None
        if self._socket.readyState != 1:
            self._events.ended(self._generation, 1006, "")
            return
        frames = js.flowglow.earlyFrames()
        self.listen()
        self._events.opened(self._generation)
        for frame in frames:
            if self._listeners:
                self._events.received(self._generation, frame)


class BrowserSockets:
    """Opens sockets; a browser that refuses even to try raises ValueError."""

    def is_open(self, url: str) -> bool:
        return bool(js.flowglow.isEarly(url))

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> BrowserSocket:
        if self.is_open(url):
            return EarlySocket(js.flowglow.takeEarly(), generation, events)
        js.flowglow.dropEarly()
        try:
            socket = js.WebSocket.new(url, to_js(protocols))
        except JsException as error:
            raise ValueError(str(error)) from None
        socket.binaryType = "arraybuffer"
        opened = BrowserSocket(socket, generation, events)
        opened.listen()
        return opened
