from __future__ import annotations

import gzip
import os
from pathlib import Path

from flowglow.files import TWINS
from setup.machine import Machine
from setup.place import HERE
from setup.twins import write_twins


def test_a_file_has_the_twins_that_are_smaller(tmp_path: Path) -> None:
    text = b"a page of much the same words\n" * 1000
    site = tmp_path / "site"
    (site / "inner").mkdir(parents=True)
    (site / "inner" / "a.js").write_bytes(text)
    (site / "inner" / "the same.js").write_bytes(text)
    (site / "noise.bin").write_bytes(os.urandom(10_000))
    (site / "empty").write_bytes(b"")
    write_twins(HERE, Machine(), site, tmp_path / "cache")
    twins = {f"a.js{TWINS[name]}" for name in ("br", "gzip")}  # zstd where it is smaller than brotli
    same = {name.replace("a.js", "the same.js") for name in twins}
    found = {path.name for path in site.rglob("*") if path.is_file()}
    assert found == {"a.js", "the same.js", "noise.bin", "empty", *twins, *same}
    assert gzip.decompress((site / "inner" / "a.js.gz").read_bytes()) == text


def test_what_was_packed_once_is_not_packed_again(tmp_path: Path) -> None:
    """It is known by its content. What no build used for a week is forgotten."""
    site, cache = tmp_path / "site", tmp_path / "cache"
    site.mkdir()
    (site / "a.js").write_bytes(b"the same words\n" * 1000)
    write_twins(HERE, Machine(), site, cache)
    kept = next(cache.glob("*.br"))
    kept.write_bytes(b"of the cache")
    (cache / "old.br").write_bytes(b"")
    os.utime(cache / "old.br", (0, 0))
    write_twins(HERE, Machine(), site, cache)
    assert (site / "a.js.br").read_bytes() == b"of the cache" and not (cache / "old.br").exists()
    (site / "a.js").write_bytes(b"other words\n" * 1000)
    write_twins(HERE, Machine(), site, cache)
    assert (site / "a.js.br").read_bytes() != b"of the cache"
