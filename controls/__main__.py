"""`make controls-page`: the controls that need a browser. A red test waits for what does not come: they take long."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .guards import PAGE_GUARDS, Guard
from .test_controls import ROOT, TESTS_FAILED

LINKS = (".venv", "web/vendor")
"""What is large and is not changed."""


def attempt(guard: Guard, place: Path) -> int:
    """Take the guard out of a copy of everything, and run its test there; pytest's exit code."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.split("\0")[:-1]:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes((ROOT / name).read_bytes())
    for name in LINKS:
        (place / name).symlink_to(ROOT / name)
    file = place / guard.file
    text = file.read_text()
    if text.count(guard.guard) != 1:
        sys.exit(f"{guard.file} has the guard against “{guard.fault}” {text.count(guard.guard)} times, not once.")
    file.write_text(text.replace(guard.guard, guard.without))
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"e2e/{guard.test}"]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    return subprocess.run(command, cwd=place, capture_output=True, env=environment, check=False).returncode


def main() -> None:
    """One after the other; the exit code says whether all went red."""
    untouched = Guard("nothing", "index.html", "<!doctype html>", "<!doctype html>", "test_runtime.py")
    with tempfile.TemporaryDirectory() as place:
        if attempt(untouched, Path(place)):
            sys.exit("The copy does not pass with nothing taken out: its red tests would prove nothing.")
    green = 0
    for guard in PAGE_GUARDS:
        with tempfile.TemporaryDirectory() as place:
            code = attempt(guard, Path(place))
        red = code == TESTS_FAILED
        green += not red
        print(f"{'red' if red else f'NOT RED ({code})'}: {guard.fault}", flush=True)
    sys.exit(1 if green else 0)


if __name__ == "__main__":
    main()
