"""A run as whoever executes it tells of it, over HTTP and in the same process."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

import flowglow
from flowglow.errors import Refused
from flowglow.producer.feed import Later, LogFeed
from flowglow.producer.run import Run, Stopped
from flowglow.relay.app import create_relay
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import EventLog, Query
from flowglow.relay.portal import Portal
from pyapp.contract.events import EndNode
from tests.flowglow.relay.support import relaying
from tests.flowglow.serving import PATIENCE_S, served

PORTAL = Portal(keys=("k",))


async def events(log: EventLog, run_id: str) -> list[dict[str, Any]]:
    return [json.loads(entry.text) for entry in (await log.read(run_id)).entries]


async def until_status(log: EventLog, run_id: str, status: str) -> None:
    async def wait() -> None:
        while True:
            try:
                if (await log.run(run_id))["status"] == status:
                    return
            except Refused:
                pass
            await asyncio.sleep(0.005)

    async with asyncio.timeout(PATIENCE_S):
        await wait()


async def test_a_run_is_told_from_its_start_to_its_end() -> None:
    """Its nodes, tools, texts and log lines, in order; numbered by the relay."""
    async with relaying(portal=PORTAL) as relay:
        async with flowglow.run("f", url=f"http://{relay.address}", key="k\n", run_id="r", input="x") as run:
            async with run.node("a", node_name="A") as end:
                call = await run.start_tool("a", "search", {"query": "news"})
                await run.end_tool("a", call, result=[1])
                await run.say("Hel", node_id="a")
                await run.say("lo", node_id="a")
                end["content"] = {"n": 1}
            order = await run.start_node("b")
            await run.emit(EndNode(event="end_node", run_id="r", node_id="b", order=order, status="success"))
            await run.think("hm")
            await run.show("<p>done</p>", "m")
            await run.log("a line", node_id="b")
        told = await events(relay.log, "r")
        assert [event["event"] for event in told] == [
            "run_start", "start_node", "start_tool", "end_tool", "RunContent", "RunContent", "end_node", "start_node",
            "end_node", "RunReasoningContent", "ChatHTML", "run_end",
        ]  # fmt: skip
        assert [event["seq"] for event in told] == list(range(12))
        assert (told[1]["order"], told[7]["order"], told[6]["content"]) == (0, 1, {"n": 1})
        summary = await relay.log.run("r")
        assert (summary["status"], summary["flow_id"], summary["input"]) == ("success", "f", "x")
        assert json.loads((await relay.log.read("r", stream="lines")).entries[0].text)["text"] == "a line"


async def test_what_fails_ends_the_run_with_its_words() -> None:
    log = MemoryLog()
    with pytest.raises(ValueError, match="no such file"):
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run, run.node("a"):
            raise ValueError("no such file")
    told = await events(log, "r")
    assert [(event["event"], event.get("status"), event.get("error")) for event in told[-2:]] == [
        ("end_node", "error", "ValueError: no such file"), ("run_end", "error", "ValueError: no such file"),
    ]  # fmt: skip


async def test_a_tool_may_call_its_arguments_as_it_likes() -> None:
    """Its arguments are its own: none of them is taken for one of the call."""
    log = MemoryLog()
    args = dict.fromkeys(("self", "node_id", "tool_name", "tool_call_id", "args", "order id"), "x")
    async with flowglow.run("f", feed=LogFeed(log), run_id="r", writer="w") as run:
        calls = [await run.start_tool("a", "search", args), await run.start_tool("a", "search", tool_call_id="mine")]
    started = (await events(log, "r"))[1:3]
    assert calls == ["r-call-w-0", "mine"] == [event["tool_call_id"] for event in started]
    assert [event.get("tool_args") for event in started] == [args, None]


@pytest.mark.parametrize("end", [{"error": "no rows"}, {"status": "error"}, {"order": 7, "event": "x", "node_id": "b"}])
async def test_what_a_node_is_ended_with_never_takes_the_place_of_its_failure(end: dict[str, Any]) -> None:
    """Which node ends, and how it failed, is not for the block to say."""
    log = MemoryLog()
    with pytest.raises(ValueError, match="no such file"):
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run, run.node("a") as told:
            told |= {**end, "content": 1}
            raise ValueError("no such file")
    ended = (await events(log, "r"))[2]
    names = ("event", "node_id", "order", "status", "error", "content")
    assert [ended[name] for name in names] == ["end_node", "a", 0, "error", "ValueError: no such file", 1]


async def test_a_node_that_ends_says_itself_how() -> None:
    log = MemoryLog()
    async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run, run.node("a") as told:
        told |= {"status": "error", "error": "no rows", "order": 7, "event": "x", "node_id": "b"}
    ended = (await events(log, "r"))[2]
    names = ("event", "node_id", "order", "status", "error")
    assert [ended[name] for name in names] == ["end_node", "a", 0, "error", "no rows"]


DEEP = json.loads("[" * 300 + "]" * 300)
WRONG: list[dict[str, Any]] = [
    {"variables": "x"},
    {"variables": {"deep": DEEP}},
    {"ts": "now"},
    {"event_id": 5},
    {"more": "x" * 2_000_000},
    {"one": "x" * 600_000, "two": "x" * 600_000},
]


@pytest.mark.parametrize("wrong", WRONG, ids=["a text", "too deep", "no time", "no id", "too large", "together"])
@pytest.mark.parametrize("fails", [False, True], ids=["done", "failed"])
async def test_a_node_ends_whatever_is_wrong_in_what_it_is_ended_with(wrong: dict[str, Any], fails: bool) -> None:
    """Its end says what could not be told; what is right is told; how it failed stays first, and is what is raised."""
    log = MemoryLog()
    with pytest.raises(ValueError if fails else Refused) as caught:
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run, run.node("a") as end:
            end |= {"content": 1, **wrong}
            if fails:
                raise ValueError("no such file")
    fault = caught.value.__notes__[0].removeprefix("The relay was not told: ") if fails else str(caught.value)
    ended = (await events(log, "r"))[2]
    assert [ended[name] for name in ("event", "node_id", "order", "status")] == ["end_node", "a", 0, "error"]
    first = ["ValueError: no such file"] if fails else []
    assert ended["error"].split("\n") == [*first, f"Not all that it ended with could be told: {fault}"]
    assert ended.get("content") == (None if "one" in wrong else 1)
    assert not {"variables", "more", "one"} & ended.keys()


async def test_a_node_that_ends_in_a_way_that_there_is_not_has_failed() -> None:
    log = MemoryLog()
    with pytest.raises(Refused, match="end_node: status"):
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run, run.node("a") as end:
            end |= {"status": "done", "error": "no rows", "variables": {"n": 1}}
    ended = (await events(log, "r"))[2]
    assert (ended["status"], ended["error"].split("\n")[0], ended["variables"]) == ("error", "no rows", {"n": 1})


async def test_a_run_whose_end_is_refused_ends_all_the_same() -> None:
    log = MemoryLog()
    with pytest.raises(Refused, match="run_end: status"):
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run:
            await run.end("done")  # type: ignore[arg-type]
    assert (await log.run("r"))["status"] == "error"


async def test_what_is_no_event_of_the_contract_is_refused_where_it_is_told() -> None:
    async with flowglow.run("f", feed=LogFeed(MemoryLog())) as run:
        with pytest.raises(Refused, match="end_node: status"):
            await run.emit("end_node", node_id="a", status="fine")
        with pytest.raises(ValueError, match="needs the `url`"):
            flowglow.run("f")


@pytest.mark.parametrize("run_id", ["what?", "a#b", "50%", "a%20b", "a b", "é", "100%25", "a;b&c=d"])
async def test_a_run_is_told_under_its_own_id(run_id: str) -> None:
    async with relaying(portal=PORTAL) as relay:
        async with asyncio.timeout(PATIENCE_S):
            async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id=run_id) as run:
                await run.log("a line")
        assert (await relay.log.run(run_id))["status"] == "success"
        assert len(await relay.log.runs(Query())) == 1


@pytest.mark.parametrize("run_id", ["nightly/1", ".", "..", "x" * 201, "a\n", "a\ud83d"])
def test_an_id_that_no_path_can_bear_is_refused_at_once(run_id: str) -> None:
    with pytest.raises(ValueError, match="can be no run's id"):
        flowglow.run("f", url="http://127.0.0.1:1", run_id=run_id)


async def test_what_fails_is_raised_though_the_relay_refuses_to_hear_of_it() -> None:
    """Also in a node, of which the end cannot be told either; what was refused is said beside it, once."""
    async with relaying(portal=PORTAL) as relay:
        with pytest.raises(ValueError, match="no such file") as caught:
            async with flowglow.run("f", url=f"http://{relay.address}", key="wrong") as run, run.node("a"):
                with pytest.raises(Refused):
                    await run.flush()
                raise ValueError("no such file")
        assert ["Authorization" in note for note in caught.value.__notes__] == [True]
        with pytest.raises(Refused, match="Authorization") as refused:
            async with flowglow.run("f", url=f"http://{relay.address}", key="wrong") as run:
                await run.flush()
        assert not hasattr(refused.value, "__notes__")


@pytest.mark.parametrize(
    "url", ["127.0.0.1:9", "http://[::1", "ws://h", "http:///x", "", "localhost:8001", "http://h:99999"]
)
def test_an_address_that_can_never_work_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"is no address of a relay: .* http://127\.0\.0\.1:8001"):
        flowglow.run("f", url=url)


async def test_a_key_that_was_forgotten_is_asked_for_in_words() -> None:
    async with relaying(portal=PORTAL) as relay, asyncio.timeout(PATIENCE_S):
        with pytest.raises(Refused, match="Authorization") as refused:
            async with flowglow.run("f", url=f"http://{relay.address}") as run:
                await run.flush()
        assert refused.value.status == 401


@pytest.mark.parametrize("key", ["schlüssel", "one\ntwo", "a\x00"])
def test_a_key_that_can_never_be_sent_is_said_at_once(key: str) -> None:
    """And is not told: it may be another secret."""
    with pytest.raises(ValueError, match=r"^key is sent as a header: it must be ASCII on one line"):
        flowglow.run("f", url="http://127.0.0.1:9", key=key)


async def test_a_relay_that_is_away_loses_nothing() -> None:
    """What is told meanwhile is kept, and sent in order once it is back; nothing comes twice."""
    log = MemoryLog()
    async with served(create_relay(log, PORTAL)) as address:
        run = flowglow.run("f", url=f"http://{address}", key="k", run_id="r")
        await run.__aenter__()
        await until_status(log, "r", "executing")
    for number in range(1_200):
        await run.say(str(number))
    while run.away is None:
        await asyncio.sleep(0.005)
    assert "cannot be reached" in run.away
    async with served(create_relay(log, PORTAL), port=int(address.rpartition(":")[2])):
        await run.__aexit__(None, None, None)
    told: list[dict[str, Any]] = []
    while len(told) < 1_202:
        told += [json.loads(each.text) for each in (await log.read("r", len(told) - 1)).entries]
    assert [event.get("content") for event in told[1:-1]] == [str(number) for number in range(1_200)]
    assert told[-1]["event"] == "run_end"


async def test_the_block_ends_though_the_relay_is_gone_and_no_more_can_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words that say how much was not taken, and why; beside what failed in it, and never in its place."""
    monkeypatch.setattr("flowglow.producer.run.FLUSH_S", 0.05)
    monkeypatch.setattr("flowglow.producer.outgoing.MAX_WAITING", 5)

    async def told(*, fails: bool) -> None:
        async with flowglow.run("f", url="http://127.0.0.1:9", run_id="r") as run, run.node("a") as end:
            for _ in range(2 if not fails else 3):
                await run.say("x")
            end["content"] = 1
            if fails:
                raise ValueError("no such file")

    untold = r"5 events and lines of the run r were not taken within .* reached"
    with pytest.raises(TimeoutError, match=untold):
        async with asyncio.timeout(PATIENCE_S):
            await told(fails=False)
    with pytest.raises(ValueError, match="no such file") as caught:
        async with asyncio.timeout(PATIENCE_S):
            await told(fails=True)
    assert [re.search(untold, note) is not None for note in caught.value.__notes__] == [True]


