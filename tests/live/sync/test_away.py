from __future__ import annotations

import pytest

from pyapp.live.sync.away import GRACE_S
from pyapp.settings import Settings
from pyapp.stores.link import Away, LinkState
from pyapp.stores.rows import RunRow
from pyapp.testing.page import FakePage
from tests.test_recovery import Json, event, told


class Links:
    """A link for each run."""

    def __init__(self, links: dict[str, LinkState]) -> None:
        self._links = links

    def of(self, run_id: str) -> LinkState:
        return self._links[run_id]


class Watched(FakePage):
    """A run under way in front, with what is said of its time, and whether anything shows that it stands."""

    async def begin(self, *more: Json) -> None:
        await self.open()
        ts = self.clock.wall()
        self.receive(event("run_start", 0, ts=ts), event("start_node", 1, node_id="n0", order=0, ts=ts), *more)

    def part(self, region: str, which: str) -> str:
        return self.document.region(region).find(which).textContent

    @property
    def clocks(self) -> set[str]:
        foot = self.document.region("canvas").find("[data-node-id=n0]").find(".node-time").textContent
        return {self.part("run-head", ".run-head-elapsed"), self.part("runs", ".run-time"), foot}

    @property
    def seen(self) -> set[str]:
        return {self.part("run-head", ".run-head-seen"), self.part("runs", ".run-seen")}

    @property
    def dim(self) -> set[str]:
        row = self.document.region("runs").find("[data-run-id=r]")
        return {self.document.root["data-away"], row.attributes["data-away"]}


async def test_from_the_loss_of_the_link_the_clocks_stand_and_it_is_said() -> None:
    """At once they stand; that they do is seen and said behind the grace; back, they say the truth."""
    page = Watched()
    await page.begin()
    await page.advance(20.0)
    assert page.clocks == {"20 s"} and page.seen == {""} and page.dim == {"false"}
    page.socket.die(1006)
    await page.advance(GRACE_S - 0.1)
    assert page.clocks == {"20 s"} and page.seen == {""} and page.dim == {"false"}
    await page.advance(0.2)
    assert page.seen == {"last seen 1 s ago"} and page.dim == {"true"}
    await page.advance(7.0)
    assert page.clocks == {"20 s"} and page.seen == {"last seen 8 s ago"}
    assert page.classes("n0") == {"executing"} and page.row("r") == "executing"
    page.socket.accept()
    await page.settle()
    assert page.clocks == {"28 s"} and page.seen == {""} and page.dim == {"false"}
    page.app.stop()
    await page.settle()
    assert page.clock.pending == 0


async def test_what_stands_does_not_move_when_the_servers_time_is_known_better() -> None:
    page = Watched()
    await page.begin()
    page.socket.die(1006)
    await page.advance(2.0)
    stands = page.app.stores.away.get("r")
    page.app.inbox.intake._shared.server_clock.heard(page.clock.wall() + 3.0)
    await page.advance(2.0)
    assert page.app.stores.away.get("r") == stands is not None
    page.app.stop()


async def test_a_loss_that_is_shorter_than_a_blink_does_not_flash() -> None:
    """Nor does the clock go back in it, though the link was silent for long before it was given up."""
    page = Watched()
    await page.begin({"type": "hello", "heartbeat_s": 10})
    await page.advance(15.0)
    assert page.app.stores.link.get().phase == "connecting"
    await page.advance(0.9)
    assert page.clocks == {"15 s"} and page.seen == {""} and page.dim == {"false"}
    page.socket.accept()
    await page.settle()
    assert page.clocks == {"16 s"} and page.seen == {""} and page.dim == {"false"}
    page.app.stop()


async def test_a_link_that_was_silent_was_heard_of_before_it_was_given_up() -> None:
    page = Watched()
    await page.begin({"type": "hello", "heartbeat_s": 10})
    await page.advance(15.0)
    await page.advance(2.0)
    assert page.clocks == {"15 s"} and page.seen == {"last seen 17 s ago"}
    page.app.stop()


