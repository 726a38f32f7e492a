"""`make lock`: pin the newest versions that pyproject.toml and package.json allow, by hash."""

from __future__ import annotations

import shutil

from .browser_libraries import PAGE_WHEELS, PLATFORM, TEST_WHEELS, WEB, _npm
from .environment import LOCK, python
from .step import ROOT, VENV, run, say

PAGE = ["pydantic==2.14.3", "pydantic-core==2.50.4", "annotated-types", "typing-extensions", "typing-inspection"]
TESTING = ["pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis", "sortedcontainers"]
ADVICE = "Check that the package registries can be reached."


def relock() -> None:
    """Write every lock anew. Look at the difference before committing it."""
    say("locking the Python packages")
    tools = VENV / "lock-tools"
    run([python(), "-m", "pip", "install", "-q", "--target", tools, "uv"], what="installing uv", advice=ADVICE)
    extras = [f"--extra={name}" for name in ("server", "agno", "test", "check", "node")]
    run(
        [tools / "bin" / "uv", "pip", "compile", "-q", "--upgrade", "--generate-hashes", "--python-version", "3.11",
         "--no-header", "--no-annotate", *extras, "pyproject.toml", "-o", LOCK],
        what="locking the Python packages", advice=ADVICE,
    )  # fmt: skip
    for wheels, lock in ((PAGE, PAGE_WHEELS), (TESTING, TEST_WHEELS)):
        _lock_wheels(wheels, lock)
    say("locking the browser libraries")
    run(
        [*_npm(), "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved",
         "--no-audit", "--no-fund", "--prefix", WEB],
        what="locking the browser libraries", advice=ADVICE,
    )  # fmt: skip
    shutil.rmtree(tools)


def _lock_wheels(wanted: list[str], lock: object) -> None:
    """pip resolves for the browser's platform; its hashes go into the lock."""
    folder = VENV / "wheels-lock"
    shutil.rmtree(folder, ignore_errors=True)
    say(f"locking {', '.join(wanted)} for the browser")
    run(
        [python(), "-m", "pip", "download", "-q", "--no-deps", *PLATFORM, "--platform", "any", "-d", folder, *wanted],
        what="resolving the wheels for the browser", advice=ADVICE, cwd=ROOT,
    )  # fmt: skip
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        said = run([python(), "-m", "pip", "hash", wheel], what=f"hashing {wheel.name}", advice=ADVICE)
        lines.append(f"{name.replace('_', '-')}=={version} {said.strip().splitlines()[-1]}")
    with open(str(lock), "w") as file:
        file.write("\n".join(lines) + "\n")
    shutil.rmtree(folder)
