"""The page as an ASGI application: one line in a portal, below any path."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answers import INDEX, Answer, Answers, moved, said
from .extensions import Extensions, read_extensions
from .files import CONFIG, PLAIN, File, NoPageError, built_page, in_memory, named_by_content, read_files
from .headers import headers_of
from .policy import csp
from .settings import PLACE, SettingError, Value, checked_text, listed, passed_through, portal_table, toml_with

if TYPE_CHECKING:
    from .through.through import Through

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
META = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')
INLINE = re.compile(r"'(sha\d+-[A-Za-z0-9+/=]+)'")
TITLE = re.compile(r"(<title>|<p class=\"splash-name\">|<h1 class=\"brand\">.*?<span>)[^<]*")
CHUNK_BYTES = 1 << 18


def page(
    *,
    ws: str = "",
    api: str = "",
    flow: str = "",
    protocol: str = "",
    theme: str = "",
    lang: str = "",
    title: str = "",
    auth: str = "",
    hide: str = "",
    origins: Iterable[str] = (),
    frames: Iterable[str] = (),
    sign_in_hosts: Iterable[str] = (),
    extensions: Iterable[str | PathLike[str]] = (),
    loopback: bool = False,
    through: bool = False,
    names: Iterable[str] | None = None,
    site: str | PathLike[str] | None = None,
) -> Page:
    """The page for a backend at `ws` and `api`, to be mounted below any path. docs/embedding.md tells of each setting.

    Addresses are absolute, or paths of the page's own origin. `extensions`: Python files of the portal, by their path
    on this machine, as `module:package.name`, or by their address. `through`: the page asks its own origin, and what it
    asks is passed on to the backend, which needs to allow no other origin then; with `names` only where the server was
    asked by its address or one of these names, so that nobody else's name that points to it will do. `site`: another
    built page than the one that came with the package. Raises SettingError or NoPageError, in words.
    """
    own = read_extensions(extensions)
    shown = checked_text("title", title)
    if site is not None and not isinstance(site, str | PathLike):
        raise SettingError(f"site: {site!r} is neither a text nor a path.")
    given: dict[str, Value] = {
        "ws": ws, "api": api, "flow": flow, "protocol": protocol, "theme": theme, "lang": lang,
        "auth": auth, "hide": hide,
        "origins": listed("origins", origins), "frames": listed("frames", frames),
        "sign_in_hosts": listed("sign_in_hosts", sign_in_hosts),
        "extensions": own.addresses, "loopback": loopback,
    }  # fmt: skip
    portal = portal_table(given)
    passing = _passing(ws, api, None if names is None else listed("names", names)) if through else None
    if passing is not None:
        portal = portal_table(given | passed_through(ws=ws, api=api))
    folder = Path(site) if site is not None else built_page()
    return Page(_answers(folder, portal, own, shown), passing)


class Page:
    """An ASGI application that answers with the files of one built page, and with nothing else.

    With `passing` what is asked below PLACE goes to the page's backend.
    """

    def __init__(self, answers: Answers, passing: Through | None = None) -> None:
        self._answers = answers
        self._passing = passing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind, passing = scope["type"], self._passing
        if passing is not None and kind != "lifespan" and (path := path_below(scope)).startswith(f"{PLACE}/"):
            await passing(scope, path, receive, send)
        elif kind == "http":
            await _send(send, self._answer(scope), with_body=scope["method"] != "HEAD")
        elif kind == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000, "reason": "There is no socket here."})
        elif kind == "lifespan":
            await _live(receive, send)

    def _answer(self, scope: Scope) -> Answer:
        asked = headers_of(scope["headers"])
        query = scope.get("query_string", b"").decode("latin-1")
        path = path_below(scope)
        if not path:
            base: str = scope["path"] or scope.get("root_path", "")
            return moved(base.rpartition("/")[2], query)
        return self._answers.to(scope["method"], path, query, asked)


def _passing(ws: str, api: str, names: list[str] | None) -> Through:
    try:
        from .through.through import Through  # not at the top: a page without it needs no library for it
        from .through.upstream import Upstream
    except ModuleNotFoundError as error:
        raise SettingError(f"through: it needs {error.name}: pip install 'flowglow[through]'.") from None
    return Through(Upstream(api, ws), names)


def path_below(scope: Scope) -> str:
    """What of the path is below the one at which the page is mounted; some servers have taken that off already."""
    path: str = scope["path"]
    base: str = scope.get("root_path", "").rstrip("/")
    if base and (path == base or path.startswith(f"{base}/")):
        return path[len(base) :]
    return path


def _answers(folder: Path, portal: dict[str, Value], own: Extensions, title: str) -> Answers:
    """The built page, with the settings in its document, its configuration and its policy."""
    files = read_files(folder)
    config = next((name for name in files if CONFIG.fullmatch(name)), None)
    if config is None or INDEX not in files:
        raise NoPageError(f"{folder} has no {INDEX} and pyscript.toml as `make dist` builds them. Build it again.")
    text = toml_with(_text(files, config), portal)
    named = named_by_content("pyscript.toml", text.encode())
    document = _text(files, INDEX).replace(f'config="./{config}"', f'config="./{named}"')
    loopback = portal.get("loopback") is True
    inline = INLINE.search(META.search(document)[2]) if META.search(document) else None  # type: ignore[index]
    script = inline[1] if inline else ""
    document = META.sub(lambda found: found[1] + csp(portal, loopback=loopback, inline=script) + found[3], document)
    if title:
        document = TITLE.sub(lambda found: found[1] + html.escape(title), document)
    del files[config]
    made = {
        INDEX: in_memory(INDEX, document.encode(), is_kept=False),
        named: in_memory(named, text.encode(), is_kept=True),
        **{name: in_memory(name, content, is_kept=True) for name, content in own.files.items()},
    }
    return Answers(files | made, csp(portal, loopback=loopback, header=True, inline=script))


def _text(files: dict[str, File], name: str) -> str:
    body = files[name].bodies[PLAIN]
    return (body if isinstance(body, bytes) else body.read_bytes()).decode()


async def _send(send: Send, answer: Answer, *, with_body: bool) -> None:
    if isinstance(answer.body, bytes):
        await _start(send, answer, len(answer.body))
        await send({"type": "http.response.body", "body": answer.body if with_body else b""})
        return
    try:
        file = await asyncio.to_thread(answer.body.open, "rb")
    except OSError:  # the package was updated below a server that still has the old page in memory
        gone = said(503, "This file of the page is gone: the page was updated. Start the server again.")
        await _send(send, gone, with_body=with_body)
        return
    with file:
        left = await asyncio.to_thread(file.seek, 0, 2)
        file.seek(0)
        await _start(send, answer, left)
        while with_body and left > 0:
            chunk = await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))
            left = left - len(chunk) if chunk else 0
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
        if not with_body or not answer.body:
            await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, answer: Answer, length: int) -> None:
    headers = answer.headers if answer.status == 304 else {**answer.headers, "content-length": str(length)}
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})


async def _live(receive: Receive, send: Send) -> None:
    """Nothing is begun or ended with the server."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
