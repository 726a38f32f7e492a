"""Rights: the portal says who may do what; tickets carry what it knows of a person from a call to a socket."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

from ..errors import Refused

Action = Literal["connect", "see", "start", "answer", "stop", "ingest"]
"""`connect`: open a socket, get a ticket, list flows and runs. `see`: one run. `ingest`: send events of one."""
ANSWER_S = 5.0
"""How long the portal may think about who may do what."""
log = logging.getLogger("flowglow.relay")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: a run, or (`start`) a flow of which there is no run yet."""

    run_id: str | None
    flow_id: str | None


Authorize = Callable[[HTTPConnection, Action, Subject | None], bool | Awaitable[bool]]
"""The portal's word. What it puts into `request.state.user` (text) when a ticket is asked for, is bound to the
ticket, and stands in `state.user` of the socket that the ticket opens."""


class Rights:
    """Asks the portal; without its word everybody may watch, start and answer, and whoever has a key may ingest."""

    def __init__(self, authorize: Authorize | None = None, keys: Collection[str] = ()) -> None:
        self._authorize = authorize
        self._keys = tuple(key.strip().encode() for key in keys)
        if not all(self._keys):
            raise ValueError("A key of a relay is empty: whoever sends none would have it.")

    @property
    def open(self) -> bool:
        """Whether everybody may see everything."""
        return self._authorize is None

    async def may(
        self, request: HTTPConnection, action: Action, subject: Subject | None = None, *, unknown: bool = False
    ) -> bool:
        """Whether it is allowed; `unknown` where the portal fails to say, or does not say within ANSWER_S."""
        if action == "ingest" and self._keys:
            return self._has_key(request)
        if self._authorize is None:
            return action != "ingest"
        try:
            said = self._authorize(request, action, subject)
            async with asyncio.timeout(ANSWER_S):
                return bool(await said if inspect.isawaitable(said) else said)
        except TimeoutError:
            log.warning("The portal did not say within %g s who may %s", ANSWER_S, action)
            return unknown
        except Exception:
            log.exception("The portal could not say who may %s", action)
            return unknown

    async def need(self, request: HTTPConnection, action: Action, subject: Subject | None = None) -> None:
        """Raise Refused unless it is allowed."""
        if await self.may(request, action, subject):
            return
        if action == "ingest":
            words = "Send events with `Authorization: Bearer` and a key of this relay."
            raise Refused(
                401, "key_needed", words if self._keys else "This relay takes no events over HTTP: no key is set."
            )
        what = {"connect": "use this server", "see": "see this run", "start": "start this flow",
                "answer": "answer for this run", "stop": "stop this run"}[action]  # fmt: skip
        raise Refused(403, "forbidden", f"You may not {what}.")

    def _has_key(self, request: HTTPConnection) -> bool:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        given = key.strip().encode()
        # no early end: how long it takes tells nothing
        return kind.lower() == "bearer" and sum(hmac.compare_digest(each, given) for each in self._keys) > 0


def user_of(request: HTTPConnection) -> str:
    """What the portal said of whoever asks; empty where it said nothing."""
    user = getattr(request.state, "user", None)
    return "" if user is None else str(user)
