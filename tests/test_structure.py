"""The house is in order: every module has its test, files and constructors stay small, the wiring is plain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyapp

PYAPP = Path(pyapp.__file__).parent
TESTS = Path(__file__).parent
UNTESTED = {"main.py", "elements.py", "person.py", "ports.py"}
"""The start of the page in a browser, and protocols: they say what others do, and do nothing."""
MAX_LINES = 260
LONG = {
    "ports.py",
    "run/record.py",
    "run/tracking.py",
}
"""One idea each that takes longer; none of them above 400 lines."""
TABLES = {"locale/en.py", "locale/nl.py"}
"""Words alone: as long as there is something to say."""
MAX_LINES_OF_ALL = 30_010
"""What a run shows is 13,690 lines, foreign protocols are 4,800, speaking with a portal is 640, its own files are 330;
the rest is for people who keep the page open all day, and for servers that answer late, wrongly or never."""
MAX_PARAMETERS = 6


def modules() -> Iterator[Path]:
    """Every module that is not the browser's own; its folder is tested in a browser."""
    for path in sorted(PYAPP.rglob("*.py")):
        if path.relative_to(PYAPP).parts[0] != "browser":
            yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def has_code(path: Path) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in ast.walk(tree(path)))


def mirrored(path: Path) -> Path:
    """Where the tests of a module are: pyapp/run/log.py → tests/run/test_log.py; a package's own, beside its parts'."""
    place = path.relative_to(PYAPP)
    name = place.parent.name if place.name == "__init__.py" else place.stem
    return TESTS / place.parent / f"test_{name}.py"


def test_every_module_has_its_test() -> None:
    missing = [
        str(mirrored(path).relative_to(TESTS))
        for path in modules()
        if has_code(path) and str(path.relative_to(PYAPP)) not in UNTESTED and not mirrored(path).exists()
    ]
    assert missing == []


def test_every_exception_is_a_module() -> None:
    assert [each for each in UNTESTED if not (PYAPP / each).exists()] == []


def test_every_test_has_its_module() -> None:
    """In the folders that mirror pyapp: a test whose module has gone tests something by another name."""
    rooms = [path.name for path in PYAPP.iterdir() if path.is_dir() and path.name not in ("browser", "__pycache__")]
    known = {mirrored(path) for path in modules()}
    orphans = [path for room in rooms for path in (TESTS / room).rglob("test_*.py") if path not in known]
    assert [str(path.relative_to(TESTS)) for path in orphans] == []


def test_the_wiring_is_seen_at_a_glance() -> None:
    """app.py builds the page and does nothing else; nothing in it is put off by a lambda."""
    app = PYAPP / "app.py"
    assert lines(app) <= 120
    assert [node.lineno for node in ast.walk(tree(app)) if isinstance(node, ast.Lambda)] == []


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_are_short() -> None:
    names = {str(path.relative_to(PYAPP)): lines(path) for path in PYAPP.rglob("*.py")}
    names = {name: count for name, count in names.items() if name not in TABLES}
    assert {name for name, count in names.items() if count > MAX_LINES} == LONG
    assert max(names.values()) <= 400


@pytest.mark.parametrize("path", sorted(PYAPP.rglob("*.py")), ids=lambda path: str(path.relative_to(PYAPP)))
def test_constructors_are_small(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            count = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs) - 1
            assert count <= MAX_PARAMETERS, f"line {node.lineno}: {count} parameters"


def test_the_page_is_small() -> None:
    paths = [path for path in PYAPP.rglob("*.py") if str(path.relative_to(PYAPP)) not in TABLES]
    assert sum(lines(path) for path in paths) < MAX_LINES_OF_ALL
