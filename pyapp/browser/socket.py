"""BrowserSockets: WebSockets through js, with one owner for the proxies of each."""

from __future__ import annotations

import js
from pyodide.ffi import JsException, create_proxy, to_js

from ..ports import SocketEvents


class BrowserSocket:
    """One `WebSocket`. After `close` nothing is heard of it and its proxies are destroyed."""

    def __init__(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> None:
        self._socket = js.WebSocket.new(url, to_js(protocols))
        self._socket.binaryType = "arraybuffer"
        self._listeners = {
            "open": create_proxy(lambda event: events.opened(generation)),
            "message": create_proxy(lambda event: events.received(generation, event.data)),
            "close": create_proxy(lambda event: events.ended(generation, event.code, event.reason)),
        }
        for name, listener in self._listeners.items():
            self._socket.addEventListener(name, listener, js.flowglow.life.listening)
        js.flowglow.life.sockets.add(self._socket)

    def send(self, text: str) -> None:
        if self._socket.readyState == 1:
            self._socket.send(text)

    def close(self) -> None:
        listeners, self._listeners = self._listeners, {}
        for name, listener in listeners.items():
            self._socket.removeEventListener(name, listener)
            listener.destroy()
        self._socket.close()
        js.flowglow.life.sockets.delete(self._socket)


class BrowserSockets:
    """Opens sockets; a browser that refuses even to try raises ValueError."""

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> BrowserSocket:
        try:
            return BrowserSocket(url, protocols, generation, events)
        except JsException as error:
            raise ValueError(str(error)) from None
