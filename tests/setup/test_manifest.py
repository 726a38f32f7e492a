"""setup.manifest: every vendored byte is what was fetched, or a sentence says which is not."""

from __future__ import annotations

from pathlib import Path

from setup.manifest import NAME, check_manifest, write_manifest


def test_every_byte_is_as_it_was_fetched(tmp_path: Path) -> None:
    folder = tmp_path / "vendor"
    (folder / "deep").mkdir(parents=True)
    file = folder / "deep" / "a.js"
    file.write_text("1;")
    write_manifest(folder)
    assert check_manifest(folder) is None
    file.write_text("2;")
    assert check_manifest(folder) == "vendor/deep/a.js is not what was fetched (wrong SHA-256)."
    file.unlink()
    assert check_manifest(folder) == "vendor/deep/a.js is missing."
    file.write_text("1;")
    (folder / "b.js").write_text("3;")
    assert check_manifest(folder) == "vendor/b.js does not belong there."
    (folder / NAME).write_text("{")
    assert check_manifest(folder) == f"vendor/{NAME} is missing or damaged."
