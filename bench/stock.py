"""The same app on stock PyScript: its interpreter, its standard library and the wheels as they were published."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from e2e.site import ROOT
from setup.lockfile import write_pyodide_lock
from setup.machine import Machine
from setup.node import npm
from setup.place import Place

FOLDER = ROOT / "out" / "stock"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")


def stock_site() -> Path:
    """Build the site, all by lock; the folder to serve. What is the app's own is linked, so it is always the same."""
    site, place, machine = FOLDER / "site", Place(ROOT), Machine()
    shutil.rmtree(site, ignore_errors=True)
    for folder in ("web", "web/vendor", "web/vendor/pyodide"):
        (site / folder).mkdir(parents=True)
    link(ROOT, site, "index.html", "pyapp")
    link(ROOT / "web", site / "web", "boot.js", "css", "js", "icons")
    vendored = [each.name for each in (ROOT / "web" / "vendor").iterdir() if each.name != "pyodide"]
    link(ROOT / "web" / "vendor", site / "web" / "vendor", *vendored)
    config, interpreter = (ROOT / "pyscript.toml").read_text(), 'interpreter = "./web/vendor/pyodide/pyodide.mjs"'
    (site / "pyscript.toml").write_text(re.sub(r"(?m)^interpreter = .*$", interpreter, config))
    published, target = packages(place, machine) / "pyodide", site / "web" / "vendor" / "pyodide"
    for name in RUNTIME:
        shutil.copy(published / name, target)
    for wheel in sorted((place.venv / "wheels-wasm").glob("*.whl")):  # as the set-up fetched them, checked by hash
        shutil.copy(wheel, target)
    write_pyodide_lock(published / "pyodide-lock.json", target)
    return site


def packages(place: Place, machine: Machine) -> Path:
    """The npm packages of the page as they were published."""
    found = FOLDER / "node_modules"
    if not found.is_dir():
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "web" / name, FOLDER)
        command = [*npm(place, machine), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", FOLDER]
        subprocess.run([str(each) for each in command], check=True)
    return found


def link(source: Path, target: Path, *names: str) -> None:
    for name in names:
        (target / name).symlink_to(source / name)
