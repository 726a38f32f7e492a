"""The portal: who executes flows, and says who may do what. A relay calls it; it executes nothing itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from starlette.requests import Request

from ..errors import Refused
from .flows import Flows, NoFlows
from .rights import Authorize

CALL_S = 10.0
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Failures before anything was asked."""


class Unclear(Refused):
    """Whoever executes flows was asked and did not answer: nobody knows whether it was done."""

    def __init__(self) -> None:
        words = f"Whoever executes flows was asked, and did not answer within {CALL_S:g} s: it may have been done."
        super().__init__(504, "executor_silent", f"{words} See whether the run goes on before you try again.")


class Executor(Protocol):
    """Whoever executes flows. Answers and a stop also stand in the log, where a producer reads them by itself."""

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        """Begin to execute; `run_id` is what its events bear. Raises Refused where it cannot, Unclear where it may."""

    async def stop(self, run_id: str) -> None:
        """End a run. Raises Refused."""

    async def answered(self, run_id: str) -> None:
        """People have answered; what they said is in the log. Raises Refused."""


class NoExecutor:
    """A relay that only watches: nothing can be started here."""

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        """It is never called."""

    async def stop(self, run_id: str) -> None:
        pass

    async def answered(self, run_id: str) -> None:
        pass


class Webhook:
    """An executor that is called over HTTP: `POST` with `{"action", "run_id"}`, for a start `flow_id` and `input` too.

    Any answer below 300 is yes; of another one `error.message`, where it has one, is told to whoever asked.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        self._url = url
        self._client = httpx.AsyncClient(timeout=CALL_S, headers=headers)

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        await self._call({"action": "start", "run_id": run_id, "flow_id": flow_id, "input": input})

    async def stop(self, run_id: str) -> None:
        await self._call({"action": "stop", "run_id": run_id})

    async def answered(self, run_id: str) -> None:
        await self._call({"action": "answered", "run_id": run_id})

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, body: dict[str, Any]) -> None:
        try:
            answer = await self._client.post(self._url, json=body)
        except NEVER_SENT as error:
            words = f"Whoever executes flows cannot be reached ({type(error).__name__}); try again later."
            raise Refused(502, "executor_away", words) from None
        except httpx.HTTPError:
            raise Unclear from None
        if answer.status_code == 504:  # of a proxy that waited in vain
            raise Unclear
        if answer.status_code >= 300:
            words = _message(answer) or f"Whoever executes flows refused ({answer.status_code})."
            raise Refused(answer.status_code if 400 <= answer.status_code < 500 else 502, "executor_refused", words)


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return ""


@dataclass(frozen=True, slots=True)
class Portal:
    """What a portal gives its relay; every part may be missing."""

    flows: Flows = field(default_factory=NoFlows)
    executor: Executor = field(default_factory=NoExecutor)
    authorize: Authorize | None = None
    keys: Collection[str] = ()
    """With one of these a producer may send events over HTTP."""
