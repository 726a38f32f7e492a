"""ForeignLink: what a backend of another protocol says, over its socket or over a stream for each run.

To the page it is a Link: it takes the control frames of the contract and does what they mean here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..clock import Timer
from ..contract.control import Control
from ..contract.decode import Decoded, decode
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..protocols.dialect import Dialect
from ..protocols.protocol import Heard, Opening, Request, decoded
from ..protocols.runs import ForeignRun
from ..stores.link import LinkState
from ..stores.store import Batch, Store
from .link import Link
from .probe import ProbeSockets
from .run_stream import RunStream, Wires
from .tickets import TokenFirst
from .unheard import Unheard

PING_S = 8.0
"""Between two pings to a server that answers them: its silence tells that the link is dead."""


class ForeignLink:
    """Owns the socket (or, without one, what is known of the server being there), and the streams of runs."""

    def __init__(self, dialect: Dialect, wires: Wires, state: Store[LinkState]) -> None:
        self._dialect = dialect
        self._wires = wires
        self._state = state
        self._streams: dict[str, RunStream] = {}
        self._unheard = Unheard(dialect.runs, wires.clock, self._failure)
        self._ping: Timer | None = None
        self._frame_listeners: list[Callable[[object], None]] = []
        self._lost_listeners: list[Callable[[str], None]] = []
        batch = Batch(lambda source, error: None)
        self._limits: Store[tuple[Sentence, ...]] = Store(batch, ())
        self._main_state: Store[LinkState] = Store(batch, LinkState())
        self._main_state.listen(lambda _: self._tell())
        self._probes = ProbeSockets(wires.http, wires.base)
        sockets, url = (wires.sockets, wires.socket) if dialect.socket else (self._probes, wires.base)
        token = TokenFirst(wires.credentials)
        self.main = Link(url, sockets, token, wires.clock, self._main_state, wires.random)
        self.main.on_frame(lambda frame: self._deliver(Heard(frame) if isinstance(frame, str) else frame))
        self.main.on_open(self._greet)

    # -- as a Link --------------------------------------------------------------------------------
    def on_frame(self, listener: Callable[[object], None]) -> None:
        """Call `listener` with what came, as it came, for `decode`."""
        self._frame_listeners.append(listener)

    def on_open(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each (re)connect."""
        self.main.on_open(listener)

    def on_lost(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the id of a run whose stream broke, and cannot be told again."""
        self._lost_listeners.append(listener)

    def on_limits(self, listener: Callable[[tuple[Sentence, ...]], None]) -> None:
        """Call `listener` with all that the backend turned out not to be able to do, whenever that is another."""
        self._limits.listen(listener)

    def start(self, *, wished: bool = False) -> None:
        for link in self._links():
            link.start(wished=wished)

    def stop(self) -> None:
        """Let go of the socket, every stream and timer. What was begun at the server goes on there."""
        self._no_ping()
        for stream in list(self._streams.values()):
            stream.stop()
        self._streams.clear()
        self._unheard.stop()
        self.main.stop()

    def online(self) -> None:
        for link in self._links():
            link.online()

    def offline(self) -> None:
        for link in self._links():
            link.offline()

    def seen(self, visible: bool) -> None:
        for link in self._links():
            link.seen(visible)

    def woke(self) -> None:
        for link in self._links():
            link.woke()

    def of(self, run_id: str) -> LinkState:
        """How the link is over which this run is told of: its own stream where it has one, however the others are."""
        own = next((each for each in self._streams.values() if each.run.run_id == run_id), None)
        return (self._main_state if own is None else own.state).get()

    def send(self, frame: dict[str, Any]) -> bool:
        """What a control frame of the contract asks for; False while the link is not open."""
        if self._main_state.get().phase != "open":
            return False
        runs = frame.get("runs") or {}
        for run_id in [*runs, *filter(None, [frame.get("run_id")])]:
            self.bring(run_id)
        return True

    def control(self, frame: Control) -> None:
        """What the dialect made of what came: a promise of a heartbeat, say."""
        self.main.control(frame)

    # -- what comes -------------------------------------------------------------------------------
    def decode(self, frame: object) -> Iterator[Decoded]:
        """The items of the contract in what came; then what is to be done because of it."""
        if isinstance(frame, Heard):
            yield from map(decoded, self._dialect.heard(frame))
        elif isinstance(frame, list):
            yield from map(decoded, frame)
        else:
            yield from decode(frame)
        self._settle()

    def _deliver(self, frame: object) -> None:
        for listener in self._frame_listeners:
            listener(frame)

    def _settle(self) -> None:
        for opening in self._dialect.due():
            self.open(opening)
        self._unheard.settle()
        hears_out = self._dialect.hears_out  # all but the last: a browser has few connections to a server
        told = [each.run for each in self._streams.values() if each.run.over or (hears_out and each.run.settled)]
        for run in told[: -1 if hears_out else None]:
            self._drop(run)
        while self._dialect.lost:
            run_id = self._dialect.lost.pop()
            for listener in self._lost_listeners:
                listener(run_id)
        self._limits.set(self._dialect.limits)
        if self._dialect.refusal:
            self.main.turned_away(self._dialect.refusal)
            self._dialect.refusal = ""

    # -- what is wanted ---------------------------------------------------------------------------
    async def begin(self, opening: Opening) -> str:
        """Start a run; its id, once the server has told it. Raises ApiError."""
        return await self._unheard.wait(opening.key, lambda: self.open(opening))

    async def go_on(self, opening: Opening) -> None:
        """Send what a run waits for, until the server has said anything of it. Raises ApiError, to be sent again."""

        def send() -> None:
            self.open(opening)
            if (run := self._dialect.runs.find(opening.key)) is not None:
                run.answering, run.refused = True, ""

        await self._unheard.wait(opening.key, send)

    def open(self, opening: Opening) -> None:
        """Send it. Raises ApiError where the socket is not open."""
        if (run := self._dialect.runs.find(opening.key)) is not None:
            run.wanted = True
        if not isinstance(opening.send, Request):
            if not self.main.send(dict(opening.send.item)):
                raise ApiError(Sentence("protocol.closed"))
            return
        if run is None:
            return
        self._drop(run)
        stream = RunStream(run, opening.send, self._dialect, self._wires, self._deliver, self._changed)
        self._streams[run.key] = stream
        stream.start()

    def bring(self, name: str) -> None:
        """Bring in what a run said and says; one that is streaming already goes on."""
        run = self._dialect.runs.find(name)
        if run is None or run.over or run.key in self._streams:
            return
        opening = self._dialect.resume(run)
        if opening is not None:
            self.open(opening)

    def anew(self, run: ForeignRun) -> None:
        """The server says that a run is another than its stream told: ask for what was missed."""
        self._drop(run)
        self.bring(run.key)

    def forget(self, run_id: str) -> None:
        """The page has forgotten a run: nothing of it is wanted until somebody looks at it again."""
        run = self._dialect.runs.find(run_id)
        if run is not None:
            self._drop(run)
        self._dialect.runs.forget(run_id)

    def let_go(self, run: ForeignRun) -> None:
        """End a run by letting go of its stream."""
        self._drop(run)
        self._deliver(self._dialect.stream_ended(run, whole=True))
        self._tell()

    def reached(self, well: bool) -> None:
        """A request was answered, or none came: of a server without a socket that is all that is known."""
        self._probes.reached(well)

    # -- inside -----------------------------------------------------------------------------------
    def _drop(self, run: ForeignRun) -> None:
        """Let go of the stream of a run, if it has one."""
        stream = self._streams.pop(run.key, None)
        if stream is not None:
            stream.stop()

    def _links(self) -> list[Link]:
        return [self.main, *(stream.link for stream in self._streams.values())]

    def _greet(self) -> None:
        for frame in [*self._dialect.signing_in(self._wires.credentials.token), *self._dialect.greeting()]:
            self.main.send(dict(frame.item))
        self._no_ping()
        self._ping_later()

    def _ping_later(self) -> None:
        if self._dialect.ping() is not None:
            self._ping = self._wires.clock.call_later(PING_S, self._ping_now)

    def _ping_now(self) -> None:
        ping = self._dialect.ping()
        if ping is not None and self.main.send(dict(ping.item)):
            self._ping_later()

    def _no_ping(self) -> None:
        if self._ping is not None:
            self._ping.cancel()

    def _failure(self, key: str) -> ApiError | None:
        stream = self._streams.get(key)
        return stream.failure if stream is not None else None

    def _changed(self, stream: RunStream) -> None:
        """A stream is in another state, or came to its end."""
        if stream.gone:
            self._settle()
            if self._streams.get(stream.run.key) is stream:
                del self._streams[stream.run.key]
        self._tell()

    def _tell(self) -> None:
        """The state of the whole: that of the socket, or of the stream that is worst off."""
        main = self._main_state.get()
        ailing = [each.state.get() for each in self._streams.values() if each.state.get().phase != "open"]
        tried = [state for state in ailing if state.attempt > 1 or state.phase != "connecting"]
        self._state.set(main if main.phase != "open" or not tried else tried[0])
