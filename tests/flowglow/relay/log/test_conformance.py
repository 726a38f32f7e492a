"""What every event log must do, whatever it keeps its events in."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from flowglow.relay import picture
from flowglow.relay.log.kept import LISTED_BYTES, KeptRun, taken_up
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import (
    PAGE_CHARS,
    Appeared,
    Batch,
    Conflict,
    Draft,
    EventLog,
    NewRun,
    News,
    Query,
    Retention,
    UnknownRun,
)
from flowglow.relay.log.sqlite import SqliteLog
from tests.flowglow.relay.support import NOW, Opened, heard, said, seqs, text, words

PATIENCE_S = 10.0


async def test_events_are_numbered_from_0_and_read_behind_a_number(opened: Opened) -> None:
    async with opened() as log:
        assert await log.append("r", [said("run_start", flow_id="f"), text("a")]) == [0, 1]
        assert await log.append("r", [text("b")]) == [2]
        page = await log.read("r", 0)
        assert (page.first, page.last, seqs(page), words(page)) == (0, 2, [1, 2], ["a", "b"])
        event = json.loads(page.entries[0].text)
        assert (event["run_id"], event["seq"], event["ts"]) == ("r", 1, NOW)
        assert seqs(await log.read("r", limit=2)) == [0, 1]
        assert seqs(await log.read("r", 2)) == []


async def test_numbers_are_each_runs_own(opened: Opened) -> None:
    async with opened() as log:
        await log.append("r", [text("a")])
        assert await log.append("s", [text("b", run_id="s")]) == [0]


async def test_the_same_event_sent_again_keeps_its_number(opened: Opened) -> None:
    """Also in one call, also beside others that are new; nothing is kept twice."""
    async with opened() as log:
        await log.append("r", [text("a", "1"), text("b", "2")])
        assert await log.append("r", [text("b", "2"), text("c", "3"), text("c", "3"), text("a", "1")]) == [1, 2, 2, 0]
        assert words(await log.read("r")) == ["a", "b", "c"]


async def test_two_producers_that_send_the_same_at_once(opened: Opened) -> None:
    async with opened() as log:
        sent = [text(str(number), f"id{number}") for number in range(20)]
        both = await asyncio.gather(*(log.append("r", [each]) for each in [*sent, *sent]))
        assert both[:20] == both[20:]
        page = await log.read("r")
        assert seqs(page) == list(range(20))
        assert sorted(words(page), key=int) == [str(number) for number in range(20)]


async def test_an_unknown_run_is_said_to_be(opened: Opened) -> None:
    async with opened() as log:
        for question in (log.read("none"), log.run("none"), log.write("none", ["{}"]), log.order("none", {"k": "{}"})):
            with pytest.raises(UnknownRun, match="none"):
                await question


async def test_a_run_is_known_before_its_first_event(opened: Opened) -> None:
    async with opened() as log:
        assert await log.open(NewRun("r", "f", NOW, {"topic": "x"}))
        assert not await log.open(NewRun("r", "g", NOW))
        run = await log.run("r")
        assert (run["flow_id"], run["status"], run["input"]) == ("f", "queued", {"topic": "x"})
        assert "last_seq" not in run
        page = await log.read("r")
        assert (page.first, page.last, page.entries) == (0, -1, [])


async def test_a_long_input_stands_in_no_list(opened: Opened) -> None:
    """A hundred runs with a megabyte each are no list that anybody can wait for. The run by itself tells it."""
    fits, long = "x" * (LISTED_BYTES - 2), "ë" * (LISTED_BYTES // 2)
    async with opened() as log:
        for run_id, given in (("fits", fits), ("long", long)):
            await log.open(NewRun(run_id, "f", NOW, given))
            await log.append(run_id, [text("a")])
        for _ in range(2):
            listed = {each["run_id"]: each.get("input") for each in await log.runs(Query())}
            assert listed == {"fits": fits, "long": None}
            assert [(await log.run(run_id))["input"] for run_id in ("fits", "long")] == [fits, long]


async def test_what_a_run_amounts_to(opened: Opened) -> None:
    """Status, what its nodes gave, what it waits for; and how it ended."""
    async with opened() as log:
        await log.append("r", [said("run_start", flow_id="f"), said("start_node", node_id="a", order=0)])
        await log.append("r", [said("end_node", node_id="a", order=0, status="success", content={"n": 1})])
        await log.append("r", [said("start_node", node_id="b", order=1)])
        requirement = {"id": "q", "kind": "confirmation"}
        await log.append("r", [said("AgentPaused", node_id="b", requirements=[requirement])])
        run = await log.run("r")
        assert (run["flow_id"], run["status"], run["last_seq"]) == ("f", "paused", 4)
        assert run["results"]["a"] == {"status": "success", "content": {"n": 1}, "orders": [0]}
        assert run["results"]["b"]["status"] == "executing"
        assert [each["id"] for each in run["requirements"]] == ["q"]
        await log.append("r", [said("resume_start", resolved=["q"]), said("run_end", status="error", error="no")])
        await log.append("r", [said("run_end", status="success", ts=NOW + 9)])
        run = await log.run("r")
        assert (run["status"], run["error"], run["ended_at"], run["requirements"]) == ("error", "no", NOW, [])


async def test_what_the_nodes_of_a_run_gave_is_bounded_and_says_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What there is no room for is left out, by field; with room again (a node runs again) it is kept."""
    monkeypatch.setattr(picture, "GIVEN_BYTES", 3_000)

    def ended(node_id: str, count: int, **more: Any) -> Draft:
        return said("end_node", node_id=node_id, status="success", content="x" * count, **more)

    async with opened() as log:
        await log.append("r", [said("start_node", node_id="a", order=0), ended("a", 2_000), ended("b", 900)])
        await log.append("r", [ended("c", 500, error="no")])
        results = (await log.run("r"))["results"]
        assert [len(results[node].get("content", "")) for node in "abc"] == [2_000, 900, 0]
        assert results["c"] == {"status": "success", "orders": [], "error": "no", "cut": ["content"]}
        await log.append("r", [said("start_node", node_id="a", order=1), ended("c", 500)])
        results = (await log.run("r"))["results"]
        assert len(results["c"]["content"]) == 500 and "cut" not in results["c"]
        assert (await log.run("r")).get("results_cut") is None