class Swapped(LogFeed):
    """A way to a log that comes back empty once it is swapped."""

    def swap(self, log: EventLog) -> None:
        self._log = log


async def test_a_run_that_the_log_lost_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log line makes it known again, and a stop is heard."""
    monkeypatch.setattr("flowglow.producer.wishes.AGAIN_S", 0.01)
    monkeypatch.setattr("flowglow.producer.feed.WAIT_S", 0.05)
    feed, new = Swapped(MemoryLog()), MemoryLog()
    async with flowglow.run("f", feed=feed, run_id="r") as run:
        await run.say("one")
        await run.flush()
        feed.swap(new)
        await run.log("a line")
        await run.flush()
        await run.say("two")
        await run.flush()
        assert (await new.run("r"))["flow_id"] == "f"
        last = MemoryLog()
        feed.swap(last)
        await until_status(last, "r", "queued")
        await last.order("r", {"stop": '{"type":"stop"}'})
        async with asyncio.timeout(PATIENCE_S):
            await run.stopped.wait()
    assert len((await new.read("r", stream="lines")).entries) == 1
    assert (await last.run("r"))["status"] == "success"


class Deaf(LogFeed):
    """A way to a log on which every other answer is lost."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(log)
        self.calls = 0

    async def events(self, run_id: str, drafts: Any) -> list[int]:
        seqs = await super().events(run_id, drafts)
        self._answer()
        return seqs

    async def lines(self, run_id: str, lines: Any) -> None:
        await super().lines(run_id, lines)
        self._answer()

    def _answer(self) -> None:
        self.calls += 1
        if self.calls % 2:
            raise Later("The answer was lost.")


