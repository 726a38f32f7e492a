"""web/vendor/: everything that the page loads and that is not ours, by lock, from the package registries."""

from __future__ import annotations

import shutil
from pathlib import Path

from .icons import write_icons
from .lockfile import write_pyodide_lock
from .machine import Machine, SetupError
from .manifest import check_manifest, write_manifest
from .node import npm
from .parts import write_parts
from .place import Place, digest
from .wheels import compile_to_bytecode, fetch_wheels

COPIES: dict[str, list[tuple[str, str]]] = {
    "pyodide": [("pyodide.mjs", ""), ("pyodide.asm.mjs", ""), ("pyodide.asm.wasm", "")],
    "@pyscript/core": [
        ("dist/*.js", "pyscript"),
        ("dist/core.css", "pyscript"),
        ("src/stdlib/pyscript.js", "pyscript/python"),
    ],
    "@dagrejs/dagre": [("dist/dagre.esm.js", "dagre"), ("LICENSE", "dagre")],
    "@panzoom/panzoom": [("dist/panzoom.es.js", "panzoom"), ("LICENSE*", "panzoom")],
    "dompurify": [("dist/purify.es.mjs", "dompurify"), ("LICENSE", "dompurify")],
    "fake-indexeddb": [("build/esm/**/*", "fake-indexeddb"), ("LICENSE", "fake-indexeddb")],
    "streaming-markdown": [("smd.js", "streaming-markdown"), ("LICENSE*", "streaming-markdown")],
    "@speed-highlight/core": [("dist/**/*", "speed-highlight")],
}
"""Package → (files, folder under web/vendor); "" is the folder of the package's own name."""


def ensure_libraries(place: Place, machine: Machine) -> None:
    """Fill web/vendor/ unless it is filled and every byte is as it was.

    It is filled beside its place and moved there when complete: what fails on the way leaves the old one alone.
    """
    key = digest(_inputs(place))
    if place.is_done("libraries", key):
        damage = check_manifest(place.vendor)
        if damage is None:
            return
        machine.say(f"{damage} It is fetched again.")
        place.forget("libraries")
    filled = place.venv / "vendor-new"
    shutil.rmtree(filled, ignore_errors=True)
    filled.mkdir(parents=True)
    _fill(place, machine, filled)
    shutil.rmtree(place.vendor, ignore_errors=True)
    shutil.move(filled, place.vendor)
    shutil.rmtree(place.modules, ignore_errors=True)
    place.mark_done("libraries", key)


def _inputs(place: Place) -> list[Path]:
    here = Path(__file__).parent
    code = [here / f"{name}.py" for name in ("browser_libraries", "icons", "lockfile", "manifest", "parts", "wheels")]
    packages = [place.web / "package.json", place.web / "package-lock.json"]
    locks = [place.locks / "wasm.txt", place.locks / "testing.txt"]
    return [*packages, *locks, place.icon_names, here / "bytecode.mjs", *code]


def _fill(place: Place, machine: Machine, target: Path) -> None:
    machine.say("fetching the browser libraries (npm, checked by hash)")
    machine.run(
        [*npm(place, machine), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", place.web],
        what="fetching the browser libraries",
        advice="Check that the npm registry can be reached, then run the same command again.",
    )
    for package, rules in COPIES.items():
        for pattern, folder in rules:
            copy_files(place.modules / package, pattern, target / (folder or package))
    write_icons(place.icon_names, place.modules / "lucide-static" / "icons", target / "icons.mjs")
    page, testing = fetch_wheels(place, machine, "wasm"), fetch_wheels(place, machine, "testing")
    compile_to_bytecode(place, machine, page, target / "pyodide")
    write_pyodide_lock(place.modules / "pyodide" / "pyodide-lock.json", target / "pyodide")
    write_parts(target / "pyodide")
    (target / "testing").mkdir()
    for wheel in testing:
        shutil.copy(wheel, target / "testing")
    write_manifest(target)


def copy_files(source: Path, pattern: str, target: Path) -> None:
    """Copy what the pattern names, folders under its fixed part kept. Only a licence may be absent."""
    files = [path for path in sorted(source.glob(pattern)) if path.is_file() and path.suffix != ".map"]
    if not files and not pattern.startswith("LICENSE"):
        raise SetupError(f"The npm package {source.name} has no {pattern}. Its version does not fit this project.")
    base = source / pattern.split("*")[0].rpartition("/")[0]
    for path in files:
        place = target / path.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
