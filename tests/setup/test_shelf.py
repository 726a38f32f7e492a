from __future__ import annotations

import json
from pathlib import Path

import pytest

from setup.machine import SetupError
from setup.manifest import integrity_of
from setup.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_name_has_its_content_in_it(shelf: Shelf, tmp_path: Path) -> None:
    """Other content is another file; the old one stays as it is."""
    old = shelf.put("web/a.b.js", b"old")
    new = shelf.put("web/a.b.js", b"new")
    assert old != new
    assert (tmp_path / old).read_bytes() == b"old"
    assert shelf.names == {"web/a.b.js": new}
    assert shelf.put("web/a.b.js", b"new") == new
    assert Path(new).parent == Path("web") and Path(new).suffix == ".js"


def test_modules_find_one_another_by_the_map(shelf: Shelf) -> None:
    """By their paths in the tree, as they are written in them; each with its hash."""
    name = shelf.put("web/js/a.mjs", b"export {};")
    shelf.put("web/a.css", b"")
    assert json.loads(shelf.import_map()) == {
        "imports": {"./web/js/a.mjs": f"./{name}"},
        "integrity": {f"./{name}": integrity_of(b"export {};")},
    }


def test_a_style_sheet_names_files_as_they_are_here(shelf: Shelf, tmp_path: Path) -> None:
    """What is in it as data stays; one that names what is not there stops the build, with words."""
    icon = shelf.put("web/icons/tool.svg", b"<svg/>")
    name = shelf.put_style("web/css/a.css", b'a { mask: url("../icons/tool.svg") } b { mask: url("data:x") }')
    assert (tmp_path / name).read_text() == f'a {{ mask: url("../../{icon}") }} b {{ mask: url("data:x") }}'
    with pytest.raises(SetupError, match=r"web/css/b\.css names web/css/gone\.svg"):
        shelf.put_style("web/css/b.css", b'url("gone.svg")')


def test_what_is_imported_at_once_is_known(shelf: Shelf) -> None:
    shelf.put("web/js/a.mjs", b'import x from "../lib/x.js";\nconst later = () => import("./later.mjs");')
    shelf.put("web/lib/x.js", b'export{y}from"./y.js";import"./gone.js"')
    for name in ("web/lib/y.js", "web/js/later.mjs"):
        shelf.put(name, b"")
    assert shelf.reached_from("web/js/a.mjs") == ["web/js/a.mjs", "web/lib/x.js", "web/lib/y.js"]


def test_a_part_is_named_as_it_is_seen_from_its_reader(shelf: Shelf) -> None:
    inner, outer = shelf.put("web/lib/x.wasm", b"x"), shelf.put("app.zip", b"z")
    assert shelf.part("web/lib/x.wasm", "web/lib") == {
        "file": Path(inner).name,
        "integrity": integrity_of(b"x"),
        "bytes": 1,
    }
    assert shelf.part("app.zip", "web/lib") == {"file": f"../../{outer}", "integrity": integrity_of(b"z"), "bytes": 1}


def test_the_manifest_tells_what_may_be_kept(shelf: Shelf) -> None:
    name = shelf.put("web/a.css", b"abc")
    shelf.put_plain("index.html", b"")
    files = json.loads(shelf.manifest())["files"]
    assert files[name] == {"integrity": integrity_of(b"abc"), "immutable": True, "bytes": 3}
    assert files["index.html"]["immutable"] is False