async def test_which_nodes_a_run_has_and_their_orders_are_bounded_and_say_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest orders of a node; the first nodes of a run. Orders that nobody gave are counted on all the same."""
    monkeypatch.setattr(picture, "ORDERS", 3)
    monkeypatch.setattr(picture, "KNOWN_BYTES", 250)
    async with opened() as log:
        for _ in range(5):
            await log.append("r", [said("start_node", node_id="a")])
        await log.append("r", [said("end_node", node_id="a", order=0, status="error")])
        await log.append("r", [said("start_node", node_id=f"n{number}") for number in range(4)])
        run = await log.run("r")
        assert run["results"]["a"] == {"status": "executing", "orders": [2, 3, 4], "cut": ["orders"]}
        assert sorted(run["results"]) == ["a", "n0", "n1"] and run["results_cut"] is True
        await log.append("r", [said("end_node", node_id="n3", status="success"), said("start_node", node_id="n0")])
        assert (await log.run("r"))["results"]["n0"] == {"status": "executing", "orders": [9], "cut": ["orders"]}


async def test_a_sign_in_that_failed_is_listed_as_open(opened: Opened) -> None:
    """By the run and in lists, which a page asks for what waits for a person; until its step ended."""
    sign_in: dict[str, Any] = {"interaction": "oauth", "interaction_id": "i", "auth_url": "https://a.b", "node_id": "a"}

    async def listed(log: EventLog) -> list[list[str]]:
        told = [await log.run("r"), *await log.runs(Query(statuses=frozenset({"executing"})))]
        return [[each["status"] for each in run["interactions"]] for run in told]

    async with opened() as log:
        await log.append("r", [said("start_node", node_id="a", order=0), said("interaction_event", **sign_in)])
        await log.append("r", [said("interaction_event", **sign_in, status="failed")])
        assert await listed(log) == [["failed"], ["failed"]]
        await log.append("r", [said("end_node", node_id="a", order=0, status="error")])
        assert await listed(log) == [[], []]


async def test_runs_are_listed_newest_first(opened: Opened) -> None:
    async with opened() as log:
        for number in range(5):
            name = f"r{number}"
            flow = "even" if number % 2 == 0 else "odd"
            await log.append(name, [said("run_start", run_id=name, flow_id=flow), text("x", run_id=name)])
        await log.append("r1", [said("run_end", run_id="r1")])

        async def listed(**wanted: object) -> list[str]:
            return [run["run_id"] for run in await log.runs(Query(**wanted))]  # type: ignore[arg-type]

        assert await listed() == ["r4", "r3", "r2", "r1", "r0"]
        assert await listed(flow_id="even") == ["r4", "r2", "r0"]
        assert await listed(statuses=frozenset({"success", "error"})) == ["r1"]
        assert await listed(statuses=frozenset({"executing"}), flow_id="odd") == ["r3"]
        assert await listed(before="r3", limit=2) == ["r2", "r1"]
        assert await listed(before="none") == []
        assert "results" not in (await log.runs(Query(limit=1)))[0]


async def test_the_oldest_events_of_a_run_go_first(opened: Opened) -> None:
    async with opened(retention=Retention(events=3)) as log:
        for number in range(6):
            await log.append("r", [text(str(number), f"id{number}")])
        page = await log.read("r")
        assert (page.first, page.last, words(page)) == (3, 5, ["3", "4", "5"])
        assert await log.append("r", [text("5", "id5")]) == [5]


async def test_bytes_are_bounded_too_and_the_last_event_stays(opened: Opened) -> None:
    async with opened(retention=Retention(event_bytes=1_000)) as log:
        for letter in "abc":
            await log.append("r", [text(letter * 600)])
        page = await log.read("r")
        assert (page.first, page.last) == (2, 2)


async def test_ended_runs_are_bounded_and_old_ones_go(opened: Opened) -> None:
    """The oldest first; what is not over goes only for its age."""
    moment = NOW - 200
    async with opened(retention=Retention(runs=1, age_s=100), clock=lambda: moment) as log:
        await log.append("old", [text("x", run_id="old")])
        moment = NOW
        for name in ("a", "b", "c"):
            await log.append(name, [text("x", run_id=name), *([said("run_end", run_id=name)] if name != "c" else [])])
        assert sorted(await log.sweep(NOW)) == ["a", "old"]
        assert [run["run_id"] for run in await log.runs(Query())] == ["c", "b"]
        with pytest.raises(UnknownRun):
            await log.read("a")


@pytest.mark.parametrize("ts", [0.0, NOW - 1_000, NOW * 1_000])
async def test_age_is_measured_by_the_clock_of_the_log(opened: Opened, ts: float) -> None:
    """Whatever a producer says of time (seconds since its start, a recording, milliseconds)."""
    moment = NOW
    async with opened(retention=Retention(age_s=100), clock=lambda: moment) as log:
        await log.open(NewRun("told", "f", ts))
        await log.append("r", [text("a", ts=ts)])
        assert await log.sweep(NOW + 90) == []
        moment = NOW + 90
        assert await log.append("r", [text("b", ts=ts)]) == [1]
        assert await log.sweep(NOW + 110) == ["told"]
        assert await log.append("r", []) == [] and (await log.run("r"))["last_seq"] == 1
        assert await log.sweep(NOW + 200) == ["r"]


async def test_the_numbers_of_a_run_that_is_gone_go_on(opened: Opened) -> None:
    """So that whoever holds its old events takes no new one for one of them. All else of it is forgotten."""
    async with opened(retention=Retention(age_s=1)) as log:
        await log.append("r", [said("run_start", flow_id="f"), text("b", "2")])
        await log.write("r", ["{}"])
        await log.order("r", {"stop": "{}"})
        assert await log.sweep(NOW + 10) == ["r"]
        for question in (log.read("r"), log.run("r"), log.write("r", ["{}"]), log.order("r", {"k": "{}"})):
            with pytest.raises(UnknownRun):
                await question
        assert await log.runs(Query()) == []
        assert await log.open(NewRun("r", "g", NOW + 10))
        page = await log.read("r")
        assert (page.first, page.last, page.entries) == (2, 1, [])
        run = await log.run("r")
        assert (run["flow_id"], run["status"], run["last_seq"], run["results"]) == ("g", "queued", 1, {})
        assert [run["last_seq"] for run in await log.runs(Query())] == [1]
        assert await log.append("r", [text("c", "2", ts=NOW + 10)]) == [2]
        await log.write("r", ["{}"])
        await log.order("r", {"stop": "{}"})
        page = await log.read("r")
        assert (page.first, page.last, words(page)) == (2, 2, ["c"])
        for stream in ("lines", "orders"):
            page = await log.read("r", 0, stream)
            assert (page.first, page.last, seqs(page)) == (1, 1, [1])


async def test_a_run_that_is_gone_twice_goes_on_all_the_same(opened: Opened) -> None:
    """Also where nothing was told of it in between, and with the first event alone."""
    async with opened(retention=Retention(age_s=1)) as log:
        await log.append("r", [text("a"), text("b")])
        await log.sweep(NOW + 10)
        await log.open(NewRun("r", "f", NOW))
        await log.sweep(NOW + 10)
        assert await log.append("r", [text("c")]) == [2]


@pytest.mark.parametrize(("kept", "later"), [(1, 0.0), (2, 101.0)])
async def test_what_is_remembered_of_runs_that_are_gone_is_bounded(opened: Opened, kept: int, later: float) -> None:
    """By number, the oldest first, and by age."""
    moment = NOW
    async with opened(retention=Retention(age_s=100, gone=kept), clock=lambda: moment) as log:
        for name in ("a", "b"):
            await log.append(name, [text("x", run_id=name)])
            moment += 1
            await log.sweep(moment + 100)
        await log.sweep(moment + 100 + later)
        assert await log.append("a", [text("x", run_id="a")]) == [0]
        assert await log.append("b", [text("x", run_id="b")]) == [1 if not later else 0]


async def test_log_lines_are_kept_by_number(opened: Opened) -> None:
    async with opened(retention=Retention(lines=3)) as log:
        await log.open(NewRun("r", "f", NOW))
        await log.write("r", ['{"text":"1"}', '{"text":"2"}'])
        await log.write("r", ['{"text":"3"}', '{"text":"4"}'])
        page = await log.read("r", 0, "lines")
        assert (page.first, page.last) == (1, 3)
        assert [entry.text for entry in page.entries] == ['{"text":"2"}', '{"text":"3"}', '{"text":"4"}']


async def test_a_log_line_that_is_sent_again_is_kept_once(opened: Opened) -> None:
    """Also in one call, and for as long as it is kept itself; the ids are each run's own, and some lines have none."""
    async with opened(retention=Retention(lines=3)) as log:

        async def kept(run_id: str) -> list[tuple[int, str]]:
            return [(entry.seq, entry.text) for entry in (await log.read(run_id, stream="lines")).entries]

        await log.open(NewRun("r", "f", NOW))
        await log.open(NewRun("s", "f", NOW))
        follower = await log.follow()
        follower.watch("r", -1, "lines")
        await log.write("r", ["[1]", "[2]"], ["a", "b"])
        await log.write("r", ["[2]", "[3]", "[3]"], ["b", "c", "c"])
        await log.write("s", ["[1]"], ["a"])
        assert [entry.seq for entry in await heard(follower, 3)] == [0, 1, 2]
        assert await kept("r") == [(0, "[1]"), (1, "[2]"), (2, "[3]")] and await kept("s") == [(0, "[1]")]
        await log.write("r", ["[4]", "[4]"], [None, None])
        assert await kept("r") == [(2, "[3]"), (3, "[4]"), (4, "[4]")]
        await log.write("r", ["[3]", "[1]"], ["c", "a"])
        assert await kept("r") == [(3, "[4]"), (4, "[4]"), (5, "[1]")]
        await follower.close()


