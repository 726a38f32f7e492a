"""FakeHost: a page round this one, as a test plays it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from ..contract.embed import VERSION
from ..person import Knock
from ..ports import Off

ORIGIN = "https://portal.test"
CONNECT = json.dumps({"flowglow": VERSION, "type": "connect"})


class FakeChannel:
    """One way between the two: what the page said, and a way to speak to it."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.closed = False
        self._received: Callable[[object], None] | None = None

    def open(self, received: Callable[[object], None]) -> None:
        self._received = received

    def send(self, text: str) -> None:
        assert not self.closed, "a closed channel says nothing"
        self.told.append(json.loads(text))

    def close(self) -> None:
        self.closed = True
        self._received = None

    # -- for tests
    @property
    def opened(self) -> bool:
        return self._received is not None

    def say(self, message: object) -> None:
        """Say something to the page; an object goes as JSON. Nobody hears it on a channel that is not open."""
        if self._received is not None:
            self._received(json.dumps(message) if isinstance(message, dict) else message)

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """All of this kind that the page said, in order."""
        return [each for each in self.told if each["type"] == kind]


class FakeHost:
    """Notes how the page follows the wishes of the one around it."""

    def __init__(self) -> None:
        self.greeted: list[bool] = []
        self.theme = ""
        self.language = ""
        self.hidden: list[str] = []
        self.looks: dict[str, str] = {}
        self._knocks: list[Callable[[Knock], None]] = []
        self._early: list[Knock] = []
        """What came before anybody listened."""
        self._heights: list[Callable[[float], None]] = []

    def on_knock(self, listener: Callable[[Knock], None]) -> Off:
        self._knocks.append(listener)
        early, self._early = self._early, []
        for knock in early:
            listener(knock)
        return lambda: self._knocks.remove(listener) if listener in self._knocks else None

    def greet(self, *, acts: bool) -> None:
        self.greeted.append(acts)

    def show_theme(self, theme: str) -> None:
        self.theme = theme

    def speak(self, language: str) -> None:
        self.language = language

    def hide(self, parts: Collection[str]) -> None:
        self.hidden = list(parts)

    def style(self, looks: dict[str, str]) -> None:
        self.looks = looks

    def on_height(self, listener: Callable[[float], None]) -> Off:
        self._heights.append(listener)
        return lambda: self._heights.remove(listener) if listener in self._heights else None

    # -- for tests
    @property
    def listeners(self) -> int:
        return len(self._knocks) + len(self._heights)

    def knock(
        self, text: str = CONNECT, *, origin: str = ORIGIN, from_parent: bool = True, bare: bool = False
    ) -> FakeChannel:
        """Knock as a window of this origin; the channel that comes along, unless it is a `bare` knock."""
        channel = FakeChannel()
        knock = Knock(origin, from_parent, text, None if bare else channel)
        if not self._knocks:
            self._early.append(knock)
        for listener in list(self._knocks):
            listener(knock)
        return channel

    def grow(self, height: float) -> None:
        """All is seen well at another height."""
        for listener in list(self._heights):
            listener(height)
