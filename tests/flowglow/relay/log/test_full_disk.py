"""A disk that is really full: of its own, as small as can be."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MOUNT = 'mount -t tmpfs -o size=40m tmpfs "$0" && exec "$@"'
PATIENCE_S = 100.0


def on_a_small_disk(folder: Path, *command: str) -> str:
    """What the command says; the disk is gone with it. Skips where this machine lets nobody have one."""
    own = ["unshare", "-rm", "sh", "-c", MOUNT, str(folder)]
    if shutil.which("unshare") is None or subprocess.run([*own, "true"], capture_output=True).returncode != 0:
        pytest.skip("A small disk cannot be made here: `unshare -rm` and `mount -t tmpfs` are not allowed.")
    done = subprocess.run([*own, *command], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_old_runs_go_though_the_disk_is_full_and_what_comes_then_is_taken(tmp_path: Path) -> None:
    """In the room that is held for that, in which a log is opened, too. Where there was none, once there is room."""
    told = json.loads(
        on_a_small_disk(tmp_path, sys.executable, "-m", "tests.flowglow.relay.log.full_disk", str(tmp_path))
    )
    held, late = told["held"], told["not held"]
    assert held["sweeps"] == [held["begun"], 0, 1] and held["old"] == 0
    assert held["again"] > held["begun"] * 0.8
    assert late["sweeps"] == ["log_full", late["begun"], 1] and late["old"] == 0
    assert late["again"] > late["begun"]
    started = told["started"]
    assert started["read"] and started["words"] == ["log_full", ["old"], [0]]
    assert started["left"][0] > started["left"][1] > 10 << 20
    assert started["without"][0] == "log_full" and "log.db is full" in started["without"][1]
