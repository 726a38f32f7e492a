"""Which runs there are: what is open of every flow, the newest of the others, older ones page by page."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pyapp.live.front import MAX_ROWS
from pyapp.live.sync.listing import LISTED, REFUSED_S
from pyapp.ports import HttpResponse
from pyapp.run.tracking import MAX_RUNS
from pyapp.stores.listing import RunsFilter
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import Json, closed, ev, opened


def front(page: FakePage) -> str | None:
    marked = page.document.region("runs").find_all("[aria-current=true]")
    return marked[0].attributes["data-run-id"] if marked else None


async def passes(page: FakePage, seconds: float) -> None:
    """Time passes, second by second."""
    for _ in range(round(seconds)):
        await page.advance(1.0)


class PagedHttp(FakeHttp):
    """A backend with many runs, newest first, that understands the parameters it does not `ignore`."""

    def __init__(self, runs: list[Json], ignores: str = "") -> None:
        super().__init__()
        self.runs = runs
        self.ignores = ignores.split()
        self.questions: list[dict[str, str]] = []

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        if urlsplit(url).path != "/api/runs":
            return await super().request(method, url, body=body, token=token, timeout_s=timeout_s)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.questions.append(query)
        asked = {name: value for name, value in query.items() if name not in self.ignores}
        found = self.runs
        if "before" in asked:
            places = [run["run_id"] for run in found]
            found = found[places.index(asked["before"]) + 1 :]
        for name in ("flow_id", "status"):
            found = [run for run in found if asked.get(name) in (None, run[name])]
        return HttpResponse(200, json.dumps(found[: int(asked.get("limit", 10_000))]))


def many(count: int, **of: Any) -> list[Json]:
    """Runs that are over, the newest first; `of` gives some by number what they are."""
    plain = {"flow_id": "demo", "status": "success"}
    return [
        {"run_id": f"r{number}", "started_at": 10_000.0 - number, **plain, **of.get(f"r{number}", {})}
        for number in range(count)
    ]


async def listed(http: FakeHttp) -> FakePage:
    page = FakePage(http=http)
    await page.open()
    await page.settle(200)
    return page


def shown(page: FakePage) -> list[str]:
    """The rows that stand in the list, hidden or not."""
    return [each.attributes["data-run-id"] for each in page.document.region("runs").find_all("[data-run-id]")]


async def older(page: FakePage) -> None:
    page.app.commands.older_runs()
    await page.settle(60)


def r(*numbers: range) -> list[str]:
    return [f"r{number}" for each in numbers for number in each]


async def test_runs_of_every_flow_that_are_not_over_are_listed_and_cards_are_open() -> None:
    """And those that are over, whatever their flow."""
    page = FakePage()
    waits = {
        "run_id": "waits",
        "flow_id": "other",
        "status": "paused",
        "requirements": [{"id": "q", "kind": "confirmation"}],
    }
    page.http.answer(
        "GET",
        "/runs",
        [
            {"run_id": "ours", "flow_id": "demo", "status": "success", "started_at": 3.0, "ended_at": 4.0},
            {"run_id": "theirs", "flow_id": "other", "status": "success", "started_at": 2.0, "ended_at": 3.0},
            waits,
            {"run_id": "odd", "flow_id": "demo", "status": "whatever"},
        ],
    )
    page.http.answer("GET", "/runs/waits", waits)
    await page.open()
    await page.settle()
    assert page.row("ours") == page.row("theirs") == "success" and page.row("waits") == "paused"
    assert page.row("odd") in ("executing", "unverified")
    assert len(page.document.region("interactions").find_all("[data-requirement-id]")) == 1
    assert front(page) is None, "none of them comes by itself"
    await closed(page)


async def test_a_sign_in_that_failed_is_a_card_before_any_event_of_its_run_is_there() -> None:
    """As a list tells it: it can be tried again, and waits for a person."""
    page = FakePage()
    sign_in = {"interaction_id": "s", "auth_url": "https://sign.in/x", "status": "failed"}
    waits = {"run_id": "waits", "flow_id": "other", "status": "executing", "interactions": [sign_in]}
    page.http.answer("GET", "/runs", [waits])
    page.http.answer("GET", "/runs/waits", waits)
    await page.open()
    await page.settle()
    assert page.document.region("interactions").find("[data-interaction-id=s]").attributes["data-state"] == "failed"
    assert page.document.region("interactions").attributes["data-asking"] == "1"
    await closed(page)


async def test_of_runs_that_are_over_a_bounded_number_is_listed_newest_first() -> None:
    page = FakePage()
    infos = [
        {"run_id": f"r{number}", "flow_id": "demo", "status": "success", "started_at": 1000.0 - number}
        for number in range(LISTED + 20)
    ]
    page.http.answer("GET", "/runs", infos)
    await page.open()
    rows = [each.attributes["data-run-id"] for each in page.document.region("runs").find_all("[data-run-id]")]
    assert rows == [f"r{number}" for number in range(LISTED)]
    await closed(page)


async def test_the_list_is_asked_for_again_after_trouble_and_after_each_reconnect() -> None:
    page = FakePage()
    page.http.then("GET", "/runs", HttpResponse(500, ""), HttpResponse(200, "[]"))
    await page.open()
    await page.advance(1.0)
    assert page.http.asked("GET", "/runs") == 2
    page.http.answer("GET", "/runs", [{"run_id": "missed", "flow_id": "other", "status": "executing"}])
    await page.reconnect()
    assert page.row("missed") == "executing"
    await closed(page)


async def test_a_list_that_is_refused_for_a_moment_is_asked_for_again() -> None:
    """Also after trouble of another kind; what is refused for long is not asked for before the next reconnect."""
    page = FakePage()
    gone, broken = HttpResponse(404, ""), HttpResponse(503, "")
    listed = HttpResponse(200, json.dumps([{"run_id": "late", "flow_id": "other", "status": "executing"}]))
    page.http.then("GET", "/runs", gone, *[broken] * 9, gone, listed)
    await page.open()
    await passes(page, 50)
    assert page.row("late") == "executing" and page.http.asked("GET", "/runs") == 12
    page.http.answer("GET", "/runs", "", 404)
    await page.reconnect()
    await passes(page, REFUSED_S + 5)
    asked = page.http.asked("GET", "/runs")
    assert asked > 18
    await passes(page, 60)
    assert page.http.asked("GET", "/runs") == asked
    await page.reconnect()
    assert page.http.asked("GET", "/runs") == asked + 1
    await closed(page)


@pytest.mark.parametrize("last_seq", [1, None])
async def test_a_run_listed_after_the_link_opened_has_its_events_asked_for(last_seq: int | None) -> None:
    """The resume could not name it: its history comes all the same, and the run that is waited for is in front."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.late.add("/runs")
    page = FakePage(http=http, clock=clock)
    info = {"run_id": "r", "flow_id": "demo", "status": "executing", "last_seq": last_seq}
    http.answer("GET", "/runs", [info])
    http.answer("GET", "/runs/r", info)
    history = [ev("run_start", flow_name="Demo", seq=0), ev("start_node", node_id="n1", order=0, seq=1)]
    http.answer("GET", "/runs/r/events?after=-1", history)
    await page.open()
    assert page.row("r") is None and page.socket.sent_of("resume") == [{"type": "resume", "runs": {}}]
    http.give_held()
    await page.settle()
    assert page.classes("n1") == {"executing"} and front(page) == "r" and page.row("r") == "executing"
    await closed(page)


