"""A feed: where a producer's events go; a relay over HTTP, or an event log in the same process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx
from pydantic_core import from_json

from ..addresses import is_address
from ..errors import Refused
from ..headers import is_value, no_value
from ..reading import TooDeep, held, shallow
from ..relay.log.port import Draft, EventLog, NewRun
from ..wire import to_text

ANSWER_S = 10.0
WAIT_S = 20
"""How long a relay is asked to wait for something that is wanted of the run."""
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 507})
"""Answers after which the same may be sent again."""


class Later(Exception):
    """It could not be sent now; the same can be sent again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A log line: its id, by which it is known when it is sent again, and the rest of it as JSON."""

    line_id: str
    text: str

    @property
    def body(self) -> str:
        """The whole of it as JSON."""
        return f'{{"line_id":{to_text(self.line_id)},{self.text[1:]}'


class Feed(Protocol):
    """Takes what a run tells. Every call may be made again: nothing is taken twice. Raises Later, Refused."""

    async def open(self, run: NewRun) -> None:
        """Make the run known."""

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        """Send events: the number of each."""

    async def lines(self, run_id: str, lines: Sequence[Line]) -> None:
        """Send log lines."""

    async def orders(self, run_id: str, after: int) -> tuple[list[dict[str, Any]], int]:
        """Wait a while for what is wanted of the run behind a cursor: that, and the next cursor."""

    async def close(self) -> None:
        """Let go of connections."""


class HttpFeed:
    """A relay, or several behind one address. Raises ValueError for an address or a key that can never work."""

    def __init__(self, url: str, key: str) -> None:
        timeout = httpx.Timeout(ANSWER_S, read=ANSWER_S + WAIT_S)
        self._client = httpx.AsyncClient(base_url=_address(url), headers=_with_key(key.strip()), timeout=timeout)

    async def open(self, run: NewRun) -> None:
        body = {"flow_id": run.flow_id, "started_at": run.started_at, "input": run.input}
        await self._ask("PUT", _path(run.run_id), to_text(body))

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        match await self._ask("POST", f"{_path(run_id)}/events", "\n".join(each.body for each in drafts)):
            case {"seqs": list(seqs)}:
                return seqs
        return []

    async def lines(self, run_id: str, lines: Sequence[Line]) -> None:
        await self._ask("POST", f"{_path(run_id)}/logs", "\n".join(each.body for each in lines))

    async def orders(self, run_id: str, after: int) -> tuple[list[dict[str, Any]], int]:
        match await self._ask("GET", f"{_path(run_id)}/orders?after={after}&wait={WAIT_S}"):
            case {"orders": list(orders), "cursor": int(cursor)}:
                return orders, cursor
        raise Later(f"What is wanted of the run {run_id} was answered without `orders` and `cursor`.")

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, path, content=body)
        except httpx.HTTPError as error:
            raise Later(f"The relay cannot be reached: {error or type(error).__name__}.") from None
        told = _object(answer.content or b"{}")
        if answer.is_success:
            if told is None:
                raise Later(f"The relay cannot be reached: {answer.url} was answered with what is not JSON of a relay.")
            return told
        said = told.get("error") if told is not None else None
        said = said if isinstance(said, dict) else {}
        words = str(said.get("message") or "")
        if answer.status_code in _LATER:
            raise Later(words or f"The relay cannot be reached: {_unsaid(answer)}")
        raise Refused(answer.status_code, str(said.get("code") or "refused"), words or _unsaid(answer))


def _object(content: bytes) -> dict[str, Any] | None:
    """The JSON object that an answer is; None for any other: a proxy on the way answers in HTML, or its own JSON."""
    try:
        told = from_json(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _unsaid(answer: httpx.Response) -> str:
    said = f"{answer.url} was answered with {answer.status_code} {answer.reason_phrase}".rstrip()
    return f"{said}, in no words of a relay. Check the `url`, the `key`, and the proxies on the way."


def _address(url: str) -> httpx.URL:
    with contextlib.suppress(httpx.InvalidURL):
        if is_address(url, ("http", "https")):
            return httpx.URL(url.rstrip("/"))
    words = "it begins with http:// or https:// and names a host, as in http://127.0.0.1:8001"
    raise ValueError(f"{url!r:.200} is no address of a relay: {words}.")


def _with_key(key: str) -> dict[str, str]:
    if key and not is_value(key):
        raise ValueError(no_value("key"))
    return {"authorization": f"Bearer {key}"} if key else {}


def _path(run_id: str) -> str:
    return f"/ingest/runs/{quote(run_id, safe='')}"


class LogFeed:
    """An event log in this process."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def open(self, run: NewRun) -> None:
        try:
            shallow(to_text({"input": run.input}))
        except TooDeep as error:
            raise Refused(422, "too_deep", f"The run cannot be taken: {error}.") from None
        with _later():
            await self._log.open(run)

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        with _later():
            return await self._log.append(run_id, drafts)

    async def lines(self, run_id: str, lines: Sequence[Line]) -> None:
        with _later():
            await self._log.write(run_id, [each.text for each in lines], [each.line_id for each in lines])

    async def orders(self, run_id: str, after: int) -> tuple[list[dict[str, Any]], int]:
        with _later():
            follower = await self._log.follow()
            try:
                follower.watch(run_id, after - 1, "orders")
                page = await self._log.read(run_id, after - 1, "orders")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(WAIT_S):
                        while not page.entries:
                            await follower.next()
                            page = await self._log.read(run_id, after - 1, "orders")
            finally:
                await follower.close()
        orders = [held(entry.text) for entry in page.entries]
        if page.entries:
            return orders, page.entries[-1].seq + 1
        return orders, after if after <= page.last + 1 else 0  # 0: the log began anew

    async def close(self) -> None:
        """The log is somebody else's."""


@contextlib.contextmanager
def _later() -> Any:
    """What a log refuses because of its own state can be sent again."""
    try:
        yield
    except Refused as error:
        if error.status in _LATER:
            raise Later(str(error)) from None
        raise
