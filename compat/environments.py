"""Python environments of their own, filled from the package registry, as a portal has one."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

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


@contextlib.contextmanager
def running(command: Sequence[str | Path], cwd: Path) -> Iterator[str]:
    """Start a server that prints its address on a line; the address, without the slash at its end."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        if match:
            break
    else:
        raise AssertionError(f"{command} did not start:\n{''.join(said)}")
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    drain.start()
    try:
        yield match[0]
    finally:
        process.terminate()
        process.wait(20)
        drain.join(20)
        process.stdout.close()