async def test_a_list_is_as_old_as_its_question() -> None:
    """A run that went on, or began, while the list was under way is not undone by it: the server is asked again."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.late.add("/runs")
    page = FakePage(http=http, clock=clock)
    http.answer("GET", "/runs", [{"run_id": "r", "flow_id": "demo", "status": "queued"}])
    http.answer("GET", "/runs/r", {"run_id": "r", "flow_id": "demo", "status": "executing", "last_seq": 1})
    await page.open()
    page.receive(ev("run_start", seq=0), ev("start_node", node_id="n1", order=0, seq=1))
    http.give_held()
    await page.settle()
    assert page.row("r") == "executing" and http.asked("GET", "/runs/r") == 1
    await closed(page)


@pytest.mark.parametrize(
    ("heard", "told", "status"),
    [
        (ev("run_end", "beyond"), "executing", "success"),
        (ev("run_end", "beyond", status="error"), "success", "error"),
        (ev("run_end", "beyond", status="killed"), "paused", "killed"),
        (ev("start_node", "beyond", node_id="n0", order=0), "queued", "executing"),
        (ev("start_node", "beyond", node_id="n0", order=0), "success", "success"),
    ],
)
async def test_a_list_undoes_nothing_that_a_row_was_told_since(heard: Json, told: str, status: str) -> None:
    """Of a run that is nothing but a row: what its events said while the list was under way stays, but for its end."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    page.receive(*(ev("run_start", f"r{number}", seq=0) for number in range(MAX_RUNS)))
    http.answer("GET", "/runs", [{"run_id": "beyond", "flow_id": "other", "status": "queued"}])
    page.app.sync.listing.ask()
    await page.settle()
    assert page.row("beyond") == "queued" and page.app.tracking.find("beyond") is None
    requirement = {"id": "q", "kind": "confirmation", "prompt": "sure?"}
    listed = {"run_id": "beyond", "status": told, "started_at": 5.0}
    http.answer("GET", "/runs", [{**listed, "requirements": [requirement]} if told == "paused" else listed])
    http.late.add("/runs")
    page.app.sync.listing.ask()
    await page.settle()
    page.receive(heard)
    http.give_held()
    await passes(page, 10)
    row = page.app.stores.runs.get("beyond")
    assert row is not None and (row.status, row.started_at) == (status, 5.0)
    assert page.document.region("interactions").find_all("[data-requirement-id]") == []
    await closed(page)


