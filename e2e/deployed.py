"""The page as a portal deploys it: dist/ behind a server with the headers of docs/nginx.conf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flowglow.files import TWINS
from setup.dist import build
from setup.machine import Machine
from setup.place import HERE, Place

from .site import QuietHandler, static_site

TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".toml": "application/toml"}
KEPT, ASKED = "public, max-age=31536000, immutable", "no-cache"


class _DeployedHandler(QuietHandler):
    """Sends a file's best twin, and lets a cache keep what the manifest says it may."""

    extensions_map = QuietHandler.extensions_map | TYPES

    def send_head(self) -> Any:
        plain = Path(self.translate_path(self.path))
        if plain.is_dir():
            plain /= "index.html"
        self._encoding, kind = "", self.guess_type(str(plain))
        for name, suffix in TWINS.items():
            if name in self.headers.get("accept-encoding", "") and Path(f"{plain}{suffix}").exists():
                self._encoding = name
                self.path = f"/{plain.relative_to(self.directory).as_posix()}{suffix}"
                self.extensions_map = self.extensions_map | {suffix: kind}
                break
        manifest = json.loads((Path(self.directory) / "manifest.json").read_text())["files"]
        known = manifest.get(plain.relative_to(self.directory).as_posix(), {})
        self._caching = KEPT if known.get("immutable") else ASKED
        return super().send_head()

    def end_headers(self) -> None:
        self.send_header("cache-control", self._caching)
        self.send_header("vary", "accept-encoding")
        if self._encoding:
            self.send_header("content-encoding", self._encoding)
        super().end_headers()


def build_quietly(target: Path, place: Place = HERE, *, twins: bool = False) -> Path:
    """Build dist/ elsewhere; without twins in a fraction of the time."""
    machine = Machine()
    machine.say = lambda text: None  # type: ignore[method-assign]
    build(place, machine, target, twins=twins)
    return target


@contextmanager
def deployed(folder: Path) -> Iterator[str]:
    """Serve a dist/; its address."""
    with static_site(folder, _DeployedHandler) as address:
        yield address
