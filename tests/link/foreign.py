"""A backend of another protocol, as small as one can be: for tests of what carries it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from pyapp.contract.embed import Awaited
from pyapp.contract.http import RunInfo
from pyapp.link.credentials import Credentials
from pyapp.link.foreign_api import ForeignApi
from pyapp.link.foreign_link import ForeignLink
from pyapp.link.run_stream import Wires
from pyapp.protocols.dialect import Dialect
from pyapp.protocols.protocol import Dialogue, Frame, Heard, Json, Opening, Request, Send, aside
from pyapp.protocols.runs import ForeignRun
from pyapp.stores.link import LinkState
from pyapp.stores.store import Batch, Store
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp
from pyapp.testing.socket import FakeSockets


class Plain:
    """Translates what is the contract's already."""

    def translate(self, event: Any) -> list[Json]:
        return [event]


class Toy(Dialect):
    """Runs over streams; each message bears its number as the SSE id, so that a stream can be resumed."""

    name = "toy"

    def __init__(self, *, resumes: bool = True) -> None:
        ids = iter(f"id{number}" for number in range(100))
        super().__init__(lambda: next(ids))
        self.resumes = resumes
        self.wanted: list[Opening] = []

    def heard(self, heard: Heard) -> list[Json]:
        run = self.runs.find(heard.key)
        if run is None:
            return [aside(heard.text)]
        item = json.loads(heard.text)
        return run.take(item, int(heard.id) if heard.id else None)

    def due(self) -> list[Opening]:
        wanted, self.wanted = self.wanted, []
        return wanted

    def start(self, flow_id: str, given: Any) -> Opening:
        run = self.runs.add(ForeignRun(self.new_id(), flow_id, Plain))
        return Opening(run.key, Request("POST", "/run", "{}", stream=True))

    def stop(self, run: ForeignRun) -> Send | None:
        return None if run.flow_id == "loose" else Request("POST", f"/stop/{run.run_id}")

    def answer(self, run: ForeignRun, answer: Json) -> Opening | None:
        return Opening(run.key, Request("POST", "/go-on", "{}", stream=True))

    def resume(self, run: ForeignRun) -> Opening | None:
        if not self.resumes or run.run_id is None:
            return None
        return Opening(run.key, Request("POST", f"/again?after={run.index}", stream=True, again=True))

    def stream_ended(self, run: ForeignRun, *, whole: bool) -> list[Json]:
        super().stream_ended(run, whole=whole)
        return run.take({"event": "run_end", "run_id": run.run_id, "status": "killed" if whole else "error"})

    def flows(self) -> Dialogue[list[Json]]:
        reply = yield Request("GET", "/list")
        return [{"id": name, "name": name, "nodes": [], "edges": []} for name in reply.text.split()]

    def state(self, run: ForeignRun) -> Dialogue[RunInfo]:
        reply = yield Request("GET", f"/state/{run.run_id}")
        return RunInfo(run_id=run.run_id or "", status=reply.text or "executing")


class Talker(Toy):
    """The same over a socket."""

    socket = "/ws"

    def greeting(self) -> list[Frame]:
        return [Frame({"type": "hi"})]

    def ping(self) -> Frame:
        return Frame({"type": "are you there"})

    def start(self, flow_id: str, given: Any) -> Opening:
        run = self.runs.add(ForeignRun(self.new_id(), flow_id, Plain))
        return Opening(run.key, Frame({"type": "go", "key": run.key}))

    def stop(self, run: ForeignRun) -> Send | None:
        return Frame({"type": "stop"})


class Bench:
    """A link and an API of it on fakes, and what they told."""

    def __init__(self, dialect: Dialect | None = None, awaited: Awaited = "") -> None:
        self.clock, self.http, self.sockets = FakeClock(), FakeHttp(), FakeSockets()
        self.dialect = dialect or Toy()
        self.state = Store(Batch(lambda source, error: None), LinkState())
        self.items: list[Any] = []
        self.lost: list[str] = []
        base, self.credentials = self.http.base, Credentials(self.clock, awaited)
        wires = Wires(base, "ws://portal.test/ws", self.http, self.sockets, self.clock, lambda: 0.5, self.credentials)
        self.link = ForeignLink(self.dialect, wires, self.state)
        self.api = ForeignApi(self.dialect, self.link, wires)
        self.link.on_frame(lambda frame: self.items.extend(self.link.decode(frame)))
        self.link.on_lost(self.lost.append)
        self.http.answer("GET", "", "")

    @property
    def phase(self) -> str:
        return self.state.get().phase

    async def started(self, flow: str = "f") -> str:
        """A run whose first message came."""
        self.link.start()
        await settle()
        begun = asyncio.ensure_future(self.api.start(flow))
        await settle()
        self.http.streams[-1].answer()
        self.http.streams[-1].say(event(0, event="run_start"))
        return await begun

    async def waiting(self) -> str:
        """A run that waits for a person; the server has ended its stream."""
        run = await self.started()
        asked = [{"id": "q", "kind": "confirmation"}]
        self.http.streams[-1].say(event(1, event="AgentPaused", requirements=asked))
        self.http.streams[-1].end()
        return run

    async def answered(self) -> asyncio.Future[None]:
        """A person's answer to it, on its way."""
        await self.waiting()
        answer = asyncio.ensure_future(self.api.answer("r", {"id": "q", "confirmed": True}))
        await settle()
        return answer

    def contents(self) -> list[str]:
        return [item.content for item in self.items if getattr(item, "event", "") == "RunContent"]

    def events(self) -> list[str]:
        return [getattr(item, "event", type(item).__name__) for item in self.items]


def event(index: int | None = None, run_id: str = "r", **fields: Any) -> str:
    """A message of the toy's stream."""
    number = "" if index is None else f"id: {index}\n"
    return f"{number}data: {json.dumps({'event': 'RunContent', 'run_id': run_id, **fields})}\n\n"


async def settle(turns: int = 20) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