@pytest.mark.parametrize("noticed", ["before it slept", "behind"])
async def test_a_machine_that_slept_says_how_long_ago_that_was(noticed: str) -> None:
    """And has no network yet: of the time it slept nothing is known, and the clocks stand as of when it did not."""
    page = Watched()
    await page.begin()
    await page.advance(5.0)
    if noticed == "before it slept":
        page.socket.die(1006)
    page.clock.set_wall(page.clock.wall() + 3_600.0)
    if noticed == "behind":
        page.socket.die(1006)
    await page.advance(2.0)
    assert page.clocks == {"5.0 s"} and page.seen == {"last seen 1 h 00 min ago"}
    page.app.stop()


async def test_what_waits_for_a_person_goes_on() -> None:
    """Its time at the server does, and so does what is left of its card's."""
    page = Watched()
    asked = [{"id": "q", "kind": "confirmation", "expires_at": page.clock.wall() + 100.0}]
    await page.begin(event("AgentPaused", 2, node_id="n0", requirements=asked))
    page.socket.die(1006)
    await page.advance(10.0)
    assert page.clocks == {"10 s"} and page.seen == {""} and page.dim == {"false"}
    assert "1 min 30 s" in page.document.region("interactions").textContent
    page.app.stop()


async def test_a_sign_in_is_waited_for_though_its_step_executes() -> None:
    """The row says executing; the page says that it waits."""
    page = Watched()
    asked = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://a.example", "node_id": "n0"}
    await page.begin(event("interaction_event", 2, **asked))
    page.socket.die(1006)
    await page.advance(10.0)
    assert page.row("r") == "executing" and page.clocks == {"10 s"} and page.seen == {""}
    page.app.stop()


async def test_what_http_tells_meanwhile_counts() -> None:
    """The link stays away; the server says that the run goes on, and it was heard of then."""
    page = Watched()
    await page.begin()
    told(page, "executing")
    page.socket.die(1006)
    await page.advance(29.0)
    assert page.clocks == {"0.0 s"} and page.seen == {"last seen 29 s ago"}
    await page.advance(1.0)
    await page.advance(3.0)
    assert page.clocks == {"30 s"} and page.seen == {"last seen 3 s ago"}
    page.app.stop()


async def test_a_run_in_doubt_stands_though_the_link_is_well() -> None:
    """Its time is not counted for ever, and since when nothing is heard of it is said."""
    page = Watched()
    await page.begin()
    page.http.answer("GET", "/runs/r", {}, 503)
    await page.advance(29.0)
    assert page.clocks == {"29 s"} and page.seen == {""}
    await page.advance(1.0)
    await page.advance(5.0)
    assert page.row("r") == "unverified" and page.app.stores.link.get().phase == "open"
    assert page.clocks == {"30 s"} and page.seen == {"last seen 35 s ago"}
    page.receive(event("start_tool", 2, node_id="n0", tool_name="t"))
    assert page.clocks == {"35 s"} and page.seen == {""} and page.dim == {"false"}
    page.app.stop()


async def test_a_run_without_a_moment_of_its_own_is_said_to_stand_by_none() -> None:
    """Of one that only a link names nothing was ever heard."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", run="gone"))
    await page.open()
    page.socket.die(1006)
    await page.advance(5.0)
    assert len(page.app.stores.away) == 0
    page.app.stop()


async def test_of_several_streams_the_runs_go_on_whose_stream_is_well() -> None:
    """Each run is told of by a stream of its own: one is cut, the other is well."""
    page = FakePage(Settings(protocol="ag-ui"))
    away, links = page.app.stores.away, {"a": LinkState("waiting", heard_at=page.clock.now()), "b": LinkState("open")}
    page.app.sync.absences._link = Links(links)  # type: ignore[assignment]
    for run_id in links:
        page.app.stores.runs.set(run_id, RunRow(run_id, "executing", "demo"))
    await page.advance(GRACE_S)
    assert dict(away.items()) == {"a": Away(page.clock.wall() - GRACE_S, page.clock.wall() - GRACE_S)}, "b is well"
    links["a"], links["b"] = LinkState("open"), LinkState("connecting", attempt=2, heard_at=page.clock.now())
    await page.advance(GRACE_S)
    assert [run_id for run_id, _ in away.items()] == ["b"]
    page.app.reset()
    assert len(away) == 0
    page.app.stop()
