"""Structured logs: a JSON object for each line, so that a machine can search them."""

from __future__ import annotations

import logging
import sys

from ..wire import to_text


class JsonLines(logging.Formatter):
    """Time (seconds since the epoch), level, who says it, what; and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        said = {"ts": record.created, "level": record.levelname.lower(), "name": record.name}
        line = said | {"message": record.getMessage()} | getattr(record, "more", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return to_text(line)


def tell_in_json(level: str = "info") -> None:
    """From now on everything that is logged goes to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
