"""Values from the wire as text."""

from __future__ import annotations

import json
from typing import Any


def text_of(value: Any) -> str:
    """Text as it is, None as nothing, any other JSON pretty-printed. Never raises."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return repr(value)
