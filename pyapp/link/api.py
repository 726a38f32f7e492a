"""The backend's HTTP API (docs/contract.md §2): calls with typed answers, and errors in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, TypedDict, TypeVar, Unpack
from urllib.parse import quote, urlencode

from pydantic import AliasPath, Field, OnErrorOmit, TypeAdapter, ValidationError

from ..contract.decode import Decoded, decode, parse
from ..contract.flow import PARTS, Flow
from ..contract.http import Answer, LogPage, RunInfo, Started, Ticket, read_json
from ..contract.lenient import Lenient, Listed
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..ports import MAX_ANSWER_BYTES, Http, HttpResponse
from .credentials import Credentials

T = TypeVar("T")
TIMEOUT_S, TICKET_TIMEOUT_S, LONG_TIMEOUT_S = 10.0, 2.0, 60.0
"""Seconds until an answer is given up; the last is for a history, a flow or a run, which may come over a slow link."""

SLICE = 500
"""So many nodes or edges of a flow are read at once: some 10 ms."""

_FLOWS = TypeAdapter(Listed[list[OnErrorOmit[Flow]]])
_RUN = TypeAdapter(RunInfo)
_RUNS = TypeAdapter(Listed[list[OnErrorOmit[RunInfo]]])
_LOGS = TypeAdapter(LogPage)
_STARTED = TypeAdapter(Started)
_TICKET = TypeAdapter(Ticket)
_part = partial(quote, safe="")


class Asked(TypedDict, total=False):
    """Which runs are listed."""

    flow_id: str | None
    status: str | None
    before: str | None
    limit: int | None


class Api:
    """Asks the backend at `base`, with the token that was given.

    Every failure is an ApiError whose text a user can read.
    Of a list, what cannot be read is left out: one bad run does not lose the others.
    """

    def __init__(self, http: Http, base: str, credentials: Credentials) -> None:
        self._http = http
        self._credentials = credentials
        self._base = base.rstrip("/")
        self._date_listeners: list[Callable[[float], None]] = []

    def on_date(self, listener: Callable[[float], None]) -> None:
        """Call `listener` with the time at the server, whenever an answer tells it (whole seconds since the epoch)."""
        self._date_listeners.append(listener)

    @property
    def available(self) -> bool:
        """False when the page knows no backend; then nothing is asked."""
        return bool(self._base)

    async def flows(self) -> list[Flow]:
        return await self._get("/flows", _FLOWS)

    async def flow(self, flow_id: str) -> Flow:
        """Read in slices, so that the page answers while a flow of thousands of nodes is read."""
        answer = await self._call("GET", f"/flows/{_part(flow_id)}", timeout_s=LONG_TIMEOUT_S)
        with _usable(answer):
            told = parse(answer.text)
            read = {}
            for name, adapter in PARTS.items():
                if isinstance(told, dict) and isinstance(told.get(name), list):
                    read[name] = [each async for each in _sliced(told.pop(name), adapter)]
            return Flow.model_validate(told).model_copy(update=read)

    async def start(self, flow_id: str, given: Any = None) -> str:
        """Start a run with what it is given, text or any JSON; its id."""
        body = {} if given is None else {"input": given}
        answer = await self._call("POST", f"/flows/{_part(flow_id)}/runs", body)
        return _read(answer, _STARTED).run_id

    async def stop(self, run_id: str) -> None:
        await self._call("POST", f"/runs/{_part(run_id)}/stop", {})

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """Answer one requirement of a paused run; `answer` bears its `id`. The same answer twice is one answer."""
        await self._call("POST", f"/runs/{_part(run_id)}/continue", {"requirements": [answer]})

    async def run(self, run_id: str) -> RunInfo:
        return _read(await self._call("GET", f"/runs/{_part(run_id)}", timeout_s=LONG_TIMEOUT_S), _RUN)

    async def given(self, run_id: str) -> Any:
        """What a run was given; None for nothing, or where the server does not say."""
        return (await self.run(run_id)).input

    async def runs(self, **asked: Unpack[Asked]) -> list[RunInfo]:
        """The runs, newest first: of one flow, in one status, older than the run `before`, so many. A backend may
        ignore any of it but the flow.
        """
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return await self._get(f"/runs?{query}" if query else "/runs", _RUNS)

    async def events(self, run_id: str, after: int) -> Iterator[Decoded]:
        """The run's events behind number `after`; a line that cannot be read says so itself.

        Each is decoded when it is asked for, so that a long history can be read in slices. No frame need hold it.
        """
        path = f"/runs/{_part(run_id)}/events?after={after}"
        answer = await self._call("GET", path, timeout_s=LONG_TIMEOUT_S)
        if answer.text.lstrip().startswith("<"):
            raise ApiError(Sentence("api.page"), status=answer.status)
        return (item for line in answer.text.split("\n") if line.strip() for item in decode(line, MAX_ANSWER_BYTES))

    async def logs(self, run_id: str, cursor: str | int | None) -> LogPage:
        after = "" if cursor is None else f"?after={_part(str(cursor))}"
        return await self._get(f"/runs/{_part(run_id)}/logs{after}", _LOGS)

    async def ticket(self) -> str | None:
        """A single-use ticket for the next socket; None when this backend has no tickets."""
        try:
            return _read(await self._call("POST", "/tickets", {}, timeout_s=TICKET_TIMEOUT_S), _TICKET).ticket
        except ApiError as error:
            if error.status in (404, 405):
                return None
            raise

    async def _get(self, path: str, adapter: TypeAdapter[T]) -> T:
        return _read(await self._call("GET", path), adapter)

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout_s: float = TIMEOUT_S
    ) -> HttpResponse:
        if not self.available:
            raise ApiError(Sentence("api.none"))
        text = None if body is None else json.dumps(body)
        token = await self._credentials.for_call()
        answer = await self._request(method, path, text, token, timeout_s)
        if answer.status == 401 and await self._credentials.renew(token):
            answer = await self._request(method, path, text, self._credentials.token, timeout_s)
        if not 200 <= answer.status < 300:
            raise _error(method, path, answer)
        return answer

    async def _request(
        self, method: str, path: str, body: str | None, token: str | None, timeout_s: float
    ) -> HttpResponse:
        url = self._base + path
        try:
            answer = await self._http.request(method, url, body=body, token=token, timeout_s=timeout_s)
        except TimeoutError:
            raise ApiError(Sentence("api.silent", call=f"{method} {path}", seconds=f"{timeout_s:g}")) from None
        except OSError as error:
            raise unreached(f"{method} {path}", error) from None
        if answer.date is not None:
            for listener in self._date_listeners:
                listener(answer.date)
        return answer


def unreached(call: str, error: OSError) -> ApiError:
    """No answer came; of another origin it may have, and have been kept from the page: a PermissionError."""
    kept = isinstance(error, PermissionError)
    if str(error):
        return ApiError(Sentence("api.kept.why" if kept else "api.unreachable.why", call=call, why=error))
    return ApiError(Sentence("api.kept" if kept else "api.unreachable", call=call))


async def _sliced(items: list[Any], adapter: TypeAdapter[list[T]]) -> AsyncIterator[T]:
    for start in range(0, len(items), SLICE):
        await asyncio.sleep(0)
        for each in adapter.validate_python(items[start : start + SLICE]):
            yield each


def _read(answer: HttpResponse, adapter: TypeAdapter[T]) -> T:
    with _usable(answer):
        return read_json(answer.text, adapter)


@contextmanager
def _usable(answer: HttpResponse) -> Iterator[None]:
    """What cannot be read in an answer is an ApiError that says what and where."""
    try:
        yield
        return
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = ": ".join([".".join(str(part) for part in first["loc"]) or "$", first["msg"]])
    except ValueError as error:
        reason = f"JSON: {error}"
    raise ApiError(Sentence("api.unusable", why=reason), status=answer.status)


class _Refusal(Answer):
    """What a backend may say of a failure: `{"error": {"code": …, "message": …}}`."""

    code: Annotated[Lenient[str], Field(validation_alias=AliasPath("error", "code"))] = None
    message: Annotated[Lenient[str], Field(validation_alias=AliasPath("error", "message"))] = None


def _error(method: str, path: str, answer: HttpResponse) -> ApiError:
    try:
        said = _Refusal.model_validate_json(answer.text)
    except ValidationError:
        said = _Refusal()
    words = said.message or Sentence("api.status", call=f"{method} {path}", status=answer.status)
    return ApiError(words, status=answer.status, code=said.code)
