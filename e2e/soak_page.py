"""`make soak-page`: random flows and random faults over real sockets, one page for all of it.

After each round every region of the page must be what the oracle tells of the whole log: within five seconds of the
last fault, without a hand on the page, and with nothing in the console that no page may say. The seed is printed;
with `--seed` the same rounds happen again.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from playwright.sync_api import Page, sync_playwright

from setup.chromium import chromium_path
from tests.faulty_http import HTTP_FAULTS
from tests.memory_server import Manners
from tests.oracle import TERMINAL, Told
from tests.schedules.compare import compare
from tests.streams import ENDINGS, KINDS, build

from .conftest import FLAGS, Guard, boot
from .copied_page import CopiedPage
from .fault_proxy import FaultProxy, Faults
from .memory_portal import Json, MemoryPortal
from .server import page_query
from .site import static_site

PATIENCE_S = 30.0
"""How long a lost link may stay away; it is tried again by hand meanwhile, as delays grow."""
TRY_NOW = """() => document.querySelector("#connection[data-state=waiting] [data-action=retry]")?.click()"""
AFRESH = 1000
"""Words of a history that begins anew are counted from here."""
WAY = ("pass", "pass", "pass", "pass", "drop", "twice", "again", "late", "swap", "batch", "batch", "noise")
REST = ("wait", "slow", "slices", "healthy", "http", "http", "release", "cut", "die", "break", "refuse")
RARE = {0: "restart", 3: "forget", 6: "hush", 9: "forget", 12: "restart", 15: "hole", 18: "forget"}
"""They take seconds, or end a history: by the number of the round, up to CYCLE."""
CYCLE = 20
NOISE = ("not json", "", b"\x00binary", "[1, null, {}]", '{"event": 7}', '{"type": "news"}')
ALLOWED = ["WebSocket connection", "Failed to load resource", "ERR_", "blocked by CORS policy"]
"""What the browser itself says of a broken network."""


@dataclass
class Report:
    """What struck in a round; for whoever has to find out why it failed."""

    number: int
    manners: Manners
    steps: list[str]

    def __str__(self) -> str:
        return f"round {self.number}: {self.manners}, {' '.join(self.steps)}"


class Round:
    """One server, two runs, and what becomes of their events on the way to the page."""

    def __init__(self, soak: Soak, number: int, pick: random.Random) -> None:
        self._page, self._portal, self._proxy, self._pick = soak.page, soak.portal, soak.proxy, pick
        self._rare = RARE.get(number % CYCLE)
        self._names = [f"{letter}{number}" for letter in "rs"]
        self._queues = [_run(name, pick) for name in self._names]
        self._late: list[Json] = []
        self._sent: list[Json] = []
        self._unknowable: set[str] = set()
        """Runs that were over when the server forgot them: nobody asks for them again."""
        flags = ("ts", "hello", "resumes", "catch_up", "batches", "results")
        manners = Manners(
            event_ids=pick.choice(["none", "same", "fresh"]), **{each: pick.random() < 0.7 for each in flags}
        )
        if self._rare is not None:
            manners = Manners(**{**asdict(manners), "hello": True, "resumes": True, "event_ids": "same"})
        self.report = Report(number, manners, [])

    def play(self) -> dict[str, Told]:
        """Let it all happen and end every fault; what is true then."""
        self._portal.begin(self.report.manners)
        self._linked()
        steps = [
            self._pick.choice(WAY if self._pick.random() < 0.75 else REST) for _ in range(self._pick.randint(10, 40))
        ]
        if self._rare is not None:
            steps.insert(self._pick.randrange(len(steps)), self._rare)
        for step in steps:
            self.report.steps.append(step)
            act: Callable[[], None] | None = getattr(self, f"on_{step}", None)
            if act is not None:
                act()
            else:
                self._event(step)
        self._end_faults()
        told = self._portal.do(lambda memory: memory.told())
        return {run_id: each for run_id, each in told.items() if run_id not in self._unknowable}

    # -- events on their way ------------------------------------------------------------------------
    def _happen(self) -> Json | None:
        """The next event of one of the runs."""
        queues = [each for each in self._queues if each]
        if not queues:
            return None
        event = self._pick.choice(queues).pop(0)
        return self._portal.do(lambda memory: memory.happen(event))

    def _tell(self, *events: Json, batch: bool = False) -> None:
        self._sent += events
        self._portal.tell(*events, batch=batch)

    def _event(self, way: str) -> None:
        event = self._happen()
        if event is None:
            return
        late, self._late = self._late, []
        if way == "late":
            self._late = [*late, event]
            return
        if way == "batch":
            more = [each for each in (self._happen() for _ in range(self._pick.randint(1, 8))) if each is not None]
            self._tell(event, *more, batch=True)
        elif way == "swap":
            other = self._happen()
            self._tell(*([event] if other is None else [other, event]))
        elif way != "drop":
            self._tell(event)
        if way in ("twice", "again"):
            self._tell(event if way == "twice" else self._pick.choice(self._sent))
        for each in reversed(late):
            self._tell(each)

    def on_noise(self) -> None:
        self._portal.deliver(self._pick.choice(NOISE))

    # -- the network and the server -----------------------------------------------------------------
    def on_wait(self) -> None:
        self._page.wait_for_timeout(self._pick.choice([20, 100, 300]))  # real time is what this fault is made of

    def on_slow(self) -> None:
        self._proxy.faults.latency_s = self._pick.choice([0.02, 0.1, 0.2])

    def on_slices(self) -> None:
        self._proxy.faults.slice_bytes = self._pick.choice([1, 7, 40])

    def on_healthy(self) -> None:
        vars(self._proxy.faults).update(vars(Faults()))

    def on_http(self) -> None:
        faults = self._pick.choices(HTTP_FAULTS, k=self._pick.randint(1, 3))
        self._portal.do(lambda memory: memory.faults.extend(faults))

    def on_release(self) -> None:
        self._portal.do(lambda memory: memory.give_held())

    def on_cut(self) -> None:
        self._proxy.cut()
        self._unheard()

    def on_die(self) -> None:
        self._portal.drop(self._pick.choice([1000, 1001, 1011, 1012, 1013]))
        self._unheard()

    def on_break(self) -> None:
        """The way breaks in the middle of a frame."""
        self._proxy.faults.limit_bytes = 1
        self._event("pass")
        self._unheard()
        self._proxy.faults.limit_bytes = 0
        self._proxy.cut()
        self._linked()

    def on_refuse(self) -> None:
        """Each new connection is reset."""
        self._proxy.faults.refuse = True
        self._proxy.cut()
        self._unheard()
        self._proxy.faults.refuse = False
        self._linked()

    def on_restart(self) -> None:
        self._portal.restart(forget=False)
        self._unheard()
        self._linked()

    def on_forget(self) -> None:
        """The server starts without its history; the same runs happen once more, with other words."""
        told = self._portal.do(lambda memory: memory.told())
        self._unknowable |= {run_id for run_id, each in told.items() if each.status in TERMINAL}
        self.on_healthy()
        self._late.clear()
        self._sent.clear()
        self._queues = [_run(name, self._pick, words=AFRESH) for name in self._names if name not in self._unknowable]
        self._portal.restart(forget=True)
        self._linked()

    def on_hush(self) -> None:
        """Nothing comes any more, and nobody is told: only the promised heartbeat shows it."""
        self.on_healthy()
        self._linked()
        self._proxy.hush()
        self._unheard()
        self._linked()

    def on_hole(self) -> None:
        """Whoever connects is never answered, until somebody tries again."""
        self._proxy.faults.swallow = True
        self._proxy.cut()
        self._unheard()
        self._page.locator("#connection[data-state=connecting]").wait_for()
        self._proxy.faults.swallow = False
        self._linked()

    def _unheard(self) -> None:
        """The runs go on while nobody hears them, or perhaps while the page connects again."""
        for _ in range(self._pick.choice([0, 1, 3])):
            event = self._happen()
            if event is not None and self._pick.random() < 0.3:
                self._tell(event)

    def _linked(self) -> None:
        """Wait until the page answers over a link; a person presses “Try now” while it waits."""
        until = time.monotonic() + PATIENCE_S
        while not self._portal.answers(0.25):
            assert time.monotonic() < until, "the page did not come back"
            self._page.evaluate(TRY_NOW)

    def _end_faults(self) -> None:
        """The way is good again, what is left happens, and the newest event of each run arrives for certain."""
        self.on_healthy()
        self._portal.do(lambda memory: memory.faults.clear())
        self.on_release()
        self._linked()
        while (event := self._happen()) is not None:
            self._tell(*self._late, event)
            self._late.clear()
        log = self._portal.do(lambda memory: list(memory.log))
        self._tell(*self._late, *{each["run_id"]: each for each in log}.values())


class Soak:
    """One page behind a proxy, for as many rounds as anybody likes."""

    def __init__(self, page: Page, portal: MemoryPortal, proxy: FaultProxy, seed: int) -> None:
        self.page, self.portal, self.proxy, self.seed = page, portal, proxy, seed
        self._copied = CopiedPage(page)

    def round(self, number: int) -> Report:
        """Play one round and hold the page against the oracle; an AssertionError names the seed."""
        self.page.evaluate("() => flowglow.reset()")
        game = Round(self, number, random.Random(f"{self.seed}/{number}"))
        try:
            told = game.play()
            self._copied.wait_for(lambda: self._copied.compare(compare(self._copied.as_fake, told)))
        except BaseException:
            sys.stdout.write(f"\nseed {self.seed}, {game.report}\n")
            raise
        return game.report


def _run(run_id: str, pick: random.Random, words: int = 0) -> list[Json]:
    choices = [(pick.choice(KINDS), pick.randrange(100_000)) for _ in range(pick.randint(5, 30))]
    ending = (pick.choice(ENDINGS), pick.randrange(100_000))
    return build(run_id, choices, ending, started=pick.random() < 0.8, words=words)


def open_page(page: Page, site: str, proxy: FaultProxy) -> Guard:
    """Boot the page with its way to the portal through the proxy."""
    guard = Guard(page)
    guard.allowed = ALLOWED
    boot(page, f"{site}/{page_query(proxy.port)}")
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    return guard


def main() -> None:
    """Play rounds, and say what struck in them."""
    parser = argparse.ArgumentParser(prog="python -m e2e.soak_page")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    portal = MemoryPortal()
    portal.start()
    proxy = FaultProxy(portal.port)
    proxy.start()
    with sync_playwright() as playwright, static_site() as site:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        guard = open_page(page, site, proxy)
        soak = Soak(page, portal, proxy, options.seed)
        for number in range(options.first, options.first + options.rounds):
            sys.stdout.write(f"{soak.round(number)}\n")
            guard.check()
        assert guard.loads == 1, "the page was loaded more than once"
        browser.close()
    proxy.stop()
    portal.stop()


if __name__ == "__main__":
    main()
