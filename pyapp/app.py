"""The composition root: builds everything of one page once. Nothing is global: two apps can coexist."""

from __future__ import annotations

from .errors import ErrorReporter
from .extensions import Extensions, Place
from .handlers import all_handlers
from .link.backend import backend_of
from .link.replay import Replay
from .live.commands import Commands
from .live.context import HandlerContext
from .live.embed.embedded import Embedded, Inside
from .live.front import Front
from .live.inbox import Inbox
from .live.intake import Intake
from .live.memory import Memory
from .live.navigation import Navigation
from .live.router import EventRouter
from .live.server_clock import ServerClock
from .live.shared import Shared
from .live.sync import Sync
from .live.tasks import RunTasks
from .live.unfolding import Unfolding
from .locale.catalogue import Catalogue
from .ports import Platform
from .run.fold import fold
from .run.tracking import ExecutionTracking
from .settings import Settings
from .stores.stores import Stores
from .views import Page


class App:
    """One live-run page."""

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self.settings, self.document = settings, platform.document
        self.clock, seam = platform.clock, platform.seam
        self.words = Catalogue(settings.lang, *platform.languages)
        self.reporter = ErrorReporter(platform.console)
        self.stores = Stores(self.reporter.failed_drawing)
        server_clock, memory = ServerClock(self.clock), Memory(platform.storage)
        shared = Shared(self.clock, server_clock, self.stores, self.reporter, self.words, seam, memory)
        self.tracking = ExecutionTracking(self.clock, fold=seam("fold", fold))
        self.tasks = RunTasks(self.clock, self.reporter)
        self.context = HandlerContext(shared, self.document, self.tracking, self.tasks)
        self.router = EventRouter(self.context, all_handlers(), debug=settings.debug)
        self.front = Front(shared, self.tracking, self.router)
        self.unfolding = Unfolding(shared, self.tracking)
        backend = backend_of(settings, platform, self.stores.link)
        backend.api.on_date(server_clock.heard)
        self.link = backend.link
        self.inbox = Inbox(shared, Intake(shared, self.tracking, self.router, self.front), backend.decode)
        self.link.on_frame(self.inbox.receive)
        self.sync = Sync(shared, self.tracking, self.front, self.inbox, self.link, backend.api)
        replay = Replay(settings, platform.http, self.clock, self.inbox.receive, server_clock.set)
        self.replay = self.sync.flows.replay = replay if settings.replay else None
        self.navigation = Navigation(shared, self.tracking, self.front, self.sync)
        asked = self.replay or backend.api
        self.commands = Commands(shared, self.tracking, self.front, self.sync, asked, self.navigation)
        self.page = Page(shared, settings, platform, self.commands)
        inside = Inside(self.commands, backend.credentials, self.sync.anew)
        self.embedded = Embedded(shared, settings, platform.host, inside)
        place = Place(shared, self.router, self.page, platform.zones)
        self.extensions = Extensions(place, platform.http, settings.extensions)
        self.tracking.on_clear(self.tasks.cancel_run, backend.forget, self.stores.forget)

    def start(self) -> None:
        """Draw the page, connect, and load what the settings name."""
        self.page.open()
        for number, problem in enumerate(self.settings.problems):
            self.stores.notices.alert(f"setting {number}", self.words.of(problem))
        self.navigation.aim(self.settings.location)  # before anybody is told where the page is
        self.embedded.start()
        self.extensions.load(self._connect)

    def _connect(self) -> None:
        self.link.start()
        self.navigation.open(self.settings.location)
        if self.replay is None:
            self.sync.listing.ask()

    def stop(self) -> None:
        """Let go of everything outside: socket, timers, tasks, listeners. The app is of no use afterwards."""
        self.embedded.stop()
        self.extensions.stop()
        self.link.stop()
        if self.replay is not None:
            self.replay.close()
        self.commands.close()
        self.inbox.clear()
        self.tasks.cancel_all()
        self.tracking.clear()
        self.router.stop()  # behind forgetting, which paints
        self.sync.stop()
        self.page.close()

    def woke(self) -> None:
        """The page is looked at again, is back from a cache, or the machine has slept: ask how things are."""
        self.link.woke()
        self.sync.woke()
        self.router.catch_up()

    def reset(self) -> None:
        """Forget every run and what is shown of it; connection and flow stay."""
        with self.stores.batch():
            self.front.bring(None)
            self.inbox.clear()
            self.tasks.cancel_all()
            self.tracking.clear()
            self.stores.runs.clear()
            self.stores.selected.set(None)
            self.sync.listing.forget()
            self.stores.notices.clear()
            self.sync.say_limits()
            self.navigation.forget()

    def shown(self) -> tuple[str | None, str | None]:
        """The flow on the canvas and the run in front."""
        return self.front.flow_id, self.stores.front.get()
