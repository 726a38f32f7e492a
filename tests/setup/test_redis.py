"""When a Redis is installed for the tests, and when it is said that there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from setup.machine import Machine, SetupError
from setup.place import Place
from setup.redis import ensure_redis


class Bare(Machine):
    """A machine with these programs, on which commands are noted, and fail if it says so."""

    def __init__(self, *programs: str, root: bool = True, fails: bool = False) -> None:
        super().__init__()
        self.programs, self.root, self.fails = programs, root, fails
        self.ran: list[str] = []
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def find(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def is_root(self) -> bool:
        return self.root

    def run(self, command: Any, **_: Any) -> str:
        if self.fails:
            raise SetupError("apt-get failed")
        self.ran.append(" ".join(str(part) for part in command))
        return ""


def test_one_that_is_there_is_taken(tmp_path: Path) -> None:
    machine = Bare("redis-server", "apt-get")
    ensure_redis(Place(tmp_path), machine)
    assert (machine.ran, machine.said) == ([], [])


def test_on_debian_as_root_it_is_installed_or_the_set_up_fails(tmp_path: Path) -> None:
    machine = Bare("apt-get")
    ensure_redis(Place(tmp_path), machine)
    assert machine.ran[-1].endswith("install -y --no-install-recommends redis-server")
    with pytest.raises(SetupError):
        ensure_redis(Place(tmp_path), Bare("apt-get", fails=True))


@pytest.mark.parametrize("machine", [Bare("apt-get", root=False), Bare()])
def test_elsewhere_it_is_said_what_is_left_out(tmp_path: Path, machine: Bare) -> None:
    ensure_redis(Place(tmp_path), machine)
    assert machine.ran == [] and "tests of the relay on Redis are left out" in machine.said[0]