async def test_an_answer_is_given_once(opened: Opened) -> None:
    """The same again is nothing new; another one is refused, and with it all that came along."""
    async with opened() as log:
        await log.open(NewRun("r", "f", NOW))
        await log.order("r", {"q1": '{"yes":1}'})
        await log.order("r", {"q1": '{"yes":1}', "q2": '{"yes":2}'})
        with pytest.raises(Conflict, match="q2"):
            await log.order("r", {"q3": '{"yes":3}', "q2": '{"no":2}'})
        page = await log.read("r", stream="orders")
        assert [entry.text for entry in page.entries] == ['{"yes":1}', '{"yes":2}']
        assert seqs(page) == [0, 1]


async def test_a_ticket_is_good_once_and_for_a_while(opened: Opened) -> None:
    async with opened(clock=time.time) as log:
        await log.issue("t", "anna", 30)
        assert await log.redeem("t") == "anna"
        assert await log.redeem("t") is None
        await log.issue("u", "anna", 0.01)
        await asyncio.sleep(0.02)
        assert await log.redeem("u") is None
        assert await log.redeem("made up") is None


async def test_another_word_takes_the_place_of_the_one_that_is_named(opened: Opened) -> None:
    """And of no other: two who find the same out change it once."""
    async with opened() as log:
        first = await log.instance()
        second = await log.renew(first)
        assert second != first and await log.renew(first) == await log.instance() == second


