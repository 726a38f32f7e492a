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

from .machine import SetupError
from .place import HERE
from .words import NAME as WORDS
from .words import boot_words

ROOT = HERE.root

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


def csp(portal: Mapping[str, Any], *, loopback: bool, header: bool = False, inline: str = "") -> str:
    """The content security policy for a `[portal]` (see flowglow/policy.py). Raises SetupError."""
    from flowglow import policy  # not at the top: as above

    try:
        return policy.csp(portal, loopback=loopback, header=header, inline=inline)
    except policy.NoOriginError as error:
        raise SetupError(f"In [portal] of pyscript.toml {error}") from None


def page_text(root: Path, policy: str) -> str:
    """index.html with this policy in its meta tag."""
    text, count = META.subn(lambda match: match[1] + policy + match[3], (root / "index.html").read_text())
    if count != 1:
        raise SetupError('index.html has not exactly one <meta http-equiv="Content-Security-Policy">.')
    return text


def write_site(root: Path = ROOT) -> list[str]:
    """Bring pyscript.toml and index.html in line with the tree; the names of those that were not."""
    toml, html, words = root / "pyscript.toml", root / "index.html", root / WORDS
    portal = portal_of(root)
    policy = csp(portal, loopback=portal.get("loopback") is True)
    wanted = {
        toml: _with_files(toml.read_text(), files_table(root)),
        html: page_text(root, policy),
        words: boot_words(root),
    }
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    for path in changed:
        path.write_text(wanted[path])
    return [path.name for path in changed]


def _with_files(text: str, files: str) -> str:
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SetupError(f"pyscript.toml lacks the lines {BEGIN!r} and {END!r} around [files].")
    return f"{head}{BEGIN}\n{files}{END}{tail}"
