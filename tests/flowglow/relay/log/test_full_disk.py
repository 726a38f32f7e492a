"""A disk that is really full: of its own, as small as can be."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of it."""
    folder = tmp_path_factory.mktemp("disk")
    command = [sys.executable, "-m", "tests.flowglow.relay.log.full_disk", str(folder)]
    return dict(json.loads(on_a_small_disk(folder, *command)))


def test_who_watches_is_let_in_though_the_disk_is_full(told: dict[str, Any]) -> None:
    """A ticket is good, and good once; and an event is refused still. Whether another process gave a ticket nobody
    knows: who comes with it is told to come again, and not that it is bad."""
    assert told["watched"] == {
        "tickets": [200],
        "first": "hello",
        "seq": 19,
        "again": 1013,
        "made up": 1013,
        "in another process": "log_full",
        "event": "log_full",
    }


def test_old_runs_go_though_the_disk_is_full_and_what_comes_then_is_taken(told: dict[str, Any]) -> None:
    """In the room that is held for that, in which a log is opened, too. Where there was none, once there is room."""
    held, late = told["held"], told["not held"]
    assert held["sweeps"] == [held["begun"], 0, 1] and held["old"] == 0
    assert held["again"] > held["begun"] * 0.8
    assert late["sweeps"] == ["log_full", late["begun"], 1] and late["old"] == 0
    assert late["again"] > late["begun"]
    started = told["started"]
    assert started["read"] and started["words"] == ["log_full", ["old"], [0]]
    assert started["left"][0] > started["left"][1] > 10 << 20
    assert started["without"][0] == "log_full" and "log.db is full" in started["without"][1]
