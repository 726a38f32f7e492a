"""The protocols this page knows, a line each, and which of them a backend speaks by what it says first."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import from_json

from ..contract.control import CONTROLS
from ..contract.events import EVENTS
from .agno.dialect import AgnoDialect
from .agno.table import EVENTS as AGNO_EVENTS
from .agui.dialect import AguiDialect
from .dialect import Dialect
from .protocol import Heard, Json

AUTO = "auto"
PORTAL = "portal"
"""The contract itself: nothing is translated (docs/contract.md)."""

DIALECTS: dict[str, type[Dialect]] = {"agno": AgnoDialect, "ag-ui": AguiDialect}
"""One line for each foreign protocol, by the value of the setting."""

PROTOCOLS = (AUTO, PORTAL, "agno", "ag-ui")


def recognised(heard: Heard) -> str | None:
    """Which protocol a message is of; None where it may be any.

    Names alone would not do: some events of Agno's are called as the contract's are, and mean something else.
    """
    item = item_of(heard)
    if item is None:
        return None
    event, kind = item.get("event"), item.get("type")
    if isinstance(event, str):
        return _by_event(event, item, heard)
    if isinstance(kind, str):
        if kind in CONTROLS:
            return PORTAL
        return "ag-ui" if kind.isupper() and AGUI & item.keys() else None
    return None


AGUI = {
    "threadId", "runId", "messageId", "toolCallId", "snapshot", "delta", "stepName", "event", "name", "activityType",
}  # fmt: skip
AGNO = {"created_at", "workflow_id", "event_index", "nested_depth", "requires_auth"}
AGENTS = {"agent_id", "team_id"}
"""The contract has these too: they give Agno away beside a name that is none of the contract's."""
OURS = EVENTS - AGNO_EVENTS.keys()
"""Names that the contract alone has, whatever stands beside them."""


def _by_event(event: str, item: Json, heard: Heard) -> str | None:
    """What only Agno writes gives it away; else a name of the contract's beside a run is the contract."""
    agnos = AGNO if event in EVENTS else AGNO | AGENTS
    if event not in OURS and agnos & item.keys() and "seq" not in item:
        return "agno"
    return PORTAL if event in EVENTS and isinstance(item.get("run_id"), str) and not heard.name else None


def item_of(heard: Heard) -> Json | None:
    """The JSON object that a message is, or the first of several: alone, or as the data of SSE text on a socket."""
    text = heard.text
    if text.startswith(("event:", "data:")):
        text = "\n".join(line[5:].strip() for line in text.split("\n") if line.startswith("data:"))
    try:
        item = from_json(text, allow_inf_nan=False)
    except ValueError:
        return None
    if isinstance(item, list) and item:
        item = item[0]
    return dict(item) if isinstance(item, Mapping) else None
