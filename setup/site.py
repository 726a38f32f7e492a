"""What of the site depends on the tree and on `[portal]`: the list of Python files, and the CSP.

`make setup` writes both into the committed files, for plain static servers; the dev server asks for
them at each request, so that a new file needs only a reload.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .machine import SetupError
from .place import HERE

ROOT = HERE.root

LOOPBACK = "http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*"
BEGIN, END = "# --- written by `make setup`; the order and the text are of no interest ---", "# --- end ---"
META = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')


def portal_of(root: Path = ROOT) -> dict[str, Any]:
    """The `[portal]` table of pyscript.toml."""
    import tomllib  # not at the top: an older Python must get as far as being told that it is too old

    return dict(tomllib.loads((root / "pyscript.toml").read_text()).get("portal", {}))


def python_files(root: Path = ROOT) -> list[str]:
    """Every module of pyapp/ but the entry, which the page itself names; as paths from the root."""
    files = (path.relative_to(root).as_posix() for path in (root / "pyapp").rglob("*.py"))
    return sorted(name for name in files if name != "pyapp/main.py" and not name.startswith("pyapp/testing/"))


def files_table(root: Path = ROOT) -> str:
    """The `[files]` table that loads each module by itself."""
    return "[files]\n" + "".join(f'"./{name}" = "./{name}"\n' for name in python_files(root))


def config_text(root: Path = ROOT, portal: Mapping[str, Any] | None = None, files: str | None = None) -> str:
    """pyscript.toml with other `[portal]` values and another `[files]` table than the committed ones."""
    text = (root / "pyscript.toml").read_text()
    if files is not None:
        text = _with_files(text, files)
    for key, value in (portal or {}).items():
        line = re.compile(rf"(?m)^{re.escape(key)} = .*$")
        if not line.search(text):
            raise ValueError(f"pyscript.toml has no line `{key} = …` under [portal].")
        text = line.sub(f"{key} = {json.dumps(value)}".replace("\\", "\\\\"), text)
    return text


def csp(portal: Mapping[str, Any], *, header: bool) -> str:
    """The content security policy. `frame-ancestors` works in the header alone."""
    origins = [str(each).rstrip("/") for each in portal.get("origins", [])]
    for name in ("ws", "api"):
        url = urlsplit(str(portal.get(name, "")))
        if url.scheme and url.netloc:
            origins.append(f"{url.scheme}://{url.netloc}")
    extra = " ".join(sorted({_safe(each) for each in origins}))
    policy = [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        f"connect-src 'self' {LOOPBACK} {extra}".rstrip(),
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types dompurify",
    ]
    if header:
        frames = " ".join(_safe(each) for each in portal.get("frames", []))
        policy.append(f"frame-ancestors 'self' {frames}".rstrip())
    return "; ".join(policy)


def write_site(root: Path = ROOT) -> list[str]:
    """Bring pyscript.toml and index.html in line with the tree; the names of those that were not."""
    toml, html = root / "pyscript.toml", root / "index.html"
    policy = csp(portal_of(root), header=False)
    page, count = META.subn(lambda match: match[1] + policy + match[3], html.read_text())
    if count != 1:
        raise SetupError('index.html has not exactly one <meta http-equiv="Content-Security-Policy">.')
    wanted = {toml: _with_files(toml.read_text(), files_table(root)), html: page}
    changed = [path for path, text in wanted.items() if path.read_text() != text]
    for path in changed:
        path.write_text(wanted[path])
    return [path.name for path in changed]


def _with_files(text: str, files: str) -> str:
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SetupError(f"pyscript.toml lacks the lines {BEGIN!r} and {END!r} around [files].")
    return f"{head}{BEGIN}\n{files}{END}{tail}"


def _safe(origin: str) -> str:
    """An origin from the settings, as a CSP source; nothing that could end the directive."""
    if not re.fullmatch(r"(https?|wss?)://[A-Za-z0-9.\-\[\]:*]+", origin):
        raise SetupError(f"{origin!r} under [portal] in pyscript.toml is not an origin like https://portal.example.")
    return origin