async def test_a_follower_hears_what_is_watched_and_nothing_else(opened: Opened) -> None:
    """What is there already behind the number, and what comes; of new runs it hears that they are there."""
    async with opened() as log:
        await log.append("r", [text("a"), text("b")])
        follower = await log.follow()
        follower.watch("r", 0)
        async with asyncio.timeout(PATIENCE_S):
            assert words(await heard(follower, 1)) == ["b"]
        await log.append("s", [text("other", run_id="s")])
        await log.append("r", [text("c")])
        news: list[News] = []
        while len(news) < 2:
            async with asyncio.timeout(PATIENCE_S):
                news += await follower.next()
        assert Appeared("s", None) in news
        assert [each.run_id for each in news if isinstance(each, Batch)] == ["r"]
        follower.unwatch("r")
        await log.append("r", [text("d")])
        follower.watch("s", -1)
        async with asyncio.timeout(PATIENCE_S):
            assert words(await heard(follower, 1)) == ["other"]
        await follower.close()


async def test_a_follower_hears_everything_once_and_in_order(opened: Opened) -> None:
    """However much is said at once, and wherever it begins."""
    async with opened() as log:
        follower = await log.follow()
        follower.watch("r", -1)
        writing = asyncio.gather(
            *(log.append("r", [text(str(n)) for n in range(k, k + 40)]) for k in range(0, 1600, 40))
        )
        async with asyncio.timeout(PATIENCE_S):
            entries = await heard(follower, 1600)
        await writing
        assert [entry.seq for entry in entries] == list(range(1600))
        follower.watch("r", 1500)
        async with asyncio.timeout(PATIENCE_S):
            assert [each.seq for each in await heard(follower, 99)] == list(range(1501, 1600))
        await follower.close()


