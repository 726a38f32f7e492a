"""The tools store: which tools are at work on which node of a run."""

from __future__ import annotations

ToolsKey = tuple[str, str]
"""(run id, node id)."""

ToolNames = tuple[str, ...]
"""Names of the calls under way, oldest first."""
