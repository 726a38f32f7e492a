"""The real dev server in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running_devserver(root: Path, *words: str) -> Iterator[str]:
    """Serve the tree at `root` with the dev server that is in it; its address. `words` are for its command line."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "devserver", "--port", "0", *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        if match:
            break
    else:
        raise AssertionError("the dev server did not start:\n" + "".join(said))
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
