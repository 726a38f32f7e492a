"""A portal's own Python files for the page: those on this machine are served with the page, by their content."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path

from .files import named_by_content
from .settings import SettingError, listed

FOLDER = "extensions"
MODULE = "module:"
ADDRESS = re.compile(r"https?://|/")


@dataclass(frozen=True, slots=True)
class Extensions:
    """`addresses` as the page's settings name them; `files` by their path below the page."""

    addresses: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


def read_extensions(named: Iterable[str | PathLike[str]]) -> Extensions:
    """What a portal names: a path object or `module:package.name` is a file here, any other text an address.

    Raises SettingError for a file that is not there or cannot be a module.
    """
    found = Extensions()
    for each in listed("extensions", named):
        path = _module(each) if isinstance(each, str) and each.startswith(MODULE) else each
        if isinstance(path, str):
            if not ADDRESS.match(path):
                raise SettingError(
                    f"extensions: {path!r} is no address. Write /static/my_portal.py, "
                    f"https://portal.example/my_portal.py, {MODULE}package.name, or give a pathlib.Path of a file here."
                )
            found.addresses.append(path)
            continue
        if not isinstance(path, PathLike) or not isinstance(fspath(path), str):
            raise SettingError(f"extensions: {path!r} is neither a text nor a path.")
        content = _content(Path(path))
        name = f"{FOLDER}/{named_by_content(f'{Path(path).stem}.py', content)}"
        found.files[name] = content
        found.addresses.append(f"./{name}#sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}")
    return found


def _module(named: str) -> Path:
    """The file of a module that this Python can import. It is not imported."""
    name = named.removeprefix(MODULE)
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        spec = None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        raise SettingError(f"extensions: there is no module {name!r} here that is a Python file.")
    return Path(spec.origin)


def _content(path: Path) -> bytes:
    """The file's bytes without a byte order mark, which the page never sees.

    Whether the page's Python can import them, the page says: it is another Python than this.
    """
    if not path.stem.isidentifier() or path.suffix != ".py":
        raise SettingError(f"extensions: {path.name!r} is no name of a Python module, such as my_portal.py.")
    try:
        return path.read_bytes().decode("utf-8-sig").encode()
    except OSError as error:
        raise SettingError(f"extensions: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SettingError(f"extensions: {path} is not UTF-8.") from None
