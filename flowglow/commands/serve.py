"""Serve the page by itself, for the backend at --ws and --api."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..asgi import page
from ..files import NoPageError
from ..serving import ListenError, address_of, describe_address, listen
from ..serving import run as serve
from ..settings import SettingError

TEXTS = {
    "ws": "where the backend's WebSocket is, such as wss://portal.example/ws",
    "api": "where its HTTP API is, such as https://portal.example/api",
    "flow": "the flow that is shown first",
    "protocol": "what the backend speaks (default: it is recognised)",
    "theme": "auto, light or dark",
    "lang": "auto, en or nl",
    "title": "what the page is called",
    "auth": "what the page around it gives before the backend is asked anything",
    "hide": "parts that are not to be seen, with commas between them",
}
LISTS = {
    "origins": "an origin that ?ws= and ?api= may name, too",
    "frames": "an origin that may show the page in a frame",
    "sign-in-hosts": "a host to which a sign-in card may lead",
    "extensions": "a Python file of your own, module:package.name, or an address",
    "names": "with --through: a name by which this server is asked, beside its address and localhost",
}


def describe(parser: argparse.ArgumentParser) -> None:
    for name, words in TEXTS.items():
        parser.add_argument(f"--{name}", default="", help=words)
    for name, words in LISTS.items():
        parser.add_argument(f"--{name}", action="extend", nargs="+", default=[], metavar="ONE", help=words)
    parser.add_argument("--loopback", action="store_true", help="?ws= and ?api= may name any port of this machine")
    parser.add_argument(
        "--through", action="store_true", help="the page asks its own origin, which passes it on to --ws and --api"
    )
    parser.add_argument("--site", default=None, metavar="FOLDER", help="another built page than the one that came")
    describe_address(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted; 1 and a sentence when that cannot be."""
    try:
        app = page(
            **{name: getattr(options, name) for name in TEXTS},
            origins=options.origins,
            frames=options.frames,
            sign_in_hosts=options.sign_in_hosts,
            extensions=[Path(each) if Path(each).is_file() else each for each in options.extensions],
            loopback=options.loopback,
            through=options.through,
            names=[*options.names, options.host],
            site=options.site,
        )
        listener = listen(options.host, options.port)
    except (SettingError, NoPageError, ListenError) as error:
        print(f"flowglow: {error}", file=sys.stderr)
        return 1
    serve(app, listener, address_of(options.host, listener), show=options.open)
    return 0
