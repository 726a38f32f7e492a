from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

from setup.lockfile import write_pyodide_lock


def wheel(folder: Path, name: str, *needs: str) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    metadata = f"Name: {name}\nVersion: 1.0\n" + "".join(f"Requires-Dist: {each}\n" for each in needs)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.0.dist-info/METADATA", metadata)
    return path


def test_only_what_is_there_is_listed_by_hash(tmp_path: Path) -> None:
    """Names as packages write them; what is needed only for an extra, or is not there, is left out."""
    (tmp_path / "shipped.json").write_text('{"info": {"arch": "wasm32"}, "packages": {"numpy": {}}}')
    needs = ("annotated-types>=0.6.0", 'email-validator; extra == "email"', "absent")
    paths = {"some-thing": wheel(tmp_path, "some_thing", *needs), "annotated-types": wheel(tmp_path, "annotated_types")}
    write_pyodide_lock(tmp_path / "shipped.json", tmp_path)
    lock = json.loads((tmp_path / "pyodide-lock.json").read_text())
    assert lock["info"] == {"arch": "wasm32"}
    assert sorted(lock["packages"]) == ["annotated-types", "some-thing"]
    for name, entry in lock["packages"].items():
        assert entry["sha256"] == hashlib.sha256(paths[name].read_bytes()).hexdigest()
        assert (entry["name"], entry["file_name"], entry["version"]) == (name, paths[name].name, "1.0")
    assert lock["packages"]["some-thing"]["depends"] == ["annotated-types"]
    assert lock["packages"]["some-thing"]["imports"] == ["some_thing"]