@pytest.mark.parametrize("beyond", [False, True])
async def test_a_list_that_lags_opens_no_run_whose_end_was_told(beyond: bool) -> None:
    """However long ago that was: also one that was forgotten, or of which there is a row alone."""
    page = await opened()
    others = [ev("run_start", f"r{number}", seq=0) for number in range(MAX_RUNS)]
    page.receive(*others[: MAX_RUNS - 1 + beyond], ev("run_start", "r", seq=0))
    page.http.answer("GET", "/runs", [{"run_id": "r", "flow_id": "demo", "status": "executing"}])
    page.receive(ev("run_end", "r", seq=1))
    page.receive(*others)
    assert page.row("r") == "success" and page.app.tracking.find("r") is None
    page.app.sync.listing.ask()
    await passes(page, 5)
    assert page.row("r") == "success"
    await closed(page)


async def test_a_run_that_waits_is_found_however_many_came_after_it() -> None:
    """Where a page of the list is full, what is open is asked for by name; else nothing more is asked."""
    wanted = {"status": "paused", "flow_id": "other", "requirements": [{"id": "q", "kind": "confirmation"}]}
    page = await listed(http := PagedHttp(many(120, r110=wanted)))
    assert page.row("r110") == "paused" and page.row("r60") is None
    assert len(page.document.region("interactions").find_all("[data-requirement-id]")) == 1
    assert [each.get("status") for each in http.questions] == [None, "paused", "executing", "queued"]
    await closed(page)
    page = await listed(http := PagedHttp(many(20, r9=wanted)))
    assert page.row("r9") == "paused" and len(http.questions) == 1
    await closed(page)


@pytest.mark.parametrize(
    "ignores", ["", "before", "limit", "before limit", "flow_id status", "flow_id status before limit"]
)
async def test_older_runs_come_page_by_page_and_end(ignores: str) -> None:
    """Whatever the backend ignores: no row twice, none in the wrong place, and no question without end."""
    page = await listed(http := PagedHttp(many(130), ignores))
    assert shown(page) == r(range(50))
    pages = 0
    while page.app.stores.paging.get().more:
        pages += 1
        assert pages < 8, "it would ask for ever"
        await older(page)
    limited = "before" in ignores and "limit" not in ignores
    assert shown(page) == (r(range(50)) if limited else r(range(130)))
    asked = len(http.questions)
    await page.reconnect()
    assert not page.app.stores.paging.get().more and len(http.questions) > asked
    await closed(page)


