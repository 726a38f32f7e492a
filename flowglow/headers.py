"""Headers: what people give on a command line can be sent as one or not, and those of a request by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[!-~](?:[ \t!-~]*[!-~])?")


def is_name(text: str) -> bool:
    """Whether a header can be called so."""
    return _NAME.fullmatch(text) is not None


def is_value(text: str) -> bool:
    """Whether it is sent as it is: ASCII on one line, without blanks around it."""
    return _VALUE.fullmatch(text) is not None


def no_value(option: str) -> str:
    """The sentence for an option that is none; what was given may be a secret, and is not told."""
    return f"{option} is sent as a header: it must be ASCII on one line, without blanks around it, and is not."


def headers_of(lines: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers of ASGI by their names in small letters; of two of one name the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in lines}
