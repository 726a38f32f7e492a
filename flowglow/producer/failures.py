"""What went wrong while somebody spoke with a relay, in words for whoever tells the run."""

from __future__ import annotations

import logging

from ..errors import Refused

log = logging.getLogger("flowglow.producer")


def as_refused(error: Exception, run_id: str) -> Refused:
    """The error itself, if it is a refusal; else one that names it: nobody waits for what has failed unforeseen."""
    if isinstance(error, Refused):
        return error
    log.error("Run %s: what speaks with the relay has failed.", run_id, exc_info=error)
    words = f"What speaks with the relay has failed, and nothing more is sent: {type(error).__name__}: {error}"
    refused = Refused(500, "failed", words)
    refused.__cause__ = error
    return refused
