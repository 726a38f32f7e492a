from __future__ import annotations

import json
from pathlib import Path

import pytest

from setup.icons import write_icons
from setup.machine import SetupError

PLAY = """<!-- license -->
<svg xmlns="http://www.w3.org/2000/svg" width="24" viewBox="0 0 24 24">
  <path d="M5 5a2 2 0 0 1 3-2z" />
  <circle cx="12" cy="12"
    r="10" />
</svg>
"""


def write(folder: Path, names: str) -> str:
    (folder / "names.txt").write_text(names)
    write_icons(folder / "names.txt", folder, folder / "icons.mjs")
    return (folder / "icons.mjs").read_text()


def test_shapes_become_a_module(tmp_path: Path) -> None:
    """Tags with their attributes, by the icon's name; nothing of the file round them."""
    (tmp_path / "play.svg").write_text(PLAY)
    text = write(tmp_path, "play\n")
    assert json.loads(text.removeprefix("export default ").rstrip(";\n")) == {
        "play": [["path", {"d": "M5 5a2 2 0 0 1 3-2z"}], ["circle", {"cx": "12", "cy": "12", "r": "10"}]]
    }


@pytest.mark.parametrize(("name", "words"), [("none", "no icon 'none'"), ("odd", "cannot be read")])
def test_an_icon_that_is_not_there_or_not_readable_is_named(tmp_path: Path, name: str, words: str) -> None:
    """The set-up stops with the name."""
    (tmp_path / "odd.svg").write_text("<svg></svg>")
    with pytest.raises(SetupError, match=words):
        write(tmp_path, name)
