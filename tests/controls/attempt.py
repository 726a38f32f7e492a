"""One attempt: a guard is taken out of a copy, and its test is run there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .guard import Guard

ROOT = Path(__file__).resolve().parents[2]
TESTS_FAILED = 1
"""pytest's exit code when the tests ran and some failed; anything else is no proof."""


def run_without(guard: Guard, place: Path, file: Path, test: str, **settings: str) -> tuple[int, str]:
    """Put `file`, in the copy at `place`, without the guard; pytest's exit code and words for `test`.

    `settings` are put into the environment of pytest.
    """
    text = file.read_text()
    assert text.count(guard.guard) == 1, f"{guard.file} has this guard {text.count(guard.guard)} times, not once"
    file.write_text(text.replace(guard.guard, guard.without))
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(place), **settings}
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300, env=environment, check=False)
    return done.returncode, done.stdout + done.stderr
