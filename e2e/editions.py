"""Two editions of the tree: this one, and one in which a file of each kind is another."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setup.place import HERE, Place

FOLDERS = ("web", "pyapp", "flowglow", "devserver", "setup")
CHANGES = {
    "index.html": ("<html ", '<html data-document="B" '),
    "web/boot.js": ('progress("page");', 'progress("page");\nroot.dataset.script = "B";'),
    "web/css/tokens.css": (":root", ":root { --edition: B; }\n:root"),
    "pyapp/browser/page.py": (
        "    js.flowglow.ready()",
        "    js.document.documentElement.dataset.python = 'B'\n    js.flowglow.ready()",
    ),
}
EDITION = """() => {
  const root = document.documentElement;
  const { document: html, script, python } = root.dataset;
  const style = getComputedStyle(root).getPropertyValue("--edition").trim();
  return [html, script, python, style].map((each) => each || "A").join("");
}"""
"""Which edition each kind of file is of."""


def copied_tree(root: Path) -> Place:
    """This tree again, with all that set-up made; files are linked, so replace them, and never write into them."""
    for name in FOLDERS:
        shutil.copytree(HERE.root / name, root / name, copy_function=os.link, ignore=shutil.ignore_patterns(".*"))
    for name in ("index.html", "pyscript.toml"):
        shutil.copy(HERE.root / name, root)
    (root / ".venv").symlink_to(HERE.venv)
    return Place(root)


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace a passage of a file, as an editor does: the file is a new one."""
    text = (root / name).read_text()
    assert old in text
    (root / name).unlink()
    (root / name).write_text(text.replace(old, new, 1))


def changed_tree(root: Path) -> Place:
    """The other edition."""
    place = copied_tree(root)
    for name, (old, new) in CHANGES.items():
        edit(root, name, old, new)
    return place
