"""The flows that the dev server runs. A flow is one module with `flow(root) -> Flow`, and one line below.

The first paragraph of the module's docstring is the flow's description.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from pathlib import Path

from ..engine.flow import Flow

MODULES = (
    "team",
    "linear",
    "failing",
    "assistant",
    "approvals",
    "sign_in",
    "report",
    "agno_workflow",
    "agno_agent",
    "agno_team",
    "nested",
    "loop",
    "branches",
    "wide",
)
"""In the order in which the page lists them. A flow whose library is not installed is left out."""

log = logging.getLogger("flowglow.flows")


def all_flows(root: Path, modules: Sequence[str] = MODULES, package: str = __name__) -> dict[str, Flow]:
    """Every flow that can run here, by id; `root` is the project whose files they work on."""
    flows: dict[str, Flow] = {}
    for name in modules:
        try:
            module = importlib.import_module(f"{package}.{name}")
            flow: Flow = module.flow(root)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith(package):
                raise
            log.info("The flow %s is left out: the library %s is not installed.", name, error.name)
            continue
        flow.description = (module.__doc__ or "").partition("\n\n")[0].strip()
        flows[flow.id] = flow
    return flows
