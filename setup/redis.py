"""A Redis for the tests of the relay: one on PATH, else Debian's package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .environment import apt_install

if TYPE_CHECKING:
    from .machine import Machine
    from .place import Place

PROGRAM = "redis-server"


def ensure_redis(place: Place, machine: Machine) -> None:
    """Find or install it. Where that cannot be done (no root, no Debian) its tests are left out, and say so."""
    if machine.find(PROGRAM) is not None:
        return
    if machine.find("apt-get") is None or not machine.is_root():
        machine.say(f"there is no {PROGRAM}: tests of the relay on Redis are left out (install {PROGRAM} to run them)")
        return
    apt_install(machine, PROGRAM, why="The tests run a relay on Redis.")
