"""Drafts: what a producer sends, read against the contract, before it has its number."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from pyapp.contract.events import EVENT_ADAPTER, EVENTS, TEXTS

from ..errors import Refused
from ..reading import TooDeep, shallow
from ..wire import event_text, to_text
from .log.port import Draft

MAX_ID_CHARS = 200
LOST = "\ufffd"


def draft(run_id: str, event: Mapping[str, Any], now: float) -> Draft:
    """An event of that run, ready for a log. What bears no `event_id` gets one, and is then another one each time.

    Raises Refused for what is no event of the contract. A name that the contract does not know passes: whoever
    watches may know it.
    """
    name, said = event.get("event"), event.get("run_id", run_id)
    if not isinstance(name, str):
        raise Refused(422, "bad_event", "An event needs `event`: its name, as text.")
    if said != run_id:
        raise Refused(422, "bad_event", f"{name}: it is of the run {said!r:.200}, not of {run_id!r:.200}.")
    event_id = event.get("event_id")
    if not isinstance(event_id, str | None):
        raise Refused(422, "bad_event", f"{name}: `event_id` must be text.")
    event_id = event_id or secrets.token_hex(12)
    if len(event_id) > MAX_ID_CHARS:
        raise Refused(422, "bad_event", f"{name}: `event_id` is longer than {MAX_ID_CHARS} characters.")
    flow_id = event.get("flow_id")
    if isinstance(flow_id, str) and len(flow_id) > MAX_ID_CHARS:
        raise Refused(422, "bad_event", f"{name}: `flow_id` is longer than {MAX_ID_CHARS} characters.")
    ts = now if event.get("ts") is None else event["ts"]
    if not is_moment(ts):
        raise Refused(422, "bad_event", f"{name}: `ts` must be seconds since the epoch.")
    full = {**event, "ts": ts, "run_id": run_id, "event_id": event_id}
    full.pop("seq", None)
    try:
        whole = event_text(full)
        told = shallow(whole)
    except TooDeep as error:
        raise Refused(422, "too_deep", f"{name}: {error}.") from None
    except ValueError as error:
        raise Refused(422, "bad_event", str(error)) from None
    if name in EVENTS:
        _check(name, whole)
    return Draft(told["event_id"], told, _with_halves(full, whole))


def is_moment(value: Any) -> bool:
    """Whether it is a number that a time in seconds can be."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def numbered(body: str, seq: int) -> str:
    """The event's JSON with its number in it."""
    return f'{{"seq":{seq},{body[1:]}'


def line_text(line: Mapping[str, Any], now: float) -> str:
    """A log line as JSON. Raises Refused."""
    level, text, node_id = line.get("level", "info"), line.get("text"), line.get("node_id")
    if not isinstance(text, str) or not isinstance(level, str):
        raise Refused(422, "bad_line", "A log line needs `text`, and may have `level`, `node_id` and `ts`.")
    ts = line.get("ts")
    said = {"ts": ts if is_moment(ts) else now, "level": level[:20], "text": text[:4_000]}
    return to_text(said if node_id is None else {**said, "node_id": str(node_id)[:MAX_ID_CHARS]})


def line_id(line: Mapping[str, Any]) -> str | None:
    """The id by which a log line that is sent again is known. Raises Refused."""
    found = line.get("line_id")
    if isinstance(found, str | None) and len(found or "") <= MAX_ID_CHARS:
        return found or None
    raise Refused(422, "bad_line", f"`line_id` of a log line must be text of at most {MAX_ID_CHARS} characters.")


def _with_halves(event: Mapping[str, Any], whole: str) -> str:
    """The event's JSON with the halves of characters, as escapes, at the ends of its text; in `whole` they are U+FFFD.

    Their other halves may be in the events beside it, and only whoever reads knows which text they go on.
    """
    content = event.get("content")
    if event["event"] not in TEXTS or not isinstance(content, str) or not content:
        return whole
    begins, ends = "\udc00" <= content[0] <= "\udfff", "\ud800" <= content[-1] <= "\udbff"
    if not begins and not ends:
        return whole
    said = from_json(whole)
    text = str(said["content"])
    text = content[0] + text.removeprefix(LOST) if begins else text
    text = text.removesuffix(LOST) + content[-1] if ends else text
    split = json.dumps({**said, "content": text}, ensure_ascii=False, separators=(",", ":"))
    return split.encode("utf-8", "backslashreplace").decode()


def _check(name: str, body: str) -> None:
    try:
        EVENT_ADAPTER.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "the event"
        raise Refused(422, "bad_event", f"{name}: {where}: {first['msg']}.") from None
