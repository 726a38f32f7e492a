"""A small built page in a folder, and requests to an ASGI application without any server."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POLICY = "script-src 'self' 'wasm-unsafe-eval' 'sha256-aW5saW5l'; connect-src 'self' http://127.0.0.1:*"
SCRIPT, CONFIG = "web/boot.0123456789.js", "pyscript.0123456789.toml"
DOCUMENT = f"""<!doctype html>
<html><head><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>flowglow</title><script src="./{SCRIPT}"></script></head>
<body><p class="splash-name">flowglow</p><h1 class="brand"><img src="x.svg" alt=""><span>flowglow</span></h1>
<script type="py" src="./pyapp/main.0123456789.py" config="./{CONFIG}"></script></body></html>
"""
TOML = """packages = ["pydantic"]

# Where the page finds its backend.
[portal]
ws = ""
loopback = true
frames = []

[files]
"""
FILES = {
    "index.html": (DOCUMENT.encode(), False),
    SCRIPT: (b"export const boot = 1;\n" * 100, True),
    CONFIG: (TOML.encode(), True),
    "web/embed.js": (b"// embed\n", False),
    "web/a.0123456789.wasm": (b"\0asm" * 9, True),
}


def built(folder: Path, files: dict[str, tuple[bytes, bool]] = FILES) -> Path:
    """A page as `make dist` builds it, the script with its twins; and what is no file of it."""
    listed = {}
    for name, (content, immutable) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        value = base64.b64encode(hashlib.sha256(content).digest()).decode()
        listed[name] = {"integrity": f"sha256-{value}", "immutable": immutable, "bytes": len(content)}
    (folder / f"{SCRIPT}.gz").write_bytes(gzip.compress(FILES[SCRIPT][0]))
    (folder / f"{SCRIPT}.br").write_bytes(b"as brotli")
    (folder / f"{SCRIPT}.zst").write_bytes(b"as zstd")
    (folder / "manifest.json").write_text(json.dumps({"files": listed}))
    (folder / ".env").write_text("what nobody sees")
    (folder.parent / "secret.txt").write_text("what nobody sees")
    return folder


@dataclass(frozen=True)
class Got:
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def sources(self, directive: str) -> list[str]:
        """What the policy of the header says of a directive."""
        policy = dict(each.split(" ", 1) for each in self.headers["content-security-policy"].split("; "))
        return policy[directive].split()


def nested(levels: int, *inner: Any) -> list[Any]:
    """Arrays in arrays, so many levels, and that in the last."""
    value = list(inner)
    for _ in range(levels - 1):
        value = [value]
    return value


def get(app: Any, path: str, *, method: str = "GET", base: str = "", query: str = "", **headers: str) -> Got:
    """Ask the application for a decoded path; `accept_encoding="br"` is a header."""
    scope = {
        "type": "http", "method": method, "path": path, "root_path": base, "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, *parts = sent
    assert [part.get("more_body", False) for part in parts] == [True] * (len(parts) - 1) + [False]
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return Got(start["status"], told, b"".join(part.get("body", b"") for part in parts))
