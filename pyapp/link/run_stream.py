"""RunStream: the stream of one root run, kept alive until the run has nothing more to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..clock import Clock
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..ports import SocketFactory, StreamingHttp
from ..protocols.dialect import Dialect
from ..protocols.protocol import Heard, Json, Request
from ..protocols.runs import ForeignRun
from ..stores.link import LinkState
from ..stores.store import Batch, Store
from .credentials import Credentials
from .link import Link
from .sse import SseMessage
from .streams import SseSockets, StreamEnd
from .tickets import TokenFirst

GATEWAY = (502, 504)
"""Said in the server's place: what was asked may have reached it."""


@dataclass(frozen=True, slots=True)
class Wires:
    """What a foreign backend is reached by: its address (absolute, as it was given) and the ports."""

    base: str
    socket: str
    """The address of its WebSocket; "" where it has none."""
    http: StreamingHttp
    sockets: SocketFactory
    clock: Clock
    random: Callable[[], float]
    credentials: Credentials


class RunStream:
    """Owns the Link of one stream. `deliver` is given what comes; `changed` is told when it is in another state."""

    def __init__(
        self,
        run: ForeignRun,
        first: Request,
        dialect: Dialect,
        wires: Wires,
        deliver: Callable[[Heard | list[Json]], None],
        changed: Callable[[RunStream], None],
    ) -> None:
        self.run = run
        self.failure: ApiError | None = None
        """Why what it was opened for did not begin."""
        self.over = False
        """It is let go of: for good, until something else is asked for the run."""
        self.gone = False
        """It came to its end by itself."""
        self._first: Request | None = first
        self._refused = False
        """It was turned away once for its token: there may be another one."""
        self._asked: Request | None = None
        """What it was opened for, while that is what was sent last."""
        self._answered = False
        self._dialect = dialect
        self._deliver = deliver
        self._changed = changed
        batch = Batch(lambda source, error: None)
        self.state: Store[LinkState] = Store(batch, LinkState())
        self._url = first.at(wires.base)
        sockets = SseSockets(wires.http, wires.base, self._request, self._ended)
        self._credentials = wires.credentials
        self.link = Link(self._url, sockets, TokenFirst(wires.credentials), wires.clock, self.state, wires.random)
        self.link.on_frame(self._heard)
        self.state.listen(lambda _: changed(self))

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        """Let go of it; nothing more is heard, and nothing is said of it."""
        self.over = True
        self.link.stop()

    # -- inside -----------------------------------------------------------------------------------
    def _request(self) -> Request | None:
        """The first time what it was opened for, then what goes on behind what came."""
        request, self._first = self._first, None
        self._asked = request
        if request is None:
            opening = self._dialect.resume(self.run)
            request = opening.send if opening is not None and isinstance(opening.send, Request) else None
        token = self._credentials.token
        if request is None or token is None:
            return request
        return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})

    def _heard(self, frame: object) -> None:
        if isinstance(frame, SseMessage):
            self._answered = True
            self._deliver(Heard(frame.data, self.run.key, frame.name, frame.id))

    def _ended(self, end: StreamEnd) -> bool:
        """Whether another attempt is of use: the run lives, and the server can tell it again."""
        if self.over:
            return False
        if end.status == 401 and self._asked is not None and self._credentials.bears and not self._refused:
            self._first, self._refused = self._asked, True  # nothing was begun
            return True
        if end.refused and end.status not in (401, 403, 408, 425, 429) and end.status < 500:
            return self._gone(end)
        if not self._answered and self.run.run_id is None:
            return self._gone(end)  # what has side effects is never asked twice
        if self._in_doubt(end):
            return True
        if self.run.settled or self._dialect.resume(self.run) is None:
            return self._gone(end)
        return True

    def _in_doubt(self, end: StreamEnd) -> bool:
        """An answer may have been taken, though no word of it came: what the server told since shows it.

        What begins something is not sent again; once the server has told all it has, the run waits as before.
        """
        unsure = not end.refused or end.status in GATEWAY
        broke = unsure if self._asked is not None else bool(end.words)
        doubted = broke and self.run.answering and not self.run.refused
        return doubted and self._dialect.resume(self.run) is not None

    def _gone(self, end: StreamEnd) -> bool:
        unheard = self._asked is None and self.run.answering
        if end.refused or not self._answered or unheard:
            self.failure = ApiError(end.words or Sentence("protocol.cut"), status=end.status)
        self.gone = True
        self.stop()
        if not self.run.settled and self.run.run_id is not None:
            self._deliver(self._dialect.stream_ended(self.run, whole=not end.words))
        self._changed(self)
        return False
