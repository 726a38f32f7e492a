"""The wheel that a portal installs: the host package, what it needs of pyapp, and the page as `make dist` built it.

It is written here rather than by a build tool: nothing is compiled, and the same tree gives the same bytes. It is also
the build backend that pyproject.toml names, so that `pip wheel .` makes the same file, once there is a dist/.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .archive import EPOCH
from .machine import Machine, SetupError
from .place import HERE, Place

FOLDER = "wheel"
SITE = "flowglow/site"
OURS_ALONE = frozenset({"server", "agno", "test", "check", "node"})
"""Extras that are for work on flowglow itself."""
IN_BROWSERS = ("pyapp/browser/", "pyapp/main.py")
"""Python that only a browser can run."""
PACKED = frozenset({".br", ".zst", ".gz", ".whl", ".zip"})
TAG = "py3-none-any"


def make_wheel(place: Place, machine: Machine) -> Path:
    """Write the wheel into wheel/, in the place of an older one. dist/ must have been built. Raises SetupError."""
    target = place.root / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    wheel = target / write_wheel(target, place.root, place.root / "dist")
    machine.say(
        f"{FOLDER}/{wheel.name} is complete: pip install it into a portal ({wheel.stat().st_size / 1e6:.0f} MB)"
    )
    return wheel


def write_wheel(target: Path, root: Path, site: Path) -> str:
    """Write the wheel of the tree at `root`, with the page that was built into `site`; its name. Raises SetupError."""
    project = _project(root)
    if not (site / "manifest.json").is_file():
        raise SetupError("There is no built page to put into the wheel. Run `make dist`, which makes the wheel, too.")
    label = f"{project['name']}-{project['version']}"
    name = f"{label}-{TAG}.whl"
    records = []
    with zipfile.ZipFile(target / name, "w") as archive:
        for path, content in [*_files(root, site), *_facts(root, project, f"{label}.dist-info")]:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            records.append(f"{path},sha256={digest},{len(content)}\n")
            _put(archive, path, content)
        record = f"{label}.dist-info/RECORD"
        _put(archive, record, "".join([*records, f"{record},,\n"]).encode())
    return name


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """The hook of PEP 517."""
    return write_wheel(Path(wheel_directory), HERE.root, HERE.root / "dist")


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """The hook of PEP 517 for what there is not."""
    raise SetupError("flowglow is installed from its wheel; its source is the tree itself.")


def metadata(root: Path, project: dict[str, Any]) -> str:
    """What an installer reads (core metadata 2.1): the extras that are for portals, and no others."""
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
        *(f"Requires-Dist: {each}" for each in project["dependencies"]),
    ]
    for extra, needs in project["optional-dependencies"].items():
        if extra not in OURS_ALONE:
            lines += [f"Provides-Extra: {extra}", *(f"Requires-Dist: {_within(each, extra)}" for each in needs)]
    return "\n".join([*lines, "", (root / project["readme"]).read_text(encoding="utf-8")])


def _within(need: str, extra: str) -> str:
    """A requirement as one of an extra; a condition of its own is kept: there may be only one `;`."""
    name, has_condition, condition = need.partition(";")
    return (
        f'{name.strip()}; ({condition.strip()}) and extra == "{extra}"'
        if has_condition
        else f'{need}; extra == "{extra}"'
    )


def _project(root: Path) -> dict[str, Any]:
    import tomllib  # not at the top: an older Python must get as far as being told that it is too old

    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _files(root: Path, site: Path) -> Iterator[tuple[str, bytes]]:
    for package in ("flowglow", "pyapp"):
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(IN_BROWSERS):
                yield name, path.read_bytes()
        yield f"{package}/py.typed", b""
    for path in sorted(site.rglob("*")):
        if path.is_file():
            yield f"{SITE}/{path.relative_to(site).as_posix()}", path.read_bytes()


def _facts(root: Path, project: dict[str, Any], folder: str) -> Iterator[tuple[str, bytes]]:
    scripts = "".join(f"{name} = {target}\n" for name, target in project["scripts"].items())
    yield f"{folder}/METADATA", metadata(root, project).encode()
    yield f"{folder}/WHEEL", f"Wheel-Version: 1.0\nGenerator: flowglow\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode()
    yield f"{folder}/entry_points.txt", f"[console_scripts]\n{scripts}".encode()


def _put(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    info = zipfile.ZipInfo(path, EPOCH)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED if Path(path).suffix in PACKED else zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
