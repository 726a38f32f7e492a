"""Flows: where a relay has the graphs from: JSON files, or the portal."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError
from pydantic_core import from_json

from pyapp.contract.flow import Flow

log = logging.getLogger("flowglow.relay")


class Flows(Protocol):
    """Gives flows as the contract has them (docs/contract.md §2)."""

    async def all(self) -> Sequence[dict[str, Any]]:
        """Every flow."""

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        """The flow of that id; None where there is none."""


class FileFlows:
    """Flows in JSON: a file with one or an array of them, or a folder of such files. Read anew when they change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: tuple[tuple[str, int, int], ...] | None = None
        self._flows: dict[str, dict[str, Any]] = {}

    async def all(self) -> Sequence[dict[str, Any]]:
        return list(self._current().values())

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        return self._current().get(flow_id)

    def _current(self) -> dict[str, dict[str, Any]]:
        files = sorted(self._path.glob("*.json")) if self._path.is_dir() else [self._path]
        stats = [(file, file.stat()) for file in files if file.exists()]
        key = tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)
        if key != self._key:
            self._key = key
            self._flows = {flow["id"]: flow for file, _ in stats for flow in flows_in(file)}
        return self._flows


class NoFlows:
    """A relay that knows of no graph: runs can be watched all the same."""

    async def all(self) -> Sequence[dict[str, Any]]:
        return []

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        return None


def flows_in(file: Path) -> list[dict[str, Any]]:
    """The flows of one file. What cannot be read is left out, and said in the log."""
    try:
        value = from_json(file.read_bytes())
    except (OSError, ValueError) as error:
        log.warning("The flows in %s cannot be read: %s", file, error)
        return []
    flows = []
    for each in value if isinstance(value, list) else [value]:
        try:
            flows.append({"id": Flow.model_validate(each).id, **each})
        except (ValidationError, TypeError) as error:
            log.warning("In %s there is something that is no flow: %s", file, str(error).splitlines()[0])
    return flows
