"""What a portal says of the page it serves: checked at once, in words, by the rules by which the page reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from .policy import ORIGIN, SOCKETS

T = TypeVar("T")
Value = str | bool | list[str]
SOMEWHERE = "https://flowglow.invalid/"
"""In the place of the page's own address, which is not known before it is asked for."""
HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
UNWRITABLE = re.compile(r'["\\\x00-\x1f\x7f\ud800-\udfff]')
"""What a line of pyscript.toml cannot bear: the page's readers know only its simplest form."""
NO_CHARACTER = re.compile(r"[\ud800-\udfff]")
SOCKET_OF_WEB = {web: socket for socket, web in SOCKETS.items()}
PLACE = "/through"
"""Where a backend that is passed through stands, below the page."""
LISTS = ("origins", "frames", "sign_in_hosts", "extensions")
FLAGS = ("loopback",)
"""All other settings are texts."""


class SettingError(ValueError):
    """A setting cannot be used. The text says which, why, and what to write."""


def listed(key: str, value: Iterable[T]) -> list[T]:
    """The elements of a setting that is a list. Raises SettingError."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise SettingError(f"{key}: {value!r} is no list. Write it in square brackets, as {key}=[…].")
    return list(value)


def checked_text(key: str, value: str) -> str:
    """A setting that the page shows as it is. Raises SettingError."""
    if not isinstance(value, str):
        raise SettingError(f"{key}: {value!r} is not text.")
    if NO_CHARACTER.search(value):
        raise SettingError(f"{key}: {value!r} has half a surrogate pair in it, which is no character; leave it out.")
    return value


def portal_table(given: Mapping[str, Value]) -> dict[str, Value]:
    """`[portal]` for these settings, complete. Raises SettingError."""
    table = {key: value for key, value in given.items() if value not in ("", [])}
    for key, value in table.items():
        _check_value(key, value)
    for key in ("ws", "api"):
        _check_address(key, str(table.get(key, "")))
    for key in ("origins", "frames"):
        table[key] = [_origin(key, each) for each in _names(table.get(key))]
    for host in _names(table.get("sign_in_hosts")):
        if not HOST.fullmatch(host):
            raise SettingError(
                f"sign_in_hosts: {host!r} is no host name. Write login.example, or .example for all in it."
            )
    table["origins"] = sorted({*_names(table["origins"]), *_own_origins(table)})
    _check_as_the_page_does(table)
    return table


def passed_through(*, ws: str, api: str) -> dict[str, Value]:
    """What the page is told in the place of its backend's own addresses, where these are asked in its stead.

    Raises SettingError.
    """
    own = {"ws": ws, "api": api}
    for key, address in own.items():
        if address and not urlsplit(address).netloc:
            raise SettingError(f"through: nothing is passed on to {key}={address!r}, as the page asks that by itself.")
    if not any(own.values()):
        raise SettingError("through: name the backend's own address in `api`, as http://127.0.0.1:7777.")
    return {key: f".{PLACE}/{key}" for key, address in own.items() if address}


def toml_with(text: str, portal: Mapping[str, Value]) -> str:
    """pyscript.toml with another `[portal]`."""
    head, found, rest = text.partition("[portal]\n")
    if not found:
        raise SettingError("The built page's pyscript.toml has no [portal]. Build it again with `make dist`.")
    after = re.search(r"^\[", rest, re.M)
    lines = "".join(f"{key} = {_literal(value)}\n" for key, value in portal.items())
    return f"{head}[portal]\n{lines}{rest[after.start() :] if after else ''}"


def _literal(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _names(value: Value | None) -> list[str]:
    return value if isinstance(value, list) else []


def _check_value(key: str, value: Any) -> None:
    if key in FLAGS:
        if not isinstance(value, bool):
            raise SettingError(f"{key}: {value!r} is neither True nor False.")
        return
    for each in listed(key, value) if key in LISTS else [value]:
        if UNWRITABLE.search(checked_text(key, each)):
            raise SettingError(f"{key}: {each!r} has a quote, a backslash or a line break in it; leave it out.")


def _check_host(key: str, address: str) -> None:
    if ":" in (_split(address).hostname or ""):
        raise SettingError(
            f"{key}: {address!r} has an IPv6 address, which no browser takes in a policy. Call the host by its name, "
            "such as localhost or portal.example."
        )


def _check_address(key: str, text: str) -> None:
    """An address of the backend: of another origin with its scheme, or a path of the page's own."""
    _check_host(key, text)
    url, scheme = _split(text), "wss" if key == "ws" else "https"
    if not text or (not url.scheme and not url.netloc and text.startswith(("/", "./", "../"))):
        return
    if url.scheme not in {*SOCKETS, *SOCKETS.values()} or not _is_origin(f"{url.scheme}://{url.netloc}"):
        why = " of one server (no *)" if "*" in text else ""
        raise SettingError(
            f"{key}: {text!r} is no address{why}. Write it as {scheme}://portal.example/{key}, or as /{key} where it "
            "is of the page's own origin."
        )


def _own_origins(table: Mapping[str, Value]) -> Iterable[str]:
    """Where `ws` and `api` lead: naming them there is enough."""
    for key in ("ws", "api"):
        url = urlsplit(str(table.get(key, "")))
        if url.netloc:
            yield f"{SOCKET_OF_WEB.get(url.scheme, url.scheme)}://{url.netloc}"


def _origin(key: str, text: str) -> str:
    _check_host(key, text)
    if not _is_origin(text.rstrip("/")) or (key == "frames" and text.startswith("ws")):
        url = _split(text)
        within = f"{SOCKET_OF_WEB.get(url.scheme, url.scheme)}://{url.netloc}"
        hint = f" {within} is one." if _is_origin(within) else ""
        raise SettingError(f"{key}: {text!r} is no origin such as https://portal.example (no path, no *).{hint}")
    return text.rstrip("/")


def _is_origin(text: str) -> bool:
    """One origin: a policy would let a `*` through to every server that it fits."""
    return "*" not in text and ORIGIN.fullmatch(text) is not None and bool(_split(text).hostname)


def _split(text: str) -> SplitResult:
    """Its parts; those of no address at all where it cannot be taken apart, or its port is none."""
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        return urlsplit("none:")
    return url


def _check_as_the_page_does(table: Mapping[str, Any]) -> None:
    """Whatever the page would refuse, or not understand."""
    from pyapp.locale.catalogue import (
        Catalogue,  # not at the top: the set-up uses this package before pydantic is there
    )
    from pyapp.settings import read_settings

    problems = read_settings("", table, SOMEWHERE).problems
    if problems:
        words = Catalogue("en")
        raise SettingError(" ".join(words.of(each) for each in problems))
