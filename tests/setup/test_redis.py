"""When a Redis is installed for the tests, and when it is said that there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from setup.machine import SetupError
from setup.place import Place
from setup.redis import ensure_redis
from tests.setup.machine import Bare


class Noting(Bare):
    """Commands are noted, and fail if it says so."""

    def __init__(self, *programs: str, root: bool = True, fails: bool = False) -> None:
        super().__init__(*programs, root=root)
        self.fails = fails
        self.ran: list[str] = []

    def run(self, command: Any, **_: Any) -> str:
        if self.fails:
            raise SetupError("apt-get failed")
        self.ran.append(" ".join(str(part) for part in command))
        return ""


def test_one_that_is_there_is_taken(tmp_path: Path) -> None:
    machine = Noting("redis-server", "apt-get")
    ensure_redis(Place(tmp_path), machine)
    assert (machine.ran, machine.said) == ([], [])


def test_on_debian_as_root_it_is_installed_or_the_set_up_fails(tmp_path: Path) -> None:
    machine = Noting("apt-get")
    ensure_redis(Place(tmp_path), machine)
    assert machine.ran[-1].endswith("install -y --no-install-recommends redis-server")
    with pytest.raises(SetupError):
        ensure_redis(Place(tmp_path), Noting("apt-get", fails=True))


@pytest.mark.parametrize("machine", [Noting("apt-get", root=False), Noting()])
def test_elsewhere_it_is_said_what_is_left_out(tmp_path: Path, machine: Noting) -> None:
    ensure_redis(Place(tmp_path), machine)
    assert machine.ran == [] and "tests of the relay on Redis are left out" in machine.said[0]