async def test_a_follower_hears_of_orders(opened: Opened) -> None:
    async with opened() as log:
        await log.open(NewRun("r", "f", NOW))
        follower = await log.follow()
        follower.watch("r", -1, "orders")
        await log.order("r", {"stop": '{"type":"stop"}'})
        async with asyncio.timeout(PATIENCE_S):
            assert [each.text for each in await heard(follower, 1)] == ['{"type":"stop"}']
        await follower.close()


async def test_that_a_flow_becomes_known_is_told(opened: Opened) -> None:
    async with opened() as log:
        await log.append("r", [text("a")])
        follower = await log.follow()
        await log.append("r", [said("run_start", flow_id="f")])
        async with asyncio.timeout(PATIENCE_S):
            news = await follower.next()
        assert news == [Appeared("r", "f")]
        await follower.close()


# -- from several places at once ------------------------------------------------------------------------


async def test_what_one_writes_the_other_reads_and_hears(shared: Opened) -> None:
    async with shared("one") as here, shared("one") as there:
        assert await here.instance() == await there.instance()
        follower = await there.follow()
        follower.watch("r", -1)
        await here.append("r", [said("run_start", flow_id="f"), text("a")])
        async with asyncio.timeout(PATIENCE_S):
            entries = await heard(follower, 2)
        assert [entry.seq for entry in entries] == [0, 1]
        assert await there.append("r", [text("b")]) == [2]
        assert (await here.run("r"))["last_seq"] == 2
        await follower.close()


