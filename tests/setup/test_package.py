"""The wheel: what is in it, and what it says of itself."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import flowglow
from setup.machine import SetupError
from setup.package import OURS_ALONE, build_sdist, metadata, write_wheel
from setup.place import HERE
from tests.flowglow.support import FILES, built


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The project's own description and packages, with a small page in the place of the built one."""
    root = tmp_path / "tree"
    built(root / "dist")
    for name in ("pyproject.toml", "README.md", "flowglow", "pyapp"):
        (root / name).symlink_to(HERE.root / name)
    return root


def test_it_has_the_package_the_page_and_nothing_that_only_a_browser_can_run(tree: Path, tmp_path: Path) -> None:
    name = write_wheel(tmp_path, tree, tree / "dist")
    assert name == f"flowglow-{flowglow.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(tmp_path / name) as wheel:
        names = set(wheel.namelist())
    assert {f"flowglow/site/{each}" for each in FILES} < names
    assert {"flowglow/asgi.py", "flowglow/py.typed", "pyapp/contract/events.py", "pyapp/testing/page.py"} < names
    assert not [
        each for each in names if each.startswith(("pyapp/browser/", "pyapp/main", "setup/", "devserver/", "tests/"))
    ]
    assert not [each for each in names if "__pycache__" in each]


def test_an_installer_can_check_every_file(tree: Path, tmp_path: Path) -> None:
    """RECORD names each with its hash; two builds give the same bytes."""
    wheel = tmp_path / write_wheel(tmp_path, tree, tree / "dist")
    first = wheel.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        record = next(each for each in archive.namelist() if each.endswith("/RECORD"))
        listed = {path: value for path, value, _ in csv.reader(io.StringIO(archive.read(record).decode()))}
        assert set(listed) == set(archive.namelist()) and listed.pop(record) == ""
        for path, value in listed.items():
            digest = hashlib.sha256(archive.read(path)).digest()
            assert value == f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    write_wheel(tmp_path, tree, tree / "dist")
    assert wheel.read_bytes() == first


def test_it_offers_portals_what_is_for_them(tree: Path, tmp_path: Path) -> None:
    """A range of pydantic, as a portal has its own; no extras for work on flowglow."""
    with zipfile.ZipFile(tmp_path / write_wheel(tmp_path, tree, tree / "dist")) as wheel:
        folder = f"flowglow-{flowglow.__version__}.dist-info"
        said = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
        assert b"flowglow = flowglow.__main__:console" in wheel.read(f"{folder}/entry_points.txt")
        assert b"Tag: py3-none-any" in wheel.read(f"{folder}/WHEEL")
    assert said["Version"] == flowglow.__version__
    assert {"relay", "watch"} <= set(said.get_all("Provides-Extra") or []) and not OURS_ALONE & set(
        said.get_all("Provides-Extra") or []
    )
    plain = [each for each in said.get_all("Requires-Dist") or [] if "extra ==" not in each]
    assert sorted(each.split(">")[0] for each in plain) == ["pydantic", "uvicorn"]
    assert all(each.count(";") <= 1 for each in said.get_all("Requires-Dist") or []), "an installer reads no other"


def test_what_cannot_be_built_is_said(tree: Path, tmp_path: Path) -> None:
    (tree / "dist" / "manifest.json").unlink()
    with pytest.raises(SetupError, match="Run `make dist`"):
        write_wheel(tmp_path, tree, tree / "dist")
    with pytest.raises(SetupError, match="from its wheel"):
        build_sdist(str(tmp_path))


def test_a_requirement_keeps_a_condition_of_its_own(tree: Path) -> None:
    """Beside that of its extra, behind one semicolon."""
    project = {
        **tomllib.loads((tree / "pyproject.toml").read_text())["project"],
        "optional-dependencies": {
            "fast": ["quick>=1; platform_system != 'Windows' or python_version < '4'", "plain>=2"]
        },
    }
    needs = [line for line in metadata(tree, project).splitlines() if "extra ==" in line]
    assert needs == [
        "Requires-Dist: quick>=1; (platform_system != 'Windows' or python_version < '4') and extra == \"fast\"",
        'Requires-Dist: plain>=2; extra == "fast"',
    ]
