"""How the timeline is looked at, as its JavaScript says it: {run, scale, span, critical}. Pure."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from ...contract.location import SCALES, Look, Looked, ScaleName


def write_look(looked: Looked) -> str:
    """For the page's JavaScript."""
    look = looked.look
    return json.dumps({"run": looked.run_id or "", "scale": look.scale, "span": look.span, "critical": look.critical})


def read_look(told: str) -> Looked:
    """What it said; what is no stretch of time is none."""
    said: dict[str, Any] = json.loads(told)
    scale: ScaleName = next((each for each in SCALES if each == said.get("scale")), "time")
    begin, end = said.get("span") or (0.0, 0.0)
    span = (float(begin), float(end)) if isfinite(begin) and isfinite(end) and begin < end else None
    return Looked(said.get("run") or None, Look(scale, span, bool(said.get("critical"))))
