"""Keep the events of runs and hand them out to pages: the contract's socket and HTTP API, for any producer."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
from pathlib import Path

from ..addresses import is_address, is_origin, shown
from ..headers import is_value, no_value
from ..names import NAME
from ..relay.app import create_relay
from ..relay.flows import FileFlows, NoFlows
from ..relay.journal import tell_in_json
from ..relay.log.opening import complaint_of, open_log
from ..relay.log.port import KEEP, Full, Retention, Unavailable
from ..relay.portal import NoExecutor, Portal, Webhook
from ..relay.server import BACKLOG, RelayServer, new_loop
from ..relay.settings import DEFAULT, Settings
from ..serving import address_of, open_listener
from ..terminal import say

DAY_S = 86_400.0
BOUNDS: dict[str, tuple[float, float]] = {
    "port": (0, 65_535),
    "heartbeat": (0.1, 3_600),
    "spread": (0, 3_600),
    "keep_days": (0.001, 36_500),
    "keep_runs": (0, 10**9),
    "keep_events": (1, 10**9),
}
"""The least and the most that an option can be."""


def describe(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add("--log", default="sqlite:flowglow.db", help="memory, sqlite:PATH or redis://HOST:PORT/0 (default: %(default)s)")
    add("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    add("--port", type=int, default=8001, help="0 takes any free one (default: %(default)s)")
    add("--flows", type=Path, help="a JSON file with flows, or a folder of them")
    add("--key", action="append", default=[], help="a key with which producers may send; or FLOWGLOW_KEY")
    add("--webhook", help="URL that is called to start and stop runs, and when people answered")
    add("--webhook-key", help="bearer key for it; or FLOWGLOW_WEBHOOK_KEY")
    add("--origin", action="append", default=[], help="origin of a page that may act here; * is any")
    add(
        "--names",
        action="extend",
        nargs="+",
        default=[],
        metavar="ONE",
        help="a name by which it is asked, beside its address and localhost",
    )
    add("--need-ticket", action="store_true", help="refuse sockets without a ticket")
    add("--heartbeat", type=float, default=DEFAULT.heartbeat_s, help="seconds (default: %(default)s)")
    add(
        "--spread", type=float, default=DEFAULT.spread_s, help="seconds over which sockets leave (default: %(default)s)"
    )
    add("--keep-days", type=float, default=KEEP.age_s / DAY_S, help="since a run's last event (default: %(default)s)")
    add("--keep-runs", type=int, default=KEEP.runs, help="runs that are over (default: %(default)s)")
    add("--keep-events", type=int, default=KEEP.events, help="events of one run (default: %(default)s)")
    add("--log-level", default="info", choices=["debug", "info", "warning", "error"], help="(default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Serve until a signal; 1 and a sentence when that can't be, 2 for an option that can't be meant."""
    if complaint := _complaint(options):
        say("relay", complaint)
        return 2
    try:
        keys = _keys(options)
    except ValueError as error:
        say("relay", str(error))
        return 1
    tell_in_json(options.log_level)
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(_serve(options, keys))
    except (Unavailable, Full) as error:
        say("relay", str(error))
    except OSError as error:
        where = f"{options.host}:{options.port}"
        say("relay", f"{where} cannot be listened at ({error.strerror or error}).")
    return 1


async def _serve(options: argparse.Namespace, keys: list[str]) -> int:
    retention = Retention(events=options.keep_events, runs=options.keep_runs, age_s=options.keep_days * DAY_S)
    listener = open_listener(options.host, options.port, backlog=BACKLOG)
    try:
        event_log = await open_log(options.log, retention)
    except (Unavailable, Full):
        listener.close()
        raise
    webhook = Webhook(options.webhook, _webhook_key(options)[1]) if options.webhook else None
    portal = Portal(
        flows=FileFlows(options.flows) if options.flows else NoFlows(),
        executor=webhook or NoExecutor(),
        keys=keys,
    )
    settings = Settings(
        heartbeat_s=options.heartbeat,
        need_ticket=options.need_ticket,
        origins=tuple(options.origin),
        names=(*options.names, options.host),
        spread_s=options.spread,
    )
    try:
        url = address_of(options.host, listener)
        await RelayServer(create_relay(event_log, portal, settings), url).serve(sockets=[listener])
    finally:
        if webhook is not None:
            await webhook.close()
        await event_log.close()
    return 0


def _complaint(options: argparse.Namespace) -> str:
    for name, (least, most) in BOUNDS.items():
        given = getattr(options, name)
        if not least <= given <= most:  # nan is between no two
            return f"--{name.replace('_', '-')} must be a number from {least} to {most}; {given} is not."
    if complaint := complaint_of(options.log):
        return f"--log {complaint}"
    if options.webhook and not is_address(options.webhook, ("http", "https")):
        return f"--webhook must begin with http:// or https://, and name a host; {shown(options.webhook)!r} does not."
    if odd := next((each for each in options.origin if each != "*" and not is_origin(each)), None):
        words = "an origin as a browser names it, https://portal.example or http://localhost:8000, or *"
        return f"--origin must be {words}; {shown(odd)!r} is none."
    if other := next((each for each in options.names if not NAME.fullmatch(each)), None):
        return (
            f"--names must be names of hosts, as portal.example, without http:// and a port; {shown(other)!r} is none."
        )
    for option, key in [*_given_keys(options), *([_webhook_key(options)] if options.webhook else [])]:
        if key and not is_value(key):
            return no_value(option)
    if options.flows is not None and not options.flows.exists():
        return f"--flows must be a JSON file or a folder of them; there is nothing at {str(options.flows)!r}."
    return ""


def _given_keys(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Each key, and where it was given."""
    given = os.environ.get("FLOWGLOW_KEY")
    named = [*(("--key", each) for each in options.key), *([] if given is None else [("FLOWGLOW_KEY", given)])]
    return [(where, key.strip()) for where, key in named]


def _webhook_key(options: argparse.Namespace) -> tuple[str, str | None]:
    """The webhook's key, and where it was given."""
    if options.webhook_key:
        return "--webhook-key", options.webhook_key
    return "FLOWGLOW_WEBHOOK_KEY", os.environ.get("FLOWGLOW_WEBHOOK_KEY")


def _keys(options: argparse.Namespace) -> list[str]:
    """The keys that were given, or one that is made and told. Raises ValueError."""
    given = _given_keys(options)
    if empty := next((where for where, key in given if not key), None):
        raise ValueError(f"{empty} is empty, and an empty key would let everybody send; give a key, or leave it out.")
    keys = [key for _, key in given]
    if not keys:
        keys = [secrets.token_urlsafe(24)]
        say("relay", f"no key was given; until it stops, producers send with {keys[0]}")
    return keys
