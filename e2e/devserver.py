"""The real dev server in a process of its own."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from .process import running


def running_devserver(root: Path, *words: str) -> AbstractContextManager[str]:
    """Serve the tree at `root` with the dev server that is in it; its address. `words` are for its command line."""
    return running([sys.executable, "-u", "-m", "devserver", "--port", "0", *words], root)
