"""ForeignApi: what the page asks of a portal, asked of a backend of another protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, Unpack

from ..contract.decode import Decoded
from ..contract.flow import Flow
from ..contract.http import LogPage, RunInfo
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..protocols.dialect import Dialect
from ..protocols.protocol import Dialogue, Frame, Opening, Reply, Request, refusal
from ..protocols.runs import ForeignRun
from .api import Asked, unreached
from .foreign_link import ForeignLink
from .run_stream import Wires

T = TypeVar("T")
TIMEOUT_S = 10.0
OVER = ("success", "error", "killed")


class ForeignApi:
    """Carries out a dialect's dialogues over HTTP. Every failure is an ApiError whose text a user can read."""

    def __init__(self, dialect: Dialect, link: ForeignLink, wires: Wires) -> None:
        self._dialect = dialect
        self._link = link
        self._wires = wires
        self._flows: list[Flow] | None = None
        self._date_listeners: list[Callable[[float], None]] = []

    @property
    def available(self) -> bool:
        return bool(self._wires.base)

    def on_date(self, listener: Callable[[float], None]) -> None:
        """Call `listener` with the time at the server, whenever an answer tells it (seconds since the epoch)."""
        self._date_listeners.append(listener)

    # -- what can be run --------------------------------------------------------------------------
    async def flows(self) -> list[Flow]:
        self._flows = [Flow.model_validate(each) for each in await self._talk(self._dialect.flows())]
        return self._flows

    async def flow(self, flow_id: str) -> Flow:
        for flow in self._flows or await self.flows():
            if flow.id == flow_id:
                return flow
        raise ApiError(Sentence("missing.flow", flow=flow_id), status=404)

    # -- what a person does -----------------------------------------------------------------------
    async def start(self, flow_id: str, given: Any = None) -> str:
        """Start a run; its id, once the server has told it."""
        return await self._link.begin(self._dialect.start(flow_id, given))

    async def stop(self, run_id: str) -> None:
        run = self._run(run_id)
        wanted = self._dialect.stop(run)
        if wanted is None:
            self._link.let_go(run)
        elif isinstance(wanted, Frame):
            self._link.open(Opening(run.key, wanted))
        else:
            await self._ask(wanted)
            if run.waiting:
                raise ApiError(Sentence("protocol.stops_later"))

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """Answer one requirement, until the server has heard it.

        Where the backend wants those of a pause together, it is kept until all are there.
        """
        run = self._run(run_id)
        if not await self._talk(self._dialect.still_asks(run)):
            self._link.anew(run)
            raise ApiError(Sentence("protocol.answered"))
        opening = self._dialect.answer(run, answer)
        if opening is not None:
            await self._link.go_on(opening)

    # -- what is asked of runs --------------------------------------------------------------------
    async def runs(self, **asked: Unpack[Asked]) -> list[RunInfo]:
        """The newest runs; a backend of another protocol has no older pages."""
        return [] if asked.get("before") is not None else await self._talk(self._dialect.listed())

    async def run(self, run_id: str) -> RunInfo:
        run = self._run(run_id)
        info = await self._talk(self._dialect.state(run))
        if info.status in OVER and not run.over:
            self._link.anew(run)  # its stream is silent, or was never heard
        return info

    async def given(self, run_id: str) -> Any:
        return (await self.run(run_id)).input

    async def events(self, run_id: str, after: int) -> Iterator[Decoded]:
        """Nothing here: a run's events come by its stream, which is opened where it is not."""
        self._link.bring(run_id)
        return iter(())

    async def logs(self, run_id: str, cursor: str | int | None) -> LogPage:
        raise ApiError(Sentence("protocol.cannot", protocol=self._dialect.name, what="logs"), status=404)

    async def ticket(self) -> str | None:
        return None

    # -- inside -----------------------------------------------------------------------------------
    def _run(self, run_id: str) -> ForeignRun:
        run = self._dialect.runs.find(run_id)
        if run is None:
            raise ApiError(Sentence("missing.run", run=run_id), status=404)
        return run

    async def _talk(self, dialogue: Dialogue[T]) -> T:
        try:
            request = next(dialogue)
            while True:
                request = dialogue.send(await self._reply(request))
        except StopIteration as ended:
            result: T = ended.value
            return result

    async def _ask(self, request: Request) -> Reply:
        reply = await self._reply(request)
        if not 200 <= reply.status < 300:
            raise refusal(request, reply)
        return reply

    async def _reply(self, request: Request) -> Reply:
        """The answer; one that is refused for its token is asked for once more with another, where there is one."""
        credentials = self._wires.credentials
        token = await credentials.for_call()
        reply = await self._once(request, token)
        if reply.status == 401 and await credentials.renew(token):
            reply = await self._once(request, credentials.token)
        return reply

    async def _once(self, request: Request, token: str | None) -> Reply:
        call = f"{request.method} {request.path}"
        try:
            url = request.at(self._wires.base)
            answer = await self._wires.http.request(
                request.method, url, body=request.body, token=token, timeout_s=TIMEOUT_S
            )
        except TimeoutError:
            self._link.reached(False)
            raise ApiError(Sentence("api.silent", call=call, seconds=f"{TIMEOUT_S:g}")) from None
        except OSError as error:
            self._link.reached(False)
            raise unreached(call, error) from None
        for listener in self._date_listeners if answer.date is not None else ():
            listener(answer.date or 0.0)
        return Reply(answer.status, answer.text)