async def test_an_answer_that_was_lost_makes_nothing_twice() -> None:
    log = MemoryLog()
    feed = Deaf(log)
    async with flowglow.run("f", feed=feed, run_id="r") as run:
        for number in range(5):
            await run.say(str(number))
            await run.log(str(number))
    assert [event.get("content") for event in (await events(log, "r"))[1:-1]] == list("01234")
    lines = (await log.read("r", stream="lines")).entries
    assert [json.loads(entry.text)["text"] for entry in lines] == list("01234")
    assert feed.calls >= 4


async def work(log: EventLog, steps: int, *, dies: bool) -> None:
    """A worker that tells a run from its beginning, and may be killed in the middle of it."""
    run = flowglow.run("f", feed=LogFeed(log), run_id="r", writer="worker")
    await run.__aenter__()
    for number in range(steps):
        await run.say(str(number))
    await run._outgoing.flush()
    if not dies:
        await run.__aexit__(None, None, None)
        return
    await run._wishes.close()
    await run._outgoing.close()


async def test_a_producer_that_is_killed_and_started_again_tells_nothing_twice() -> None:
    log = MemoryLog()
    await work(log, 7, dies=True)
    await work(log, 20, dies=False)
    assert [event.get("content") for event in (await events(log, "r"))[1:-1]] == [str(number) for number in range(20)]


