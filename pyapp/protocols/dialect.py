"""Dialect: how one kind of backend is spoken to. A protocol is a subclass of this, and a line in `registry`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from ..contract.http import RunInfo
from ..errors import ApiError
from ..locale.catalogue import Sentence
from .protocol import Dialogue, Frame, Heard, Json, Opening, Send
from .runs import ForeignRun, ForeignRuns


class Dialect(ABC):
    """Owns what must be remembered of a backend and its runs, for one page. Does no I/O.

    What it does not override is what a backend without that can do: nothing, said in words.
    """

    name: ClassVar[str]
    """The value of the setting `protocol`."""
    socket: ClassVar[str] = ""
    """Where its WebSocket is, behind `api`; "" for a backend of streams alone."""

    hears_out: ClassVar[bool] = False
    """Whether a stream is heard to its own end, also behind that of its run: else it is let go of then."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        """Gives an id that nobody else has."""
        self.runs = ForeignRuns()
        self.lost: list[str] = []
        """Ids of runs whose stream ended in the middle, and that the server cannot tell again; whoever says so takes
        them out."""
        self.refusal = ""
        """Why the backend lets nobody in over the socket that is open; whoever acts on it takes it out."""
        self.limits: tuple[Sentence, ...] = ()
        """What it turned out that this backend cannot do; true until it is another."""

    @classmethod
    def recognise(cls) -> Dialogue[bool]:
        """Whether a backend is of this protocol, where nobody named one. What is asked must begin nothing there."""
        return False
        yield

    # -- what comes -------------------------------------------------------------------------------
    @abstractmethod
    def heard(self, heard: Heard) -> list[Json]:
        """What one message says: events of the contract with `run_id` and `seq` (`ForeignRun.take` numbers them),
        control frames of the contract, and `aside` for all else. Never raises on anything that can come.
        """

    def due(self) -> list[Opening]:
        """What is to be sent because of what was heard; asked for behind each message."""
        return []

    # -- what is wanted ---------------------------------------------------------------------------
    def greeting(self) -> list[Frame]:
        """What is said whenever the socket has opened."""
        return []

    def signing_in(self, token: str | None) -> list[Frame]:
        """What is said first on the socket, where there is a token."""
        return []

    def ping(self) -> Frame | None:
        """What a server answers that lives; None where silence means nothing."""
        return None

    @abstractmethod
    def start(self, flow_id: str, given: Any) -> Opening:
        """Begin a run of a flow. Its run is in `runs` from now on, by the key; its id may come with its first event."""

    @abstractmethod
    def stop(self, run: ForeignRun) -> Send | None:
        """End a run; None where letting go of its stream ends it. Raises ApiError where the backend cannot."""

    def answer(self, run: ForeignRun, answer: Json) -> Opening | None:
        """One answer (docs/contract.md §2, `continue`); None while others of the same pause are waited for."""
        raise ApiError(Sentence("protocol.cannot", protocol=self.name, what="continue"))

    def still_asks(self, run: ForeignRun) -> Dialogue[bool]:
        """Whether a run that is to be answered waits for what it told; true where the backend does not say."""
        return True
        yield

    def resume(self, run: ForeignRun) -> Opening | None:
        """Ask for what was missed behind `run.index`, and for what comes; None where that cannot be had."""
        return None

    def stream_ended(self, run: ForeignRun, *, whole: bool) -> list[Json]:
        """The stream of a run is over for good though nothing it told ended the run, or made it wait.

        `whole`: as the server ended it, or we let go of it to stop the run; else it was cut, and cannot be resumed.
        """
        self.lost += [run.run_id] if run.run_id is not None and not whole else []
        return []

    # -- what is asked ----------------------------------------------------------------------------
    @abstractmethod
    def flows(self) -> Dialogue[list[Json]]:
        """What can be run, each as `GET /flows/{id}` of the contract gives it."""

    def listed(self) -> Dialogue[list[RunInfo]]:
        """The newest runs, newest first; those the page may be asked to show are in `runs` from then on."""
        return []
        yield

    def state(self, run: ForeignRun) -> Dialogue[RunInfo]:
        """How a run is, by the server's own word."""
        raise ApiError(Sentence("protocol.cannot", protocol=self.name, what="state"), status=404)
        yield
