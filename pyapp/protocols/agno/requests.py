"""The requests of an AgentOS, by kind of run, and the JSON of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from pydantic_core import from_json

from ...errors import ApiError
from ...locale.catalogue import Sentence
from ..protocol import Json, Reply, Request, refusal
from ..runs import ForeignRun

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def read(text: str) -> Json | None:
    """The JSON object of a message: as it is, or as the data of SSE text, which live frames of the socket are."""
    if text.startswith(("event:", "data:", "id:")):
        text = "\n".join(line[5:].removeprefix(" ") for line in text.split("\n") if line.startswith("data:"))
    try:
        item = from_json(text)
    except ValueError:
        return None
    return item if isinstance(item, dict) else None


def answer_of(request: Request, reply: Reply) -> Any:
    """What was asked for. Raises ApiError in the server's own words."""
    if not 200 <= reply.status < 300:
        raise refusal(request, reply)
    try:
        return from_json(reply.text)
    except ValueError as error:
        raise ApiError(Sentence("api.unusable", why=f"JSON: {error}"), status=reply.status) from None


def posted(path: str, fields: Mapping[str, object], *, again: bool = False) -> Request:
    """A form that is answered by a stream; the run goes on though nobody listens."""
    body = urlencode({**fields, "stream": "true", "background": "true"})
    return Request("POST", path, body, FORM, stream=True, again=again)


def names(run: ForeignRun) -> Json:
    return {"workflow_id": run.flow_id.partition("/")[2], "run_id": run.run_id, "session_id": run.session}


def behind(run: ForeignRun) -> Json:
    return {"last_event_index": run.index} if run.index >= 0 else {}


def flow_path(flow_id: str) -> str:
    kind, _, name = flow_id.partition("/")
    return f"{kind}/{quote(name, safe='')}"


def run_path(run: ForeignRun) -> str:
    return f"/{flow_path(run.flow_id)}/runs/{quote(run.run_id or '', safe='')}"


def state_request(run: ForeignRun) -> Request:
    return Request("GET", f"{run_path(run)}?{urlencode({'session_id': run.session})}")
