from __future__ import annotations

import json
from pathlib import Path

import pytest

from setup.icons import write_icons
from setup.machine import SetupError

ALL = """<!-- license -->
<svg xmlns="http://www.w3.org/2000/svg" width="24" viewBox="0 0 24 24">
  <path d="M5 5a2 2 0 0 1 3-2z" />
  <path d="m19 12-7 7-7-7" />
  <circle cx="12" cy="12"
    r="1" fill="currentColor" />
  <ellipse cx="12" cy="5" rx="9" ry="3" />
  <line x1="8" x2="16" y1="12" y2="12.5" />
  <rect width="18" height="14" x="3" y="5" rx="2" ry="2" />
</svg>
"""
PATH = (
    "M5 5a2 2 0 0 1 3-2z",
    "M0 0m19 12-7 7-7-7",
    "M11 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0z",
    "M3 5a9 3 0 1 0 18 0a9 3 0 1 0 -18 0z",
    "M8 12L16 12.5",
    "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z",
)


def write(folder: Path, names: str) -> str:
    (folder / "names.txt").write_text(names)
    write_icons(folder / "names.txt", folder, folder / "icons.mjs")
    return (folder / "icons.mjs").read_text()


def test_shapes_become_one_path(tmp_path: Path) -> None:
    """Each drawn where it stands, by the icon's name; nothing of the file round them."""
    (tmp_path / "all.svg").write_text(ALL)
    assert json.loads(write(tmp_path, "all\n").removeprefix("export default ").rstrip(";\n")) == {"all": "".join(PATH)}


ODD = [("none", "no icon 'none'"), ("odd", "cannot be read"), ("new", "cannot be read")]


@pytest.mark.parametrize(("name", "words"), ODD)
def test_an_icon_that_is_not_there_or_not_readable_is_named(tmp_path: Path, name: str, words: str) -> None:
    """The set-up stops with the name."""
    (tmp_path / "odd.svg").write_text("<svg></svg>")
    (tmp_path / "new.svg").write_text('<svg><text x="1" /></svg>')
    with pytest.raises(SetupError, match=words):
        write(tmp_path, name)
