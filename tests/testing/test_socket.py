from __future__ import annotations

from typing import Any

import pytest

from pyapp.testing.socket import FakeSockets


class Ears:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def opened(self, generation: int) -> None:
        self.heard.append(("opened", generation))

    def received(self, generation: int, frame: object) -> None:
        self.heard.append(("received", generation, frame))

    def ended(self, generation: int, code: int, reason: str) -> None:
        self.heard.append(("ended", generation, code, reason))


def test_sockets_speak_and_remember() -> None:
    """What was sent, what is delivered, and how it ends."""
    sockets, ears = FakeSockets(), Ears()
    socket = sockets.open("ws://x", ["p"], 7, ears)
    socket.accept()
    socket.deliver({"a": 1})
    socket.deliver(b"raw")
    socket.die(1001, "bye")
    socket.send('{"type": "x"}')
    assert ears.heard == [
        ("opened", 7),
        ("received", 7, '{"a": 1}'),
        ("received", 7, b"raw"),
        ("ended", 7, 1001, "bye"),
    ]
    assert socket.sent_of("x") == [{"type": "x"}] and socket.sent_of("y") == []
    assert (sockets.live, sockets.last) == (1, socket)
    socket.close()
    assert sockets.live == 0
    sockets.refuse = "no"
    with pytest.raises(ValueError, match="no"):
        sockets.open("ws://x", [], 8, ears)
