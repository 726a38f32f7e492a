"""Python environments of their own, filled from the package registry, as a portal has one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from e2e.process import running

FILLED_WITHIN_S = 400


def environment(folder: Path, *wanted: str | Path) -> Path:
    """Make an environment with these packages; its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=FILLED_WITHIN_S)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=FILLED_WITHIN_S)
    assert done.returncode == 0, f"pip could not install {wanted}:\n{done.stderr}"
    return python


def free_port() -> int:
    """A port that nobody listens at, for a server that must be named before it is started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def running_apart(command: Sequence[str | Path], cwd: Path) -> AbstractContextManager[str]:
    """Start a server that knows nothing of this tree; its address."""
    return running(command, cwd, {name: value for name, value in os.environ.items() if name != "PYTHONPATH"})
