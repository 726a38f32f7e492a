"""What a protocol is to this page: what comes becomes items of the contract, what is wanted becomes things to send.

Pure: a dialect is told what came and says what to send; `pyapp.link.foreign` does the I/O. A dialogue is a generator:
it yields requests, is sent their replies, and returns what was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from ..contract.decode import Decoded, Malformed, Unknown, clip, decode_item
from ..contract.http import Answer
from ..contract.lenient import Lenient
from ..errors import ApiError
from ..locale.catalogue import Sentence

Json = dict[str, Any]
T = TypeVar("T")

Taken = list[Json] | None
"""What was taken of an event: what it becomes; [] where what was kept of it changes what a later one says; None where
nothing of it was taken: then it is named, so that it does not vanish."""

MAX_WRONG = 3
"""Of the fields of a request that a backend says are wrong so many are told."""
ASIDE = "aside"
"""The key of an item that is no event of the contract: what came is named in the log and counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `path` goes behind the setting `api`; "" is that address itself.

    `stream`: it is answered by server-sent events. `again`: it begins nothing, so it may be sent more than once.
    """

    method: str
    path: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False
    again: bool = False

    def at(self, base: str) -> str:
        """Its address, for a backend at `base`: an end point is asked as it was given, with or without a slash."""
        return base.rstrip("/") + self.path if self.path else base


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame over the socket: JSON, as text."""

    item: Json


Send = Request | Frame


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request was answered with: any status, its body as text."""

    status: int
    text: str


Dialogue = Generator[Request, Reply, T]
"""Asks one request after the other; ends with what was wanted, or raises ApiError in words a person can read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Something to send for one root run. `key` names the run from then on: its id, where that is known before."""

    key: str
    send: Send


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it came: a frame of the socket (`key` is ""), or one of a stream that was opened for `key`.

    `name` and `id` are the SSE fields `event` and `id`; "" where there are none.
    """

    text: str
    key: str = ""
    name: str = ""
    id: str = ""


class Translator(Protocol):
    """One root run of a foreign stream: owns what must be remembered of it. Pure; never raises."""

    def translate(self, event: Mapping[str, Any]) -> list[Json]:
        """The contract's events for one of theirs, without `seq`; `aside` for what is none of them."""


def taken(*parts: Taken) -> Taken:
    """All that was taken of one event, by each part that looked at it."""
    found = [part for part in parts if part is not None]
    return list(chain.from_iterable(found)) if found else None


def told_apart(needs: Iterable[Json]) -> list[Json]:
    """What is asked, each under an id of its own: one that is taken is numbered; what is told twice is asked once."""
    found, used = dict[str, Json](), Counter[str]()
    for need in {(each["id"], repr(each["raw"])): each for each in needs}.values():
        own = given = need["id"]
        while own in found:
            used[given] += 1
            own = f"{given} ({used[given] + 1})"
        found[own] = {**need, "id": own}
    return list(found.values())


def kept(changed: bool) -> Taken:
    """What was taken of an event that becomes nothing: something, where it changed what a later one says."""
    return [] if changed else None


def aside(name: str, reason: str = "", event: Mapping[str, Any] | None = None, *, known: bool = True) -> Json:
    """An item for what is no event of the contract, so that it does not vanish.

    Without a reason it is of a kind that this page has no use for (`known`: and the protocol's table says so): counted
    as unknown, each name logged once. With one it could not be read: counted as malformed, and kept with the reason (a
    sentence).
    """
    return {ASIDE: name, "reason": reason, "raw": dict(event or {}), "known": known}


class _Refusal(Answer):
    """Where backends say why they refuse: FastAPI's `detail` (words or wrong fields), `message`, or `error.message`."""

    detail: Any = None
    message: Lenient[str] = None
    error: Any = None


def refusal(request: Request, reply: Reply) -> ApiError:
    """What a backend answered in place of what was asked for, in its own words where it has some."""
    try:
        said = _Refusal.model_validate_json(reply.text)
    except ValidationError:
        said = _Refusal()
    error = said.error.get("message") if isinstance(said.error, Mapping) else said.error
    wrong = [each for each in said.detail if isinstance(each, Mapping)] if isinstance(said.detail, list) else []
    places = ((each.get("msg"), each.get("loc")) for each in wrong[:MAX_WRONG])
    fields = "; ".join(f"{'.'.join(map(str, at))}: {words}" for words, at in places if isinstance(at, list))
    own = next((each for each in (said.detail, fields, said.message, error) if isinstance(each, str) and each), None)
    status = Sentence("api.status", call=f"{request.method} {request.path}".strip(), status=reply.status)
    return ApiError(own or (status if reply.status >= 300 else Sentence("protocol.no_stream")), status=reply.status)


def decoded(item: Json) -> Decoded:
    """An item that a dialect gave, as the inbox takes it."""
    name = item.get(ASIDE)
    if not isinstance(name, str):
        return decode_item(item)
    reason, raw = item.get("reason"), item.get("raw") or {}
    return (
        Malformed(f"{name}: {reason}", clip(repr(raw)))
        if reason
        else Unknown(name, raw, None, item.get("known") is True)
    )