async def test_what_a_run_waits_for_is_told_in_its_order_whoever_reads(shared: Opened) -> None:
    """By the run and in lists; until it is answered, or the run is gone."""
    ids = [f"q{number}" for number in range(200)]
    needs = [{"id": each, "kind": "confirmation", "prompt": "?" * 100} for each in ids]
    async with shared("waits", retention=Retention(runs=0)) as log, shared("waits") as other:
        await log.append("r", [said("AgentPaused", f"e{each['id']}", requirements=[each]) for each in needs])
        for answered, left in (([], ids), (ids[3:190], ids[:3] + ids[190:])):
            await log.append("r", [said("resume_start", resolved=answered)])
            for run in (await other.run("r"), (await other.runs(Query()))[0]):
                assert [each["id"] for each in run["requirements"]] == left
            assert (await other.run("r"))["asked"] == {each: f"e{each}" for each in left}
        await other.append("r", [said("run_end")])
        assert (await log.run("r"))["requirements"] == []
        assert await log.sweep(NOW) == ["r"]
        await log.append("r", [text("again")])
        assert (await other.run("r"))["requirements"] == []


async def test_what_a_run_was_given_stays_whoever_tells_what_happens(shared: Opened) -> None:
    """In the list, too; and it is gone with the run."""
    async with shared("one", Retention(age_s=60)) as here, shared("one", Retention(age_s=60)) as there:
        assert await here.open(NewRun("r", "f", NOW, {"topic": "x"}))
        for log in (there, here, there):
            await log.append("r", [text("a")])
        for log in (here, there):
            assert (await log.run("r"))["input"] == {"topic": "x"}
            assert [each["input"] for each in await log.runs(Query())] == [{"topic": "x"}]
        assert await here.sweep(NOW + 3_600) == ["r"]
        assert await there.open(NewRun("r", "f", NOW))
        assert "input" not in await here.run("r")


async def test_numbers_are_given_once_from_two_places(shared: Opened) -> None:
    """Two producers, one run, the same events from both: each event once, no hole."""
    async with shared("one") as here, shared("one") as there:
        sent = [text(str(number), f"id{number}") for number in range(30)]
        mine, other = await asyncio.gather(
            asyncio.gather(*(here.append("r", [each]) for each in sent)),
            asyncio.gather(*(there.append("r", [each]) for each in reversed(sent))),
        )
        assert mine == other[::-1]
        assert seqs(await here.read("r")) == list(range(30))


