"""The vectors of DOMPurify's own test suite, by lock, for the tests alone.

Releases since 0.8.4 ship no tests; 0.8.0 has the newest vectors that the registry has.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .machine import Machine
from .node import node, npm
from .place import HERE, Place, digest

FIXTURES = Path("node_modules/dompurify/test/fixtures/expect.js")
READ = "process.stdout.write(JSON.stringify(require(process.argv[1]).map(({ payload }) => payload)))"


def ensure_vectors(place: Place, machine: Machine) -> None:
    """Fetch them and write them as JSON, unless that is done already."""
    lock = place.locks / "vectors"
    key = digest([lock / "package.json", lock / "package-lock.json", Path(__file__)])
    if place.is_done("vectors", key) and _file(place).exists():
        return
    folder = _file(place).parent
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(lock, folder)
    machine.say("fetching the vectors of DOMPurify's tests (npm, checked by hash)")
    machine.run(
        [*npm(place, machine), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        what="fetching the vectors of DOMPurify's tests",
        advice="Check that the npm registry can be reached, then run the same command again.",
    )
    said = machine.run(
        [node(place, machine), "-e", READ, folder / FIXTURES],
        what="reading the vectors",
        advice="Run `make clean` and try again.",
    )
    _file(place).write_text(said)
    place.mark_done("vectors", key)


def vectors(place: Place = HERE) -> list[str]:
    """The texts, as `ensure_vectors` has left them."""
    found: list[str] = json.loads(_file(place).read_text())
    return found


def _file(place: Place) -> Path:
    return place.venv / "vectors" / "dompurify.json"
