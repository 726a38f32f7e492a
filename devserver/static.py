"""The page's files: right types, always checked for freshness, and nothing that is not the page's business."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse

from flowglow.answers import FOR_ALL, SHARED
from flowglow.files import TYPES
from setup.site import config_text, csp, page_text, portal_of
from setup.words import NAME as WORDS
from setup.words import boot_words

from .bundle import Bundle

SERVED = frozenset({"pyapp", "web"})
"""The folders that are the page's."""
HIDDEN = frozenset({"node_modules", "__pycache__"})
"""Not even below those; nor anything that begins with a dot."""
CACHING = "no-cache"
"""Kept, but asked about each time: an edit shows at the next reload, and a file that is the same (the vendored
ones always are) costs a 304."""


class Site:
    """Serves the page below `root`. What depends on the tree or on `[portal]` is made at each request."""

    def __init__(self, root: Path, *, ws: str, api: str, protocol: str = "portal") -> None:
        self._root = root.resolve()
        self._portal = {"ws": ws, "api": api, "protocol": protocol}
        self._bundle = Bundle(self._root)

    async def serve(self, request: Request) -> Response:
        """Answer a GET or HEAD. Raises HTTPException(404)."""
        path: str = request.path_params["path"]
        portal = portal_of(self._root) | self._portal
        if path in ("", "index.html"):
            text = page_text(self._root, csp(portal, loopback=True))
            answer = Response(text, media_type=TYPES[".html"])
        elif path == "pyscript.toml":
            text = config_text(self._root, self._portal, files='[files]\n"./app.zip" = "./*"\n')
            answer = Response(text, media_type=TYPES[".toml"])
        elif path == WORDS:
            answer = Response(boot_words(self._root), media_type=TYPES[".mjs"])
        elif path == "app.zip":
            content, etag = self._bundle.current()
            answer = Response(content, media_type=TYPES[".zip"], headers={"etag": etag})
        else:
            answer = self._file(path)
        answer.headers["cache-control"] = CACHING
        answer.headers["content-security-policy"] = csp(portal, loopback=True, header=True)
        etags = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
        return NotModifiedResponse(answer.headers) if answer.headers.get("etag") in etags else answer

    def _file(self, path: str) -> Response:
        parts = [part for part in path.split("/") if part]
        strange = any(part.startswith(".") or part in HIDDEN or "\0" in part or "\\" in part for part in parts)
        if strange or not parts or parts[0] not in SERVED:
            raise HTTPException(404)
        try:
            file = self._root.joinpath(*parts).resolve()
            stat = file.stat()
        except (OSError, ValueError):
            raise HTTPException(404) from None
        if not file.is_file() or not file.is_relative_to(self._root):
            raise HTTPException(404)
        answer = FileResponse(file, media_type=TYPES.get(file.suffix, "application/octet-stream"), stat_result=stat)
        answer.headers["etag"] = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        if path in SHARED:
            answer.headers.update(FOR_ALL)
        return answer


def has_page(root: Path) -> bool:
    """Whether set-up has brought in what the page needs."""
    return all(os.access(root / name, os.R_OK) for name in ("index.html", "web/vendor", "web/built/parts.mjs"))
