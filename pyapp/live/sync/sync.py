"""Sync: everything that is asked of a server, in one place: over the link where it listens, else over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from ...clock import Timer
from ...contract.control import Control, Hello, ServerError
from ...contract.http import RunInfo
from ...link.backend import Line, Questions
from ...link.connection import SIGN_IN
from ...locale.catalogue import Sentence
from ...run.run import Run
from ...run.server_word import NO_WORD
from ...run.tracking import Asked, ExecutionTracking
from ...stores.link import LinkState
from ..front import Front
from ..inbox import Inbox
from ..shared import Shared, Wish
from .asker import Asker
from .away import Absences
from .beyond import Beyond
from .flows import FlowQuestions
from .given import Given
from .listing import Listing
from .logs import LogQuestions
from .runs import RunQuestions

LIMITS = "limits"
"""The notice of what the backend cannot do."""
QUIET_S = 30.0
"""An open link over which nothing came for so long may be dead, where its server promised nothing."""
NO_TICKET = "ticket"
"""The notice of why there is no connection."""


class Sync:
    """Owns what is subscribed to, and what the server said of itself. Fulfils wishes."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, front: Front, inbox: Inbox, link: Line, api: Questions
    ) -> None:
        self._shared = shared
        self._tracking = tracking
        self._inbox = inbox
        self._link = link
        self.asker = Asker(shared.clock, shared.reporter, shared.stores.front.get)
        self.runs = RunQuestions(shared, tracking, inbox, link, api, self.asker)
        self.logs = LogQuestions(shared, tracking, self.asker, api)
        self.listing = Listing(shared, tracking, self.runs, self.asker, api)
        self.given = Given(shared, tracking, self.asker, api)
        self.beyond = Beyond(shared, tracking, self.listing, self.asker, api)
        self.absences = Absences(shared, tracking, self.beyond, link)
        self.flows = FlowQuestions(shared, tracking, front, self.listing, self.asker, api)
        self._subscribed: dict[str, None] = {}
        """Runs to subscribe to, on this link and on the next."""
        self._opened = False
        self._by_flow = False
        """The server tells of the flow alone that it is told of."""
        self._flow_told: str | None = None
        """Which one this server was told."""
        self._quiet: Timer | None = None
        self._received: int | None = None
        """How many frames had come when it was looked whether any did, last."""
        self._instance: str | None = None
        self._no_ticket = ""
        """Why it gives no ticket, as was told."""
        self._fulfil: dict[Wish, Callable[[Run], None]] = {
            "events": self.runs.events,
            "first": self._first,
            "state": self.runs.state,
            "results": self.runs.results,
            "log": self.logs.ask,
            "alive": self.runs.alive,
        }
        inbox.on_control(self._control)
        link.on_open(self._greet)
        link.on_lost(self._lost)
        link.on_limits(self._limited)
        shared.stores.link.listen(self._linked)
        shared.stores.graph.listen(lambda _: self._say_flow())
        shared.wishes.listen(self._wanted)
        tracking.on_clear(self._forget)

    def subscribe(self, run_id: str) -> None:
        """Ask for the events of a run, now and after each reconnect until it is over."""
        if not self._tracking.is_run_completed(run_id):
            self._subscribed[run_id] = None
            self._link.send({"type": "subscribe", "run_id": run_id})

    def look(self, run: Run) -> None:
        """Somebody looks at a run: bring in everything of it that is not here. One that was forgotten is what its row
        says, until more is known.
        """
        if run.run_id not in self._shared.stores.logs:
            self.logs.ask(run, looked_at=True)
        self.runs.once_more(run)
        if run.log.entries and run.log.numbered and not run.log.sparse and not run.log.missing():
            return
        self.subscribe(run.run_id)
        row = self._shared.stores.runs.get(run.run_id)
        if row is not None and row.seen and row.over and not run.record.events:
            self._tracking.hear(run, RunInfo(**asdict(row)), Asked(-1, -1, -1))  # no answer: any is newer
        self.runs.state(run)  # first: events without moments of their own lie in what it tells
        if run.log.entries and not run.log.sparse:
            self.runs.events(run)
        else:
            self.runs.history(run)

    def reconnect(self) -> None:
        """A person wants to connect now."""
        self._link.start(wished=True)

    def woke(self) -> None:
        """The page is looked at again, or the machine has slept: no pause is waited out, and the server is asked."""
        self.asker.nudge()
        self._ask_unfinished()
        self._listen()
        self.flows.changed()

    def anew(self) -> None:
        """There is another credential: what was refused without it is asked again."""
        self.runs.back()
        if self._shared.stores.link.get().phase in ("closed", "waiting"):
            self._link.start()
        self.woke()
        self.listing.ask()
        self.flows.ask()

    def say_limits(self) -> None:
        """What the backend cannot do stands in a notice, as long as it is true."""
        stores, limits = self._shared.stores, self._shared.stores.limits.get()
        stores.notices.delete(LIMITS)
        if limits:
            stores.notices.say(LIMITS, " ".join(map(self._shared.words.of, limits)))

    def stop(self) -> None:
        """Ask no more."""
        if self._quiet is not None:
            self._quiet.cancel()
        self.asker.stop()
        self.runs.stop()
        self.listing.stop()
        self.beyond.stop()
        self.absences.stop()

    # -- inside -----------------------------------------------------------------------------------
    def _greet(self) -> None:
        """The link is open (again): say what is known, and ask what the stream may not tell."""
        cursors: dict[str, int] = {}
        for run in self._tracking.runs():
            log = self._inbox.intake.histories.log(run)
            cursor = log.cursor
            if cursor is not None and (not run.record.over or log.missing()):
                cursors[run.run_id] = cursor
        self._link.send({"type": "resume", "runs": cursors})
        for run_id in list(self._subscribed):
            self.subscribe(run_id)
        self.runs.resumes = False
        if self._opened:
            self.asker.nudge(anew=True)
            self.runs.back()
            self._ask_unfinished()
            self.listing.back()
            self.flows.ask()
            self.flows.changed()
        self._opened = True
        self._listen()

    def _listen(self) -> None:
        """Runs may begin unheard while an open link says nothing: they are asked for, as long as it is so."""
        before, self._received = self._received, self._shared.stores.metrics.get("received")
        if self._received == before and self._shared.stores.link.get().phase == "open" and not self.listing.none:
            self.listing.ask()
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = self._shared.clock.call_later(QUIET_S, self._listen)

    def _ask_unfinished(self) -> None:
        for run in self._tracking.runs():
            if not run.record.over and (run.record.events or run.word is not NO_WORD):
                self.runs.state(run)

    def _control(self, frame: Control) -> None:
        if isinstance(frame, Hello):
            for run in self._inbox.intake.numbers(sparse=bool(frame.sparse)):
                self.runs.history(run)  # should something be missing all the same, nobody sees it
            self.runs.resumes = True
            if self._instance is not None and frame.instance is not None and frame.instance != self._instance:
                self._doubt_histories()
            self._instance = frame.instance or self._instance
            self._by_flow, self._flow_told = bool(frame.flows), None
            self._say_flow()
        elif isinstance(frame, ServerError):
            self._shared.reporter.log("warning", f"[Link] the server says: {frame.code}: {frame.message}")
        self._link.control(frame)

    def _say_flow(self) -> None:
        """Which flow is on the canvas: of its runs the server is to tell. A graph that unfolds stays that flow."""
        graph = self._shared.stores.graph.get()
        if self._by_flow and graph is not None and graph.flow.id != self._flow_told:
            self._flow_told = graph.flow.id
            self._link.send({"type": "subscribe", "flow_id": graph.flow.id})

    def _doubt_histories(self) -> None:
        """Another instance of the server: the numbers of its runs may have begun again."""
        for run in self._tracking.runs():
            if run.log.numbered:
                (self._first if self._inbox.intake.histories.doubt(run) else self.runs.history)(run)

    def _first(self, run: Run) -> None:
        """The history may begin anew: its first event and all behind it, over HTTP or the link."""
        if not self.runs.first(run):
            self._link.send({"type": "resume", "runs": {run.run_id: -1}})

    def _wanted(self, run_id: str, wish: Wish) -> None:
        run = self._tracking.find(run_id)
        if run is not None:
            self._fulfil[wish](run)

    def _linked(self, link: LinkState) -> None:
        if link.reason == SIGN_IN:
            words = self._shared.words
            text = words("sign-in.said", said=link.said) if link.said else words("sign-in")
            self._shared.stores.notices.alert(SIGN_IN, text)
        elif link.phase == "open":
            self._no_ticket = ""
            for key in (SIGN_IN, NO_TICKET):
                self._shared.stores.notices.delete(key)
        elif link.said not in ("", self._no_ticket):  # once, however often it is tried
            self._no_ticket = link.said
            self._shared.stores.notices.say(NO_TICKET, self._shared.words("ticket.refused", said=link.said))

    def _lost(self, run_id: str) -> None:
        """The stream of a run broke, and cannot be told again: how the run is, the server may still say."""
        self._shared.stores.notices.say(f"lost {run_id}", self._shared.words("protocol.lost"))
        run = self._tracking.find(run_id)
        if run is not None:
            self.runs.state(run)

    def _limited(self, limits: tuple[Sentence, ...]) -> None:
        self._shared.stores.limits.set(limits)
        self.say_limits()

    def _forget(self, run_id: str) -> None:
        self._subscribed.pop(run_id, None)
        self.asker.drop_run(run_id)
