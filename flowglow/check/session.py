"""What the checks of one session share: the backend, what it said at first, and runs that were driven once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .backend import Backend
from .driving import Watched, drive
from .findings import Untried
from .options import Options
from .wire import Json, Wire

T = TypeVar("T")


class Session:
    """Owns the evidence that more than one check needs; each piece is gathered once."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._pieces: dict[str, asyncio.Future[Any]] = {}
        self._blamed: set[str] = set()

    @property
    def options(self) -> Options:
        return self.backend.options

    def first(self, code: str) -> bool:
        """Whether nobody has found yet that this rule keeps checks from being tried."""
        new = code not in self._blamed
        self._blamed.add(code)
        return new

    async def greeted(self) -> Wire:
        """A socket that waited for its first frame, and is otherwise left alone."""
        return await self._once("greeted", self._greet)

    async def hello(self) -> Json | None:
        """The `hello` that came first; None where none did."""
        wire = await self.greeted()
        first = wire.items[0] if wire.items else None
        return first.raw if first is not None and first.type == "hello" else None

    async def sparse(self) -> bool:
        return bool((await self.hello() or {}).get("sparse"))

    async def flows(self) -> list[str]:
        """The flows to run: those that were named, else the first that is listed. Raises Untried."""
        return await self._once("flows", self._choose)

    async def driven(self) -> list[Watched]:
        """Each flow, run to its end. Raises Untried."""
        return await self._once("driven", self._drive)

    async def run(self) -> Watched:
        """The first of them."""
        return (await self.driven())[0]

    async def resumes(self) -> bool:
        """Whether `resume` brings anything at all of a run that is over."""
        return await self._once("resumes", self._resume)

    async def _greet(self) -> Wire:
        wire = await self.backend.open()
        await wire.until(lambda: bool(wire.beats[1:]), self.options.grace_s)
        return wire

    async def _choose(self) -> list[str]:
        if self.options.flows:
            return list(self.options.flows)
        reply = await self.backend.call("GET", "/flows")
        listed = reply.value if isinstance(reply.value, list) else []
        found = [str(each["id"]) for each in listed if isinstance(each, dict) and each.get("id")]
        if not found:
            raise Untried("No flow is named by --flow, and GET /flows lists none: no run can be driven.")
        return found[:1]

    async def _drive(self) -> list[Watched]:
        return [await drive(self.backend, each) for each in await self.flows()]

    async def _resume(self) -> bool:
        watched = await self.run()
        wire = await self.backend.open()
        start = len(wire.items)
        await wire.send({"type": "resume", "runs": {watched.run_id: -1}})
        return await wire.until(lambda: any(wire.events(watched.run_id, start)), self.options.grace_s)

    async def _once(self, name: str, gather: Callable[[], Awaitable[T]]) -> T:
        """Gather it now, or wait for whoever does; a failure is everybody's."""
        if name not in self._pieces:
            self._pieces[name] = asyncio.ensure_future(gather())
        result: T = await asyncio.shield(self._pieces[name])
        return result
