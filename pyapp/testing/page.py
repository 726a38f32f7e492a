"""FakePage: a whole app on fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from ..app import App
from ..contract.addresses import SignInRule
from ..ports import Platform, Seam, unchanged
from ..settings import Settings
from .address import FakeAddress
from .attention import FakeAttention
from .clock import FakeClock, FakeFrames
from .console import ListConsole
from .dom import REGIONS, FakeDocument
from .flow import FLOW, FakeViewport, FakeZones, row_layout
from .host import FakeHost
from .http import FakeHttp
from .keyboard import FakeKeyboard
from .socket import FakeSocket, FakeSockets
from .storage import FakeStorage
from .timeline import FakeTimeline

HEARD = ("live",)


class FakePage:
    """The app, its fakes, and short ways to do what tests do often."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        http: FakeHttp | None = None,
        clock: FakeClock | None = None,
        storage: FakeStorage | None = None,
        seam: Seam = unchanged,
    ) -> None:
        self.storage = storage or FakeStorage()
        self.attention = FakeAttention()
        self.clock = clock or FakeClock()
        self.frames = FakeFrames()
        self.document = FakeDocument()
        self.document.happened = self.frames.paint_all
        self.http = http or FakeHttp()
        self.sockets = FakeSockets()
        self.console = ListConsole()
        self.viewport = FakeViewport()
        self.zones = FakeZones(self.document)
        self.timeline = FakeTimeline(self.document)
        self.address = FakeAddress()
        self.keyboard = FakeKeyboard()
        self.host = FakeHost()
        self.settings = settings or Settings(
            ws="ws://portal.test/ws", api=self.http.base, sign_in=SignInRule((".example",))
        )
        self.platform = platform = Platform(
            clock=self.clock,
            document=self.document,
            http=self.http,
            sockets=self.sockets,
            console=self.console,
            layout=row_layout,
            viewport=self.viewport,
            zones=self.zones,
            timeline=self.timeline,
            address=self.address,
            keyboard=self.keyboard,
            host=self.host,
            frames=self.frames,
            storage=self.storage,
            attention=self.attention,
            random=lambda: 0.5,
            seam=seam,
        )
        self.http.answer("GET", "/flows", [{"id": "demo", "name": "Demo"}])
        self.http.answer("GET", "/flows/demo", FLOW)
        self.http.answer("GET", "/runs", [])
        self.app = App(self.settings, platform)

    @property
    def socket(self) -> FakeSocket:
        """The newest socket."""
        return self.sockets.last

    async def open(self) -> None:
        """Start the app, with a flow on the canvas and an open link."""
        self.app.start()
        await self.settle()
        self.socket.accept()
        await self.settle()

    def receive(self, *frames: Any) -> None:
        """Let frames come in over the newest socket; then the page is drawn, unless it is hidden."""
        for frame in frames:
            self.socket.deliver(frame)
        self.frames.paint_all()

    async def settle(self, turns: int = 30) -> None:
        """Let tasks go on until they wait for the clock or the outside; then the page is drawn, unless it is hidden."""
        for _ in range(turns):
            await asyncio.sleep(0)
        self.frames.paint_all()

    async def advance(self, seconds: float) -> None:
        """Let time pass, and tasks go on."""
        self.clock.advance(seconds)
        await self.settle()

    async def reconnect(self, code: int = 1006) -> None:
        """Lose the link, and wait until the page has another one."""
        before = len(self.sockets.opened)
        self.socket.die(code)
        while len(self.sockets.opened) == before:
            await self.advance(1.0)
        self.socket.accept()
        await self.settle()

    def classes(self, node_id: str) -> set[str]:
        """The classes of a node that tell of its execution."""
        node = self.document.node(node_id)
        names = node.classList.names if node is not None else []
        return {name for name in names if name.startswith("execut") or name == "waiting"}

    def badges(self, node_id: str) -> list[tuple[str, str]]:
        """Text and status of a node's badges."""
        place = self.document.part(node_id, "badges") or self.document.node(node_id)
        found = place.find_all(".execution-order") if place is not None else []
        return [(badge.textContent, badge.attributes["data-status"]) for badge in found]

    def picture(self, *, but: Collection[str] = ()) -> dict[str, Any]:
        """All that the page shows, region by region, as plain values: two pages that show the same are equal.

        Live durations are in it as they stand: two pages agree on them if their clocks do. What is announced (HEARD)
        tells what happened, not what is, and is not in it. `but` leaves regions out."""
        regions = {name: self.document.region(name).picture() for name in REGIONS if name not in (*but, *HEARD)}
        return {"html": dict(self.document.root), "bars": dict(self.timeline.bars), **regions}

    def row(self, run_id: str) -> str | None:
        """The status that the runs panel shows."""
        found = self.document.region("runs").find_all(f"[data-run-id={run_id}]")
        return found[0].attributes["data-status"] if found else None
