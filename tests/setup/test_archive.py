from __future__ import annotations

import io
import zipfile
from pathlib import Path

from setup.archive import packed


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("b.py", "a.py"):
        (tmp_path / name).write_text(name)
    first = packed(tmp_path, ["a.py", "b.py"])
    (tmp_path / "a.py").touch()
    assert packed(tmp_path, ["a.py", "b.py"]) == first
    assert zipfile.ZipFile(io.BytesIO(first)).read("b.py") == b"b.py"
