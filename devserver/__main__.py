"""`python -m devserver [--port 8000]`: serve the page and run flows, for this machine alone."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from starlette.applications import Starlette

from flowglow.relay.log.port import Full, Unavailable
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.serving import ListenError, address_of, describe_address, listen, run

from .app import Settings, create_app
from .backends import BACKENDS, backend_app
from .guard import is_loopback
from .static import has_page

ROOT = Path(__file__).resolve().parent.parent
PORTAL = "portal"
DATA = ".flowglow"
"""Where runs are kept, below the root."""


def main(words: list[str] | None = None) -> int:
    """Serve until interrupted; 1 and a sentence when that can't be."""
    options = _options(words)
    if not has_page(ROOT):
        print("flowglow: the page's libraries are not there yet; run `make setup` first.", file=sys.stderr)
        return 1
    try:
        listener = listen(options.host, options.port, advice="`make run PORT={port}`")
    except ListenError as error:
        print(f"flowglow: {error}", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    settings = Settings(pages=tuple(options.pages))
    try:
        app = _portal(settings, options) if options.backend == PORTAL else backend_app(ROOT, options.backend)
    except (Full, Unavailable) as error:
        print(f"flowglow: {error}", file=sys.stderr)
        return 1
    run(app, listener, address_of(options.host, listener), show=options.open)
    return 0


def _portal(settings: Settings, options: argparse.Namespace) -> Starlette:
    """Our own portal. What ran at a port outlives it; two servers at two ports share nothing. Raises Unavailable."""
    if options.port == 0:
        return create_app(ROOT, settings)
    return create_app(ROOT, settings, log=SqliteLog.at(ROOT / DATA / f"dev-{options.port}.db"))


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devserver", description=__doc__)
    describe_address(parser)
    words_of_pages = "a page at another port that may ask, such as http://127.0.0.1:9000"
    parser.add_argument("--pages", action="extend", nargs="+", default=[], metavar="ORIGIN", help=words_of_pages)
    words_for_backend = "what the page talks to (default: our own portal)"
    parser.add_argument("--backend", default=PORTAL, choices=(PORTAL, *BACKENDS), help=words_for_backend)
    options = parser.parse_args(words)
    if not is_loopback(f"[{options.host}]" if ":" in options.host else options.host):
        parser.error(f"--host must be a loopback address, such as 127.0.0.1; {options.host!r} is not.")
    if not 0 <= options.port <= 65535:
        parser.error(f"--port must be between 0 and 65535; {options.port} is not.")
    return options


if __name__ == "__main__":
    sys.exit(main())
