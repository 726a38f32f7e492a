"""What stands in the stream of a run, where anybody may have written: what cannot be used harms nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyapp.contract.decode import parse

from ...errors import Refused
from ...reading import read
from ...wire import MAX_EVENT, event_text, size, to_text
from ..drafts import draft, numbered
from .port import Appeared, Draft

UNREADABLE = "unreadable"
"""The name of what stands for an entry that is no event: no name of the contract, so it only uses its number up."""
_ON_LINES = re.compile(r"[\r\n]")
"""JSON may be laid out on several lines; a line of NDJSON is one event."""
log = logging.getLogger("flowglow.relay")


def started(entries: Iterable[tuple[str, Mapping[str, str]]]) -> list[Appeared]:
    """What the stream of new runs tells; an entry that names no run is passed over."""
    told = [fields for _, fields in entries if fields.get("run")]
    return [Appeared(each["run"], each.get("flow") or None, "late" in each) for each in told]


def told(run_id: str, seq: int, fields: Mapping[str, str]) -> str:
    """The event as watchers get it: JSON on one line, with its run and number, that fits into a frame with others."""
    text = fields.get("e", "").strip()
    try:
        event = _object(run_id, text)
        if _ON_LINES.search(text) or "seq" in event or "run_id" not in event or size(text) > MAX_EVENT:
            text = event_text({"run_id": run_id} | {key: value for key, value in event.items() if key != "seq"})
    except ValueError:
        text = to_text({"event": UNREADABLE, "run_id": run_id})
    return numbered(text, seq)


def folded(run_id: str, seq: int, fields: Mapping[str, str], now: float) -> Draft | None:
    """The event as the run's picture takes it in; None, and a line in the log, for one that breaks the contract."""
    try:
        event = {"run_id": run_id, "event_id": fields.get("i"), **_object(run_id, fields.get("e", ""))}
        return draft(run_id, event, now)
    except (ValueError, Refused) as error:
        log.warning("Entry %d of the run %.200r in Redis is passed over: %s", seq, run_id, error)
        return None


def _object(run_id: str, text: str) -> dict[str, Any]:
    """The JSON of an event of that run. Raises ValueError, in words."""
    text.encode()  # what is not UTF-8 came as halves of characters
    event = read(text, parse)
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise ValueError("it is no JSON object with `event`, a text.")
    if event.get("run_id", run_id) != run_id:
        raise ValueError(f"it is of the run {event['run_id']!r:.200}.")
    return event
