from __future__ import annotations

import gzip
import os
from pathlib import Path

from setup.machine import Machine
from setup.place import HERE
from setup.twins import SUFFIXES, write_twins


def test_a_file_has_the_twins_that_are_smaller(tmp_path: Path) -> None:
    text = b"a page of much the same words\n" * 1000
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.js").write_bytes(text)
    (tmp_path / "noise.bin").write_bytes(os.urandom(10_000))
    (tmp_path / "empty").write_bytes(b"")
    write_twins(HERE, Machine(), tmp_path)
    twins = {f"a.js{SUFFIXES[name]}" for name in ("br", "gzip")}  # zstd where it is smaller than brotli
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"a.js", "noise.bin", "empty", *twins}
    assert gzip.decompress((tmp_path / "inner" / "a.js.gz").read_bytes()) == text