async def test_two_producers_that_tell_the_same_run_tell_it_once() -> None:
    log = MemoryLog()
    await asyncio.gather(work(log, 20, dies=False), work(log, 20, dies=False))
    told = [event.get("content") for event in await events(log, "r")]
    assert sorted(each for each in told if each) == sorted(str(number) for number in range(20))


async def test_people_are_asked_and_answer() -> None:
    """The run waits, hears the answer, and tells what was answered."""
    async with relaying(portal=PORTAL) as relay, relay.client() as client:
        async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run:
            asking = asyncio.create_task(run.ask({"id": "q", "kind": "confirmation"}, node_id="a"))
            await until_status(relay.log, "r", "paused")
            answer = {"id": "q", "confirmed": True}
            body = {"requirements": [answer]}
            assert (await client.post("/api/runs/r/continue", json=body)).status_code == 202
            async with asyncio.timeout(PATIENCE_S):
                assert await asking == {"q": answer}
        resumed = next(event for event in await events(relay.log, "r") if event["event"] == "resume_start")
        assert (resumed["resolved"], resumed["answers"]) == (["q"], [answer])


async def test_a_stop_is_heard() -> None:
    """Also by a run that waits for people; it ends as killed, and so does its node."""
    async with relaying(portal=PORTAL) as relay, relay.client() as client:

        async def executing() -> None:
            async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run, run.node("a"):
                await run.ask({"id": "q", "kind": "confirmation"})

        task = asyncio.create_task(executing())
        await until_status(relay.log, "r", "paused")
        await client.post("/api/runs/r/stop")
        async with asyncio.timeout(PATIENCE_S):
            await task
        told = await events(relay.log, "r")
        assert [(event["event"], event["status"]) for event in told[-2:]] == [
            ("end_node", "killed"),
            ("run_end", "killed"),
        ]
        with pytest.raises(Stopped):
            stopped = Run(LogFeed(MemoryLog()), flowglow.run("f", feed=LogFeed(MemoryLog()))._new)
            stopped.stopped.set()
            stopped.check()


async def test_a_wrong_key_is_said_at_the_next_word() -> None:
    async with relaying(portal=PORTAL) as relay:
        with pytest.raises(Refused, match="Authorization"):
            async with flowglow.run("f", url=f"http://{relay.address}", key="wrong") as run:
                with pytest.raises(Refused, match="Authorization"):
                    await run.ask({"id": "q", "kind": "confirmation"})
