"""Steps of the set-up: told while they run, remembered when done, clear when they fail."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENDOR = ROOT / "web" / "vendor"
LOCKS = ROOT / "devserver" / "setup" / "locks"
STAMPS = VENV / "setup-stamps"


class SetupError(Exception):
    """A step failed. The text says what failed and what to do."""


def say(text: str) -> None:
    """One line to the person who waits."""
    print(f"· {text}", flush=True)


def run(command: list[str | Path], *, what: str, advice: str, quiet: bool = True, cwd: Path = ROOT) -> str:
    """Run a command; its output. Raises SetupError with the end of the output and what to do."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise SetupError(f"{what} could not be started ({error}). {advice}") from None
    while True:
        try:
            output, _ = process.communicate(timeout=10)
            break
        except subprocess.TimeoutExpired:
            say(f"  still busy: {what} ({time.monotonic() - started:.0f} s)")
    if process.returncode != 0:
        tail = "\n".join("    " + line for line in output.strip().splitlines()[-25:])
        raise SetupError(f"{what} failed (exit {process.returncode}).\n{tail}\n  {advice}")
    if not quiet:
        sys.stdout.write(output)
    return output


def digest(inputs: Iterable[Path], *more: str) -> str:
    """One hash over the contents of files and some texts: what a step depends on."""
    state = hashlib.sha256()
    for path in inputs:
        state.update(path.name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"absent") + b"\0")
    for text in more:
        state.update(text.encode() + b"\0")
    return state.hexdigest()


def is_done(name: str, key: str) -> bool:
    """Whether the step was done with exactly these inputs."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == key


def mark_done(name: str, key: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(key)


def forget(name: str) -> None:
    """Have the step done again next time."""
    (STAMPS / name).unlink(missing_ok=True)
