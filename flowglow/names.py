"""Names by which a server of ours is asked: under a stranger's name a page of theirs would be of our origin."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
OTHER_NAME = "This server is not known by this name; --names says which it has."


def names_it(host: str, names: Collection[str] | None) -> bool:
    """Whether `host` (a Host header) is one of the names of this server; None: whatever it was asked by.

    An address and localhost name nobody else. Any other name may belong to a stranger who made it point here, so that a
    page of theirs is of this origin.
    """
    if names is None:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if name not in ("localhost", *(each.lower() for each in names)):
            ip_address(name)
    except ValueError:
        return False
    return True
