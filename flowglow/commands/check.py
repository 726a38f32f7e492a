"""Check a backend against the contract: what falls short, and what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
from math import inf
from typing import Any

from ..addresses import is_address, shown
from ..check.options import NAMES, Options
from ..check.report import as_json, line, status, summary
from ..headers import is_name, is_value, no_value
from ..terminal import say

NEEDS = "flowglow.check.conduct"
SHORTEST_S = 0.1
"""Nothing is answered sooner, and then nothing is said of the backend."""


def describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ws", required=True, help="the socket's address, ws:// or wss://")
    parser.add_argument("--api", required=True, help="the base of the HTTP API, http:// or https://")
    flow = "a flow to run, by id; may be given again. Without it the first one that is listed is run, several times"
    parser.add_argument("--flow", action="append", default=[], help=flow)
    parser.add_argument("--input", help="what runs are given: JSON, or text")
    parser.add_argument("--run", help="a run that is there, whose history is longer than 1 MiB")
    parser.add_argument("--token", help="sent as `Authorization: Bearer …` with each call")
    parser.add_argument("--ticket", help="a ticket for the first socket, where POST /tickets cannot be asked from here")
    parser.add_argument(
        "--header", action="append", default=[], metavar="NAME:VALUE", help="sent with each call; may be given again"
    )
    parser.add_argument("--origin", help="the page's origin, where it is not the API's")
    parser.add_argument("--page", help="the page's address: whether its CSP lets this backend through")
    parser.add_argument("--only", action="append", default=[], choices=NAMES, help="this check; may be given again")
    parser.add_argument(
        "--patience", type=float, default=20.0, metavar="S", help="the longest wait for anything (default: 20)"
    )
    parser.add_argument("--json", action="store_true", help="the findings as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when the backend does all that it must, 1 when not, 2 when not enough could be asked to say."""
    complaint = _complaint(options)
    if complaint:
        say("check", complaint)
        return 2
    from ..check.conduct import conduct  # not at the top: what can be said of it needs no libraries

    told = (lambda outcome: None) if options.json else (lambda outcome: print(line(outcome), flush=True))
    outcomes = asyncio.run(conduct(_options(options), options.only, told))
    print(as_json(outcomes) if options.json else f"\n{summary(outcomes)}")
    return status(outcomes)


def _complaint(options: argparse.Namespace) -> str:
    addresses = {"ws": ("ws", "wss"), "api": ("http", "https"), "page": ("http", "https")}
    for name, schemes in addresses.items():
        given = getattr(options, name)
        if given is not None and not is_address(given, schemes):
            how = f"{schemes[0]}:// or {schemes[1]}://, and name a host"
            return f"--{name} must begin with {how}; {shown(given)!r} does not."
    for each in options.header:
        name, colon, value = each.partition(":")
        if not colon or not is_name(name.strip()):
            return "--header must be NAME:VALUE, and NAME that of a header."
        if value.strip() and not is_value(value.strip()):
            return no_value("--header")
    for option in ("token", "origin"):
        given = getattr(options, option)
        if given and not is_value(given):
            return no_value(f"--{option}")
    if not _is_json(_input(options.input)):
        return "--input has NaN or a number without end in it, which no JSON has; leave it out."
    return "" if SHORTEST_S <= options.patience < inf else f"--patience must be at least {SHORTEST_S} seconds, and end."


def _options(options: argparse.Namespace) -> Options:
    headers = {name.strip(): value.strip() for name, _, value in (each.partition(":") for each in options.header)}
    return Options(
        options.ws, options.api, tuple(options.flow), _input(options.input), options.run, options.token, options.ticket,
        headers, options.origin, options.page, options.patience,
    )  # fmt: skip


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


def _input(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text
