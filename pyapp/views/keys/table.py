"""The one table of what a person can do by key or palette. Its words are in the catalogue, `command.<name>`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["run", "go", "look", "page"]
"""Where it stands on the sheet of keys; its words are `keys.<part>`."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done; without a key it is in the palette alone."""

    name: str
    part: Part
    icon: str
    key: str = ""
    acts: bool = False
    """It changes a run: not on a page in a frame of strangers, where a key may not be a person's own."""


COMMANDS = (
    Command("play", "run", "play", "p", acts=True),
    Command("stop", "run", "square", "s", acts=True),
    Command("again", "run", "repeat", acts=True),
    Command("approve", "run", "circle-check", "a", acts=True),
    Command("reject", "run", "circle-x", "r", acts=True),
    Command("next_run", "go", "chevron-down", "j"),
    Command("previous_run", "go", "chevron-right", "k"),
    Command("next_error", "go", "octagon-x", "e"),
    Command("next_waiting", "go", "circle-pause", "w"),
    Command("search", "go", "search", "/"),
    Command("palette", "go", "terminal", "Mod+k"),
    Command("timeline", "look", "clock", "t"),
    Command("chat", "look", "message-square", "1"),
    Command("output", "look", "file-text", "2"),
    Command("details", "look", "info", "3"),
    Command("log", "look", "list", "l"),
    Command("fit", "look", "maximize", "f"),
    Command("maximise", "look", "maximize-2", "m"),
    Command("runs", "look", "panel-right"),
    Command("link", "page", "external-link", "c"),
    Command("theme", "page", "moon"),
    Command("language", "page", "globe"),
    Command("announce", "page", "message-square"),
    Command("notify", "page", "circle-pause"),
    Command("diagnostics", "page", "activity", "d"),
    Command("keys", "page", "table", "?"),
    Command("close", "page", "x", "Escape"),
)
BY_KEY = {command.key: command for command in COMMANDS if command.key}
NOT_LISTED = ("palette", "close")
"""Of no use in the palette itself."""
