"""Rights: the portal says who may do what; tickets carry what it knows of a person from a call to a socket."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import logging
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

from ..errors import Refused
from ..names import OTHER_NAME, names_it

Action = Literal["connect", "see", "start", "answer", "stop", "ingest"]
"""`connect`: open a socket, get a ticket, list flows and runs. `see`: one run. `ingest`: send events of one."""
ANSWER_S = 5.0
"""How long the portal may think about who may do what."""
AT_ONCE, REVIEWED_AT_ONCE = 32, 16
"""Questions that it is asked at the same time: of who wants something, and of who has it."""
log = logging.getLogger("flowglow.relay")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: a run, or (`start`) a flow of which there is no run yet."""

    run_id: str | None
    flow_id: str | None


Authorize = Callable[[HTTPConnection, Action, Subject | None], bool | Awaitable[bool] | Future[bool]]
"""The portal's word: `True` is yes, and nothing else is.

What it puts into `request.state.user` (text) when a ticket is asked for, is bound to the ticket, and stands in
`state.user` of the socket that the ticket opens."""


class Silent(Refused):
    """The portal did not say whether it is allowed: it is not, and may be asked for again."""

    def __init__(self, action: Action) -> None:
        super().__init__(503, "portal_silent", f"The portal did not say who may {action}; try again.")


class Rights:
    """Asks the portal; without its word everybody may watch, start and answer, and whoever has a key may ingest."""

    def __init__(
        self, authorize: Authorize | None = None, keys: Collection[str] = (), names: Collection[str] | None = None
    ) -> None:
        self._names = names
        self._authorize = authorize
        self._keys = tuple(key.strip().encode() for key in keys)
        self._places, self._places_of_review = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(REVIEWED_AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, "flowglow-portal")
        """For a plain function: one that hangs uses up no thread that others need."""
        if not all(self._keys):
            raise ValueError("A key of a relay is empty: whoever sends none would have it.")

    @property
    def open(self) -> bool:
        """Whether everybody may see everything."""
        return self._authorize is None

    def is_named(self, request: HTTPConnection) -> bool:
        """Whether we are asked by a name of ours: else a stranger's page, under their name, is of our origin."""
        return names_it(request.headers.get("host", ""), self._names)

    async def may(self, request: HTTPConnection, action: Action, subject: Subject | None = None) -> bool:
        """Whether it is allowed. Raises Silent where the portal fails to say, or does not say within ANSWER_S."""
        if action == "ingest" and self._keys:
            return self._has_key(request)
        if self._authorize is None:
            return action != "ingest"
        return await self._asked(self._places, self._authorize, request, action, subject)

    async def still_may(self, request: HTTPConnection, action: Action, subject: Subject | None = None) -> bool:
        """The same for somebody who might: only the portal's word takes that away. Nobody who comes waits for it."""
        if self._authorize is None:
            return True
        try:
            return await self._asked(self._places_of_review, self._authorize, request, action, subject)
        except Silent:
            return True

    async def _asked(
        self,
        places: asyncio.Semaphore,
        authorize: Authorize,
        request: HTTPConnection,
        action: Action,
        subject: Subject | None,
    ) -> bool:
        async with places:
            try:
                async with asyncio.timeout(ANSWER_S):
                    return await self._said(authorize, request, action, subject)
            except TimeoutError:
                log.warning("The portal did not say within %g s who may %s", ANSWER_S, action)
            except Exception:
                log.exception("The portal could not say who may %s", action)
        raise Silent(action)

    async def need(self, request: HTTPConnection, action: Action, subject: Subject | None = None) -> None:
        """Raise Refused unless it is allowed, Silent among them."""
        if not self.is_named(request):
            raise Refused(403, "other_name", OTHER_NAME)
        if await self.may(request, action, subject):
            return
        if action == "ingest" and (self._keys or self._authorize is None):
            words = "Send events with `Authorization: Bearer` and a key of this relay."
            raise Refused(
                401, "key_needed", words if self._keys else "This relay takes no events over HTTP: no key is set."
            )
        what = {"connect": "use this server", "see": "see this run", "start": "start this flow",
                "answer": "answer for this run", "stop": "stop this run",
                "ingest": "send events of this run"}[action]  # fmt: skip
        raise Refused(403, "forbidden", f"You may not {what}.")

    async def _said(
        self, authorize: Authorize, request: HTTPConnection, action: Action, subject: Subject | None
    ) -> bool:
        said: object
        if inspect.iscoroutinefunction(authorize):
            said = await authorize(request, action, subject)
        else:
            loop = asyncio.get_running_loop()
            said = await loop.run_in_executor(self._threads, authorize, request, action, subject)  # it may block
        if isinstance(said, Future):
            said = asyncio.wrap_future(said)
        if inspect.isawaitable(said):
            said = await said
        if not isinstance(said, bool | None):
            log.warning(
                "The portal's word on who may %s is neither True nor False (%s): nobody may", action, type(said)
            )
        return said is True  # nothing else is a yes: whatever is not understood would be one

    def _has_key(self, request: HTTPConnection) -> bool:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        given = key.strip().encode()
        # no early end: how long it takes tells nothing
        return kind.lower() == "bearer" and sum(hmac.compare_digest(each, given) for each in self._keys) > 0


def user_of(request: HTTPConnection) -> str:
    """What the portal said of whoever asks; empty where it said nothing."""
    user = getattr(request.state, "user", None)
    return "" if user is None else str(user)
