"""pyodide-lock.json: what Pyodide may load, by hash. Lists only the wheels beside it."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any


def write_pyodide_lock(shipped: Path, folder: Path) -> None:
    """Write `folder`/pyodide-lock.json for the wheels in `folder`, with the `info` of the shipped lock."""
    wheels = {_name(path.name.partition("-")[0]): path for path in sorted(folder.glob("*.whl"))}
    lock = {
        "info": json.loads(shipped.read_text())["info"],
        "packages": {name: _entry(name, path, set(wheels)) for name, path in wheels.items()},
    }
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n")


def _name(text: str) -> str:
    """The package that a requirement begins with, as lock files write it."""
    return re.split(r"[^\w.-]", text, maxsplit=1)[0].replace("_", "-").lower()


def _entry(name: str, wheel: Path, present: set[str]) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata_name = next(each for each in names if each.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
    tops = {each.split("/")[0].split(".")[0] for each in names if ".dist-info" not in each}
    needs = {_name(each) for each in metadata.get_all("Requires-Dist") or [] if "extra ==" not in each}
    return {
        "name": name,
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(tops),
        "depends": sorted(needs & present),
        "unvendored_tests": False,
    }
