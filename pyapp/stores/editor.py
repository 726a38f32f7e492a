"""The editor store: which flow and run are on the canvas, and whether the editor is locked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditorState:
    """`locked` while the run in front is not over, or a start is under way."""

    locked: bool = False
    starting: bool = False
    """Play was pressed; the server has not answered yet."""
    stopping: bool = False
    """Stop was pressed; no terminal event has come yet."""
    unlocked_run: str | None = None
    """The run of which a person said: let me edit, though it is not known to be over."""
