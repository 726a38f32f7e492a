"""Watch runs in a terminal: nodes, chat, what waits; it comes back by itself after a break."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import suppress

from ..addresses import is_address, shown
from ..headers import is_value, no_value
from ..signals import KILLED, Ended
from ..terminal import Unwritable, say
from ..watch.screen import Impossible, Screen, watched
from ..watch.watcher import Target

STATUS = {"success": 0, "error": 1, "killed": 3}
UNWRITABLE, IMPOSSIBLE, UNKNOWN, REFUSED = 1, 2, 4, 5
CLOSED = KILLED + 13
"""As of a program that SIGPIPE ends."""


def describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ws", help="the socket's address, ws:// or wss://")
    parser.add_argument(
        "--api", default="", help="the base of the HTTP API: names of nodes, tickets, runs that go on already"
    )
    parser.add_argument("--run", action="append", default=[], help="this run; may be given again")
    parser.add_argument("--flow", help="the runs of this flow")
    parser.add_argument(
        "--once", action="store_true", help="until the run is over (the one named, else the first that ends)"
    )
    parser.add_argument(
        "--plain", action="store_true", help="lines instead of a picture; so it is where nobody looks (a pipe)"
    )
    parser.add_argument("--token", help="sent as `Authorization: Bearer …`")
    parser.add_argument("--for", dest="for_s", type=float, metavar="S", help="no longer than so many seconds")


def run(options: argparse.Namespace) -> int:
    """With --once the run's end: 0 success, 1 error, 3 killed, 4 not seen.

    2 when an option can never work, 5 when the server asks for a sign-in; 141 when nobody reads what is written, and
    128 with its number added when a signal ends it.
    """
    if options.token and not is_value(options.token):
        return _impossible(no_value("--token"))
    for address, schemes in ((options.ws, ("ws", "wss")), (options.api, ("http", "https"))):
        if address and not is_address(address, schemes):
            return _impossible(f"the address must begin with {schemes[0]}:// or {schemes[1]}://, and name a host; "
                               f"{shown(address)!r} does not.")  # fmt: skip
    target = Target(options.ws, options.api, tuple(options.run), options.flow, options.token)
    plain = options.plain or not sys.stdout.isatty()
    deadline = time.monotonic() + options.for_s if options.for_s is not None else None
    ended = None
    try:
        with suppress(KeyboardInterrupt):
            ended = asyncio.run(watched(target, Screen(plain), once=options.once, deadline=deadline))
    except Impossible as error:
        return _impossible(str(error))
    except Ended as error:
        return error.status
    except Unwritable as error:
        if error.closed:
            return CLOSED
        say("watch", f"{error}.")
        return UNWRITABLE
    if ended == "sign-in":
        say("watch", "the server wants a sign-in; give a --token, or an --api that issues tickets.")
        return REFUSED
    return STATUS.get(ended or "", UNKNOWN) if options.once else 0


def _impossible(sentence: str) -> int:
    say("watch", sentence)
    return IMPOSSIBLE
