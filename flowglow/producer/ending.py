"""The end of a node: it is told whatever its block put into it, as a node without an end executes for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Refused
from ..relay.log.port import Draft

Make = Callable[[Mapping[str, Any]], Draft]
"""Makes the event of what is said. Raises Refused."""


def ending(make: Make, said: Mapping[str, Any], which: Mapping[str, Any]) -> tuple[Draft, Refused | None]:
    """The event that ends the node `which`, and why not all that was `said` is in it; None where all is.

    What the contract refuses is left out by its field, and the end is a failure that says so; the rest is told. Raises
    Refused where `which` alone is no end.
    """
    try:
        return make({**said, **which}), None
    except Refused as fault:
        fitting = {name: said[name] for name in said if _fits(make, {"status": "error", name: said[name], **which})}
        status = fitting["status"] if fitting.get("status") in ("error", "killed") else "error"
        words = f"Not all that it ended with could be told: {fault}"
        how = {"status": status, "error": "\n".join(str(each) for each in (fitting.get("error"), words) if each)}
        try:
            return make({**fitting, **how, **which}), fault
        except Refused:  # one by one they are small enough, and together they are not
            return make({**how, **which}), fault


def _fits(make: Make, said: Mapping[str, Any]) -> bool:
    try:
        make(said)
    except Refused:
        return False
    return True
