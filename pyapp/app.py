"""The composition root: builds everything of one page once. Nothing is global: two apps can coexist.

app = App(settings, platform)
app.start()   # connect, load the flow
app.reset()   # forget every run, as after a reload
app.stop()    # let go of socket, timers, listeners
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .clock import Clock
from .errors import Console, ErrorReporter
from .handlers import all_handlers
from .handlers.chat_stream import ChatStreamHandler
from .handlers.run_lifecycle import attend
from .link.api import Api
from .link.link import Link
from .link.replay import Replay
from .link.tickets import Tickets
from .live.commands import Commands
from .live.context import HandlerContext
from .live.editor_lock import EditorLock
from .live.inbox import Inbox
from .live.portal import Portal
from .live.repair import Repair
from .live.resync import Resync
from .live.router import EventRouter
from .live.stage import Stage, row_of
from .live.tasks import RunTasks
from .live.truth import sync_row
from .locale.catalogue import Catalogue
from .ports import Document, GraphLayout, Http, SocketFactory, Viewport
from .run.record_old import RunRecord
from .run.tracking_old import ExecutionTracking
from .settings import Settings
from .stores.runs import RunRow
from .stores.stores import Stores
from .views import build_views
from .views.context import View, ViewContext


@dataclass(frozen=True, slots=True)
class Platform:
    """What the page needs of the outside: `pyapp.browser.platform()` in the browser, fakes in tests."""

    clock: Clock
    document: Document
    http: Http
    sockets: SocketFactory
    console: Console
    layout: GraphLayout
    viewport: Viewport
    random: Callable[[], float]


class App:
    """One live-run page."""

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self.settings = settings
        self.clock = platform.clock
        self.document = platform.document
        self._platform = platform
        self.words = Catalogue(settings.lang)
        self.reporter = ErrorReporter(platform.console)
        self.stores = Stores(lambda source, error: self.reporter.failed(source, "drawing", error))
        self.tracking = ExecutionTracking(platform.clock)
        self.tasks = RunTasks(platform.clock, self.reporter)
        self.api = Api(platform.http, settings.api)
        self.context = HandlerContext(
            stores=self.stores,
            tracking=self.tracking,
            clock=platform.clock,
            document=platform.document,
            api=self.api,
            tasks=self.tasks,
            reporter=self.reporter,
            words=self.words,
            refresh=self._refresh,
            compare=lambda run, last_seq, seen: self.resync.compare(run, last_seq, seen),
        )
        chat = ChatStreamHandler()
        self.router = EventRouter(self.context, all_handlers(chat), debug=settings.debug)
        self.repair = Repair(
            self.context,
            repaint=self._refresh,
            rebuild_chat=lambda run: chat.rebuild(run, self.context),
            chat_missed=lambda run_id: self.router.take_missed(chat.name, run_id),
        )
        self.stage = Stage(self.stores, self.tracking)
        self.inbox = Inbox(
            stores=self.stores,
            tracking=self.tracking,
            clock=platform.clock,
            reporter=self.reporter,
            router=self.router,
            stage=self.stage,
            on_gap=lambda run_id, after: self.resync.fill_gap(run_id, after),
            on_lost=lambda run_id, first, last: self.resync.lost(run_id, first, last),
            on_anew=lambda run_id: self.resync.begin_anew(run_id),
            on_caught_up=lambda run: self.repair.check([run]),
            on_control=lambda frame: self.resync.control(frame),
        )
        tickets = Tickets(self.api)
        self.link = Link(settings.ws, platform.sockets, tickets, platform.clock, self.stores.link, platform.random)
        self.link.on_frame(self.inbox.receive)
        self.link.on_open(lambda: self.resync.greet())
        self.link.on_sign_in(self._say_sign_in)
        self.replay = self._make_replay(platform)
        self.resync = Resync(self.context, self.inbox.intake, self.inbox.take, link=self.link)
        self.portal = Portal(
            self.context, self.stage, self.inbox.take, subscribe=self.resync.subscribe, replay=self.replay
        )
        self.commands = Commands(
            self.stores,
            self.portal,
            self.reporter,
            self.words,
            bring=self.stage.bring,
            queued=self.queued,
            reconnect=self.link.start,
            retry=self._retry,
            repair=lambda: self._check(aloud=True),
            flow_id=lambda: self.stage.flow_id,
        )
        self.stage.on_front(self.router.repaint)
        self.stores.canvas.listen(lambda _: self._canvas_drawn())
        self.tracking.on_clear(self._forget)
        self.tracking.on_restart(self._forget_picture)
        self._lock = EditorLock(self.stores)
        self._views: list[View] = []
        self._opening: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Draw the page, connect, and load what the settings name."""
        self._views = build_views(
            ViewContext(
                stores=self.stores,
                document=self.document,
                words=self.words,
                commands=self.commands,
                clock=self.clock,
                layout=self._platform.layout,
                viewport=self._platform.viewport,
                sign_in=self.settings.sign_in,
            )
        )
        for number, problem in enumerate(self.settings.problems):
            self.stores.notices.alert(f"setting {number}", problem)
        if self.settings.run is not None:
            self.adopt(self.settings.run)
        self.link.start()
        self._opening = asyncio.ensure_future(self.portal.open(self.settings.flow, self.settings.run))

    def stop(self) -> None:
        """Let go of everything outside: socket, timers, tasks, listeners. The app is of no use afterwards."""
        if self._opening is not None:
            self._opening.cancel()
        self.link.stop()
        if self.replay is not None:
            self.replay.close()
        self.commands.close()
        self.inbox.intake.clear()
        self.router.stop()
        self.tasks.cancel_all()
        self.tracking.clear()
        for view in self._views:
            view.close()
        self._views.clear()

    def woke(self) -> None:
        """The page is looked at again, is back from a cache, or the machine has slept: check what is shown."""
        self.link.woke()
        self.resync.ask_all()
        self._check()

    def reset(self) -> None:
        """Forget every run and what is shown of it; connection and flow stay."""
        with self.stores.batch():
            self.stage.bring(None)
            self.tasks.cancel_all()
            self.tracking.clear()
            self.inbox.intake.clear()
            self.stores.runs.clear()
            self.stores.notices.clear()

    def adopt(self, run_id: str) -> RunRecord:
        """Bring a run to the front that a person started or named, whether or not it was heard of."""
        run = self.tracking.run(run_id)
        if run_id not in self.stores.runs:
            if not run.events:
                run.status = "queued"
            self.stores.runs.set(run_id, row_of(run, RunRow(run_id, run.status)))
        self.stage.bring(run_id)
        self.resync.subscribe(run_id)
        attend(run, self.context)
        return run

    def queued(self, run_id: str, flow_id: str) -> None:
        """The server accepted a run that a person started here."""
        with self.stores.batch():
            run = self.adopt(run_id)
            run.flow_id = run.flow_id or flow_id
            run.started_wall = run.started_wall or self.clock.wall()
            sync_row(run, self.context)

    def _say_sign_in(self, needed: bool) -> None:
        if needed:
            self.stores.notices.alert("sign-in", self.words("sign-in"))
        else:
            self.stores.notices.delete("sign-in")

    def _make_replay(self, platform: Platform) -> Replay | None:
        if not self.settings.replay:
            return None
        return Replay(
            self.settings.replay,
            http=platform.http,
            clock=platform.clock,
            speed=self.settings.speed,
            deliver=self.inbox.receive,
        )

    def _refresh(self, run: RunRecord) -> None:
        with self.stores.batch():
            self.router.repaint(run)

    def _check(self, *, aloud: bool = False) -> None:
        """Compare what is shown of every run with what is known of it."""
        with self.stores.batch():
            self.repair.check(self.tracking.runs(), aloud=aloud)

    def _retry(self, handler: str) -> None:
        with self.stores.batch():
            self.router.retry(handler)

    def _canvas_drawn(self) -> None:
        front = self.stores.front.get()
        self.router.repaint(self.tracking.find(front) if front is not None else None)

    def _forget(self, run_id: str) -> None:
        """A run is forgotten: everything kept under its id goes with it."""
        self._forget_picture(run_id)
        self.stores.logs.delete(run_id)

    def _forget_picture(self, run_id: str) -> None:
        """What its events have brought is void: everything made of them goes."""
        self.tasks.cancel_run(run_id)
        self.router.forget(run_id)
        self.stores.mock.delete_run(run_id)
        for tools_key in [key for key, _ in self.stores.tools.items() if key[0] == run_id]:
            self.stores.tools.delete(tools_key)
        for group_key in [key for key, _ in self.stores.groups.items() if key[0] == run_id]:
            self.stores.groups.delete(group_key)
        self.stores.chat.delete_run(run_id)
        self.stores.interactions.delete_run(run_id)