async def test_a_ticket_opens_one_socket_on_one_machine(shared: Opened) -> None:
    async with shared("one") as here, shared("one") as there:
        await here.issue("t", "anna", 30)
        assert sorted(map(str, await asyncio.gather(here.redeem("t"), there.redeem("t")))) == ["None", "anna"]


async def test_an_answer_is_given_once_from_two_places(shared: Opened) -> None:
    async with shared("one") as here, shared("one") as there:
        await here.open(NewRun("r", "f", NOW))
        given = await asyncio.gather(
            here.order("r", {"q": '{"yes":true}'}), there.order("r", {"q": '{"no":true}'}), return_exceptions=True
        )
        assert [type(each) for each in given if each is not None] == [Conflict]
        assert len((await here.read("r", stream="orders")).entries) == 1


async def test_runs_outlive_whoever_wrote_them(shared: Opened) -> None:
    async with shared("one") as log:
        instance = await log.instance()
        await log.append("r", [said("run_start", flow_id="f"), said("start_node", node_id="a", order=0)])
    async with shared("one") as log:
        assert await log.instance() == instance
        assert await log.append("r", [said("end_node", node_id="a", status="success", content="x")]) == [2]
        assert (await log.run("r"))["results"]["a"] == {"status": "success", "content": "x", "orders": [0]}


async def test_a_run_that_is_gone_and_another_of_that_name_are_never_mixed(shared: Opened) -> None:
    """What one place remembers of the first is not taken for the second, though it goes on at that very number."""
    moment = NOW
    brief = Retention(age_s=50)
    async with shared("one", brief, lambda: moment) as here, shared("one", brief, lambda: moment) as there:
        await here.append("r", [said("run_start", flow_id="f"), said("start_node", node_id="old")])
        moment += 100
        assert await there.sweep(moment) == ["r"]
        await there.open(NewRun("r", "g", moment))
        assert (await here.run("r"))["flow_id"] == "g"
        assert await here.append("r", [said("start_node", node_id="new", ts=moment)]) == [2]
        for log in (here, there):
            run = await log.run("r")
            assert (run["flow_id"], list(run["results"])) == ("g", ["new"])


async def test_a_page_is_no_longer_than_anybody_can_hold(opened: Opened) -> None:
    """Whoever reads on gets everything."""
    async with opened() as log:
        sent = [text("x" * (PAGE_CHARS // 3)) for _ in range(5)] + [text("y" * (PAGE_CHARS - 50_000)), text("z")]
        await log.append("r", sent)
        pages, after = list[list[int]](), -1
        while (page := await log.read("r", after)).entries:
            pages.append(seqs(page))
            after = pages[-1][-1]
        assert pages == [[0, 1], [2, 3], [4], [5, 6]]


async def test_two_relays_that_are_told_of_a_run_by_turns_amount_to_what_one_does(
    shared: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is open in nodes that only the other one was told of; neither reads all nodes anew for each event."""
    taken = 0

    def counted(*args: Any) -> KeptRun:
        nonlocal taken
        taken += 1
        return taken_up(*args)

    for name in ("redis_pictures", "sqlite_tables"):
        monkeypatch.setattr(f"flowglow.relay.log.{name}.taken_up", counted)
    plain = MemoryLog(clock=lambda: NOW)
    events = [
        said("run_start", "s", flow_id="f"),
        *(said("start_node", f"s{n}", node_id=f"n{n % 7}") for n in range(30)),
    ]
    events += [said("end_node", f"e{n}", node_id=f"n{n % 7}", status="error", content=n) for n in range(25)]
    async with shared("two") as one, shared("two") as other:
        for number, each in enumerate(events):
            await plain.append("r", [each])
            assert await (one, other)[number % 2].append("r", [each]) == [number]
        told = taken
        assert await one.run("r") == await other.run("r") == await plain.run("r")
        assert isinstance(one, SqliteLog) or told < 6
