"""A server in a process of its own, which prints its address on a line."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start it; the address, without the slash at its end. By default it has the environment of this process."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**(os.environ if environment is None else environment), "PYTHONUNBUFFERED": "1"},
    )
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
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # on a busy machine: a server that people watch takes its time
            process.kill()
            process.wait(10)
        drain.join(10)
        process.stdout.close()
