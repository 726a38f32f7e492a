"""Embedding, version v1: what the page that shows this one in a frame may say (docs/contract.md, "Embedding").

A message is a text of JSON. Shapes only: who may say it is decided elsewhere, before any of it is read.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, SecretStr, TypeAdapter, ValidationError

from .decode import parse
from .events import Id, Wire, names
from .location import ViewName

VERSION = "v1"
MAX_CHARS = 1_000_000
"""The longest message that is read."""

MAX_RUNS = 100
"""So many runs may be named with the first word."""

Kind = Literal["token", "ticket"]
Awaited = Literal["", "token", "ticket"]
"""What a page waits for before it asks its backend anything; by the setting `auth`."""
Theme = Literal["auto", "light", "dark"]
Part = Literal["header", "flow", "play", "input", "tools", "runs", "log", "chat", "output", "details", "timeline"]
"""What a portal may leave out; it stays in the DOM, and true."""
PARTS: tuple[Part, ...] = get_args(Part)
StyleName = Literal["accent", "on-accent", "background", "surface", "text", "muted", "line", "font", "radius"]
"""What a portal may give the page of its own looks."""
_COLOUR = r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}|(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch)\([0-9a-z.,%/ +-]{1,80}\)"
_FONT = r"""[\w ,"'.-]{1,200}"""
_LENGTH = r"0|(?:[0-9]{1,2}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(?:px|rem|em)"
_STYLES = {"font": re.compile(_FONT), "radius": re.compile(_LENGTH, re.IGNORECASE)}
_ANY_COLOUR = re.compile(_COLOUR, re.IGNORECASE)


def fitting(style: dict[StyleName, str]) -> tuple[dict[str, str], list[str]]:
    """Nothing that could load a file, or mean anything but what its name says; and the names of what is left out."""
    fits = {str(name): value for name, value in style.items() if _STYLES.get(name, _ANY_COLOUR).fullmatch(value)}
    return fits, [name for name in style if name not in fits]


class Knocked(Wire):
    """The first word, from window to window: it bears the channel over which all else is said."""

    flowglow: str
    type: Literal["connect"]
    runs: Annotated[list[Id], Field(default_factory=list, max_length=MAX_RUNS)]
    """Of which it heard that they go on, over another channel, and no end."""


class _Order(Wire):
    """`id`, where there is one, comes back with the answer. Behind `until` (ms since the epoch) nobody waits."""

    id: int | None = None
    until: float | None = None


class Show(_Order):
    """Have this on the screen; what is not named stays. `node: null` chooses none."""

    type: Literal["show"]
    flow: Id | None = None
    run: Id | None = None
    node: Id | None = None
    view: ViewName | None = None


class Look(_Order):
    """How the page looks and which language it speaks; what is not named stays."""

    type: Literal["look"]
    theme: Theme | None = None
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    hide: list[Part] | None = None
    style: dict[StyleName, str] | None = None
    """As it was said: `fitting` tells what of it may be used."""


class Start(_Order):
    """Start a run of this flow, or of the one on the canvas."""

    type: Literal["start"]
    flow: Id | None = None
    input: Any = None


class Stop(_Order):
    """Stop this run, or the one in front."""

    type: Literal["stop"]
    run: Id | None = None


class Fill(_Order):
    """Put this into the field for the input."""

    type: Literal["fill"]
    input: Any = None


def _sendable(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]{1,16384}", secret.get_secret_value()):
        raise ValueError("it cannot stand in a header")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_sendable)]
"""What can stand in a header; it is in no text that describes the message."""


class Token(_Order):
    """The credential for HTTP; null takes it back. `asked` is the number of a `token-needed`; null: there is none."""

    type: Literal["token"]
    token: Secret | None
    asked: int | None = None


class TicketGiven(_Order):
    """The single-use ticket for the next socket, in answer to a `ticket-needed`; null: there is none."""

    type: Literal["ticket"]
    ticket: Secret | None
    asked: int


Order = Show | Look | Start | Stop | Fill | Token | TicketGiven
_KNOCK = TypeAdapter(Knocked)
_ORDER: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="type")])
ORDERS = names(Order, "type")

Wrong = Literal["origin", "source", "version", "schema", "type", "size", "rate"]
"""Why a message has no effect."""


class MessageError(Exception):
    """A message cannot be used: `why`, and the number to answer to. Its text quotes nothing of the message."""

    def __init__(self, why: Wrong, text: str, number: int | None = None) -> None:
        super().__init__(text)
        self.why: Wrong = why
        self.number = number


def read_knock(text: str) -> Knocked:
    """The first word. Raises MessageError."""
    try:
        knock = _KNOCK.validate_python(_object(text))
    except ValidationError as error:
        raise MessageError("schema", _sentence(error)) from None
    if knock.flowglow != VERSION:
        raise MessageError("version", f"It speaks another version; this page speaks {VERSION}.")
    return knock


def number_of(message: object) -> int | None:
    """The number of a message of which nothing else is read: it stands first, as the element writes it."""
    found = re.match(r'\{"id": ?(\d{1,15})[,}]', message[:30]) if isinstance(message, str) else None
    return int(found[1]) if found is not None else None


def read_order(message: object) -> Order:
    """One message over the channel. Raises MessageError."""
    if not isinstance(message, str):
        raise MessageError("schema", "It is not a text.")
    item = _object(message)
    number = item.get("id") if type(item.get("id")) is int else None
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in ORDERS:
        raise MessageError("type", "This page knows no message of this type.", number)
    try:
        return _ORDER.validate_python(item)
    except ValidationError as error:
        raise MessageError("schema", _sentence(error), number) from None


def _object(text: str) -> dict[str, Any]:
    if len(text) > MAX_CHARS:
        raise MessageError("size", f"It is longer than {MAX_CHARS:,} characters.")
    try:
        item = parse(text, allow_inf_nan=False)
    except ValueError:
        raise MessageError("schema", "It is not JSON.") from None
    if not isinstance(item, dict):
        raise MessageError("schema", "It is not an object.")
    return item


def _sentence(error: ValidationError) -> str:
    """What is wrong first, without the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = first["loc"][1:] if first["loc"][:1] and first["loc"][0] in ORDERS else first["loc"]
    where = ".".join(str(part) for part in place) or "the message"
    return f"{where}: {first['msg']}."
