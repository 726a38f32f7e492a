"""The twins of a file: packed with zstd, brotli and gzip, for servers that send what lies ready."""

from __future__ import annotations

from pathlib import Path

from .machine import Machine
from .node import locked_node
from .place import Place

PACKER = Path(__file__).parent / "twins.mjs"
SUFFIXES = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}
"""By the name that browsers give each in Accept-Encoding, the best first."""


def write_twins(place: Place, machine: Machine, folder: Path) -> None:
    """Give each file in the folder the twins that are smaller than it."""
    machine.run(
        [locked_node(place), PACKER, folder],
        what="packing the files",
        advice="Run `make clean`, then `make dist` again.",
    )
