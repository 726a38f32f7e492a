"""When web/built/ is made anew. That edits show all the same is shown in a browser: e2e/test_edit.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from setup import built
from setup.built import FOLDER, STAMP, built_text, ensure_built
from setup.machine import Machine
from setup.place import Place
from setup.snapshot import Snapshot, module_names


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The modules of each snapshot that was taken."""
    taken: list[list[str]] = []

    def take_snapshot(
        place: Place, machine: Machine, work: Path, app: Path, modules: list[str], **how: Any
    ) -> Snapshot:
        assert how == {"may_change": True}
        taken.append(modules)
        work.mkdir()
        for name in ("python.snap", "pydantic_core.wasm"):
            (work / name).write_text(name)
        return Snapshot(work / "python.snap", work / "pydantic_core.wasm", {"heap": 1})

    monkeypatch.setattr(built, "take_snapshot", take_snapshot)
    return taken


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("pyapp/main.py", "pyapp/a/__init__.py", "pyapp/a/b.py", "web/vendor/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return Place(tmp_path)


def test_it_is_made_once_for_each_tree(place: Place, taken: list[list[str]]) -> None:
    """Anew after an edit, a new module, other libraries; and the old one is gone."""
    ensure_built(place, Machine())
    ensure_built(place, Machine())
    assert taken == [["pyapp.a", "pyapp.a.b"]]
    (place.root / FOLDER / "old").touch()
    for change in ("pyapp/a/b.py", "pyapp/c.py", "web/vendor/manifest.json"):
        (place.root / change).write_text("# changed")
        before = len(taken)
        ensure_built(place, Machine(), exact=False)
        assert len(taken) == before + (not change.startswith("pyapp/"))
        ensure_built(place, Machine())
        assert len(taken) == before + 1
    names = {path.name for path in (place.root / FOLDER).iterdir()}
    assert names == {"parts.mjs", "python.snap", "pydantic_core.wasm", STAMP}
    assert [path.name for path in place.web.iterdir() if path.name.startswith(".")] == []


def test_the_page_finds_its_parts(place: Place, taken: list[list[str]]) -> None:
    ensure_built(place, Machine(), exact=False)
    text = (place.root / FOLDER / "parts.mjs").read_text()
    snapshot = json.loads(text.removeprefix("export default ").rstrip(";\n"))["snapshot"]
    assert snapshot["open"] is True and snapshot["heap"] == 1
    assert snapshot["memory"]["file"] == "../../built/python.snap"
    assert snapshot["library"]["integrity"].startswith("sha256-")


def test_without_a_snapshot_there_is_none() -> None:
    assert '"snapshot": null' in built_text(None, None)


def test_modules_have_the_names_that_python_gives_them() -> None:
    assert module_names(["pyapp/__init__.py", "pyapp/a/b.py"]) == ["pyapp", "pyapp.a.b"]
