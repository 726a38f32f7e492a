"""`make controls-page`: the controls that need a browser. A red test waits for what does not come: they take long.

`python -m tests.controls "hostile links" …` tries the named ones alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .attempt import ROOT, TESTS_FAILED, run_without
from .edges import PAGE_GUARDS
from .guard import Guard

LINKS = (".venv", "web/vendor")
"""What is large and is not changed."""


def attempt(guard: Guard, place: Path) -> tuple[int, str]:
    """Take the guard out of a copy of everything, and run its test there; pytest's exit code and words."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.split("\0")[:-1]:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes((ROOT / name).read_bytes())
    for name in LINKS:
        (place / name).symlink_to(ROOT / name)
    return run_without(guard, place, place / guard.file, f"e2e/{guard.test}")


def main() -> None:
    """One after the other; the exit code says whether all went red."""
    unknown = set(sys.argv[1:]) - {guard.fault for guard in PAGE_GUARDS}
    if unknown:
        sys.exit(
            f"No control that needs a browser is called {', '.join(sorted(unknown))}: see tests/controls/edges.py."
        )
    untouched = Guard("nothing", "index.html", "<!doctype html>", "<!doctype html>", "test_runtime.py")
    with tempfile.TemporaryDirectory() as place:
        code, said = attempt(untouched, Path(place))
        if code:
            sys.exit(f"{said}\nThe copy does not pass with nothing taken out: its red tests would prove nothing.")
    green = 0
    chosen = [guard for guard in PAGE_GUARDS if not sys.argv[1:] or guard.fault in sys.argv[1:]]
    for guard in chosen:
        with tempfile.TemporaryDirectory() as place:
            code, said = attempt(guard, Path(place))
        red = code == TESTS_FAILED
        green += not red
        print(f"red: {guard.fault}" if red else f"{said}\nNOT RED ({code}): {guard.fault}", flush=True)
    sys.exit(1 if green else 0)


if __name__ == "__main__":
    main()