@pytest.mark.parametrize("ignores", ["", "status", "before status limit"])
async def test_failed_runs_are_paged_by_themselves(ignores: str) -> None:
    """The first page of a choice comes with the choice; a backend that does not sift is sifted here."""
    failed = {f"r{number}": {"status": "error", "error": "boom"} for number in (3, 70, 140)}
    page = await listed(http := PagedHttp(many(160, **failed), ignores))
    page.app.commands.filter_runs(RunsFilter(status="error"))
    await page.settle()
    pages = 0
    while page.app.stores.paging.get().more:
        pages += 1
        assert pages < 8, "it would ask for ever"
        await older(page)
    assert all(page.row(each) == "error" for each in failed)
    assert page.row("r60") is None, "nothing that was not wanted"
    assert "boom" in page.document.region("runs").textContent
    page.app.commands.filter_runs(RunsFilter())
    await page.settle()
    assert page.app.stores.paging.get().more, "of all runs there are older ones"
    await older(page)
    assert page.row("r60") == "success" and http.questions[-1]["before"] == "r49"
    await closed(page)


async def test_runs_of_the_flow_on_the_canvas_are_asked_for_when_they_are_wanted() -> None:
    ours = {f"r{number}": {"flow_id": "demo"} for number in (80, 90)}
    runs = [{"flow_id": "other", **each} for each in many(100)]
    for run in runs:
        run["flow_id"] = ours.get(run["run_id"], {"flow_id": "other"})["flow_id"]
    page = await listed(http := PagedHttp(runs))
    assert page.row("r80") is None
    page.app.commands.filter_runs(RunsFilter(this_flow=True))
    await page.settle()
    assert page.row("r80") == page.row("r90") == "success" and http.questions[-1]["flow_id"] == "demo"
    assert not page.app.stores.paging.get().more
    await closed(page)


async def test_what_is_all_here_is_not_asked_for_again() -> None:
    page = await listed(http := PagedHttp(many(30)))
    for wanted in (RunsFilter(status="error"), RunsFilter(this_flow=True), RunsFilter(text="x")):
        page.app.commands.filter_runs(wanted)
        await page.settle()
    assert len(http.questions) == 1
    await closed(page)


async def test_a_page_that_fails_says_so_and_can_be_asked_for_again() -> None:
    page = await listed(PagedHttp(many(70)))
    good = page.http.request

    async def broken(*_: Any, **__: Any) -> HttpResponse:
        return HttpResponse(503, "")

    page.http.request = broken  # type: ignore[method-assign]
    await older(page)
    paging = page.app.stores.paging.get()
    assert paging.problem is not None and paging.more and not paging.asking
    page.http.request = good  # type: ignore[method-assign]
    await older(page)
    assert page.app.stores.paging.get().problem is None and shown(page) == r(range(70))
    await closed(page)


async def test_older_runs_stay_when_others_are_forgotten_and_the_list_is_bounded() -> None:
    page = await listed(PagedHttp(many(1_200)))
    while page.app.stores.paging.get().more:
        await older(page)
    assert shown(page) == r(range(MAX_ROWS))
    for number in range(60):
        page.receive(ev("run_start", f"new{number}", seq=0), ev("run_end", f"new{number}", seq=1))
    assert len(shown(page)) <= MAX_ROWS + 1 and page.row("r0") == "success" and page.row("r999") is None
    await closed(page)


async def test_after_a_reset_the_list_begins_again() -> None:
    page = await listed(PagedHttp(many(70)))
    await older(page)
    page.app.reset()
    await page.settle()
    assert shown(page) == [] and not page.app.stores.paging.get().more
    page.app.sync.listing.ask()
    await page.settle(200)
    assert shown(page) == r(range(50)) and page.app.stores.paging.get().more
    await closed(page)
