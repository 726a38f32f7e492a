"""Where the set-up finds and puts things, below one root; and what it remembers of steps done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """The folders of one clone."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment of the dev server and the tests; scratch files of the set-up are in it too."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's own interpreter."""
        return self.venv / "bin" / "python"

    @property
    def web(self) -> Path:
        return self.root / "web"

    @property
    def vendor(self) -> Path:
        """What the page loads that is not ours."""
        return self.web / "vendor"

    @property
    def modules(self) -> Path:
        """Where npm puts packages; removed once the files we need are copied."""
        return self.web / "node_modules"

    @property
    def locks(self) -> Path:
        return self.root / "setup" / "locks"

    @property
    def icon_names(self) -> Path:
        return self.web / "icons" / "names.txt"

    @property
    def stamps(self) -> Path:
        return self.venv / "setup-stamps"

    def is_done(self, step: str, key: str) -> bool:
        """Whether the step was done with exactly these inputs."""
        stamp = self.stamps / step
        return stamp.exists() and stamp.read_text() == key

    def mark_done(self, step: str, key: str) -> None:
        """Remember the step, and what it was done with."""
        self.stamps.mkdir(parents=True, exist_ok=True)
        (self.stamps / step).write_text(key)

    def forget(self, step: str) -> None:
        """Have the step done again next time."""
        (self.stamps / step).unlink(missing_ok=True)


HERE = Place(Path(__file__).resolve().parents[1])
"""The clone that this file is in."""


def digest(inputs: Iterable[Path], *more: str) -> str:
    """One hash over the names and contents of files and some texts: what a step depends on."""
    state = hashlib.sha256()
    for path in inputs:
        state.update(path.name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"absent") + b"\0")
    for text in more:
        state.update(text.encode() + b"\0")
    return state.hexdigest()
