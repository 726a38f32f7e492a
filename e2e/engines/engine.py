"""What the tests ask of a browser, whichever it is: open, look, wait, click, type. Knows nothing of a protocol."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1440, 900
"""Of the view, in CSS pixels."""
LOOK_S = 0.05
PATIENCE_S = 30.0

PLACE_OF = """(selector) => {
  const found = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
  if (!found) return null;
  found.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = found.getBoundingClientRect();
  const x = left + width / 2, y = top + height / 2;
  return found.contains(document.elementFromPoint(x, y)) ? [Math.round(x), Math.round(y)] : null;
}"""
"""Where the first element that is seen can be hit; null while something lies over it."""

Actions = list[dict[str, Any]]


class Engine(ABC):
    """One window of one browser. Both protocols take the same input actions and run the same functions."""

    name: str

    @abstractmethod
    def open(self, url: str) -> None:
        """Go there, and do not wait for what it loads."""

    @abstractmethod
    def call(self, function: str, *values: Any) -> Any:
        """What this JavaScript function answers, as JSON; a promise is waited for."""

    @abstractmethod
    def errors(self) -> list[str]:
        """What the page was told of as an error since this was asked before, so far as this protocol tells it."""

    @abstractmethod
    def picture(self, file: Path) -> None:
        """What is seen, as a PNG."""

    @abstractmethod
    def close(self) -> None:
        """End the browser, and all that was started for it."""

    @abstractmethod
    def _perform(self, actions: Actions) -> None:
        """Carry out input actions, as WebDriver and BiDi both name them."""

    def wait(self, function: str, *values: Any, within_s: float = PATIENCE_S) -> Any:
        """What the function answers once that is true. Fails with what the page says of itself."""
        until = time.monotonic() + within_s
        while not (answer := self.call(function, *values)):
            assert time.monotonic() < until, f"{self.name}: never true: {function} {json.dumps(values)}"
            time.sleep(LOOK_S)
        return answer

    def seen(self, selector: str, within_s: float = PATIENCE_S) -> None:
        """Wait until an element is there, and is seen."""
        look = "(selector) => [...document.querySelectorAll(selector)].some((each) => each.checkVisibility())"
        self.wait(look, selector, within_s=within_s)

    def gone(self, selector: str, within_s: float = PATIENCE_S) -> None:
        """Wait until there is no such element."""
        self.wait("(selector) => !document.querySelector(selector)", selector, within_s=within_s)

    def click(self, selector: str) -> None:
        """Press and let go in the middle of it, as a mouse does, once it can be hit."""
        x, y = self.wait(PLACE_OF, selector)
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 0, "origin": "viewport"}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self._perform([{**mouse, "actions": [move, *press]}])

    def type(self, text: str) -> None:
        """Press the keys of a text, one after the other, where the focus is."""
        keys = [{"type": kind, "value": each} for each in text for kind in ("keyDown", "keyUp")]
        self._perform([{"type": "key", "id": "keyboard", "actions": keys}])
