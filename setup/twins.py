"""The twins of a file: packed with zstd, brotli and gzip, for servers that send what lies ready."""

from __future__ import annotations

from pathlib import Path

from .machine import Machine
from .node import locked_node
from .place import Place

PACKER = Path(__file__).parent / "twins.mjs"


def write_twins(place: Place, machine: Machine, folder: Path, cache: Path | None = None) -> None:
    """Give each file in the folder the twins that are smaller than it; what was packed before is taken from `cache`."""
    machine.run(
        [locked_node(place), PACKER, folder, cache or place.venv / "twins"],
        what="packing the files",
        advice="Run `make clean`, then `make dist` again.",
    )
