"""The real dev server in a process of its own."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from .process import running


def running_devserver(root: Path, *words: str, **environment: str) -> AbstractContextManager[str]:
    """Serve the tree at `root` with the dev server that is in it; its address. `words` are for its command line,
    `environment` is added to that of this process."""
    return running([sys.executable, "-u", "-m", "devserver", "--port", "0", *words], root, os.environ | environment)
