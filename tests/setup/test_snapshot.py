"""What the snapshot says of itself. That it restores is shown in a browser: e2e/test_snapshot.py."""

from __future__ import annotations

from pathlib import Path

from setup.machine import Machine
from setup.place import HERE
from setup.snapshot import take_snapshot


def test_two_snapshots_lie_alike(tmp_path: Path) -> None:
    """Everything is at the same place each time; the page compares it with its own."""
    machine = Machine()
    first, second = (take_snapshot(HERE, machine, tmp_path / name) for name in ("a", "b"))
    assert first.facts["layout"] == second.facts["layout"]
    assert len(first.facts["layout"]["libraries"]) == 1
    assert first.library.read_bytes()[:4] == b"\0asm"
    assert first.memory.stat().st_size < 64 << 20
