"""What a relay and its producers do when Redis is away, and when it comes back."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

import flowglow
from e2e.fault_proxy import FaultProxy
from flowglow.producer.outgoing import Outgoing
from flowglow.relay import hub, tickets
from flowglow.relay.log import redis as redis_log
from flowglow.relay.log import redis_follower, redis_tickets
from flowglow.relay.log.port import Appeared, Full, NewRun, Query, Retention, Unavailable, UnknownRun
from flowglow.relay.log.redis import RedisLog
from flowglow.relay.log.redis_keys import STARTS, id_of, run_key
from flowglow.relay.portal import Portal
from flowglow.relay.settings import DEFAULT
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.support import NOW, heard, relaying, said, text
from tests.flowglow.relay.test_socket import greeted, wrote
from tests.flowglow.serving import PATIENCE_S, SocketPage

PORTAL = Portal(keys=("k",))


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis with an append-only file."""
    server = RedisServer(tmp_path / "redis", keeps=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that says nothing is given up sooner."""
    monkeypatch.setattr(redis_log, "ANSWER_S", 0.5)
    monkeypatch.setattr("flowglow.relay.log.redis_follower.WAIT_MS", 200)


async def every_word(page: SocketPage, run_id: str) -> list[int]:
    """The numbers of all events of the run, to its end."""
    taken = await page.until(run_id=run_id, event="run_end")
    return [each["seq"] for each in taken if each.get("run_id") == run_id and "seq" in each]


async def taken_from(page: SocketPage, run_id: str) -> list[int]:
    """The same, where something in it is not of the contract: every frame is JSON all the same."""
    taken: list[dict[str, object]] = []
    while not any(each.get("event") == "run_end" for each in taken):
        async with asyncio.timeout(10.0):
            frame = json.loads(await page.socket.recv())
        taken += [each for each in (frame if isinstance(frame, list) else [frame]) if each.get("run_id") == run_id]
    return [int(str(each["seq"])) for each in taken if "seq" in each]


async def test_redis_is_restarted_in_the_middle_of_a_run(keeping: RedisServer) -> None:
    """It has everything again; the socket stays, the producer keeps what it cannot send, nothing is lost or twice."""
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relay.page() as page:
        await greeted(page, "f")
        async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run:
            await run.say("before")
            assert [each["seq"] for each in await page.until(content="before")] == [0, 1]
            await run.flush()
            keeping.stop()
            await run.say("meanwhile")
            while run.away is None:
                await asyncio.sleep(0.01)
            keeping.start()
        assert await every_word(page, "r") == [2, 3]
        assert page.socket.close_code is None
    await log.close()


async def test_redis_is_away_for_a_while(keeping: RedisServer) -> None:
    """Whoever asks is told in words, within bounds; when it goes on, so does all the rest."""
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relay.page() as page, relay.client() as client:
        await greeted(page, "f")
        async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run:
            await page.until(event="run_start")
            keeping.pause()
            answer = await client.get("/api/runs")
            assert answer.status_code == 503 and "Redis cannot be reached" in answer.json()["error"]["message"]
            assert (await client.get("/healthz")).status_code == 503
            for number in range(30):
                await run.say(str(number))
            async with asyncio.timeout(30):
                while run.away is None:
                    await asyncio.sleep(0.01)
            keeping.go_on()
        assert await every_word(page, "r") == list(range(1, 32))
        async with asyncio.timeout(30):
            while (await client.get("/healthz")).json()["status"] != "ok":  # a sweep may have met the pause
                await asyncio.sleep(0.01)
    await log.close()


async def test_a_redis_that_lost_everything_is_another_one(tmp_path: Path) -> None:
    """Numbers begin again: pages are told to come back, and hear of another instance."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    log = await RedisLog.opened(server.url)
    async with relaying(log, PORTAL) as relay:
        async with relay.page() as page:
            before = (await greeted(page, "f"))["instance"]
            await wrote(log, "r", 2, end=False)
            await page.until(seq=2)
            server.stop()
            server.start()
            with pytest.raises(ConnectionClosed):
                await page.until(never=1)
            assert page.socket.close_code == 1012
        async with relay.page() as page:
            assert (await page.next())["instance"] not in ("", before)
            await page.send({"type": "resume", "runs": {"r": 2}})
            assert (await page.next())["complete"] is False
    await log.close()
    server.stop()


@pytest.mark.parametrize("more", [0, 9])
async def test_a_redis_that_comes_back_without_its_last_moments_is_another_one(
    keeping: RedisServer, tmp_path: Path, more: int
) -> None:
    """As a replica that takes the place of the first one, and may be further by the time it is looked at. All relays
    hear of it."""
    log, other = await RedisLog.opened(keeping.url), await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relaying(other, PORTAL) as idle:
        async with relay.page() as page:
            before = (await greeted(page, "f"))["instance"]
            await wrote(log, "r", 3, end=False)
            await page.until(seq=3)
            shutil.copytree(tmp_path / "redis", tmp_path / "replica")
            await log.append("r", [text("lost") for _ in range(4)])
            await page.until(seq=7)
            keeping.stop()
            shutil.rmtree(tmp_path / "redis")
            shutil.move(tmp_path / "replica", tmp_path / "redis")
            keeping.start()
            for seq in range(4, 4 + more):
                keeping.ask("XADD", run_key("r", "events"), id_of(seq), "e", text(f"again {seq}").body)
            with pytest.raises(ConnectionClosed):
                await page.until(never=1)
            assert page.socket.close_code == 1012
        async with relay.page() as page, idle.page() as late:
            told = {(await each.next())["instance"] for each in (page, late)}
            assert len(told) == 1 and before not in told
    for each in (log, other):
        await each.close()


@pytest.mark.parametrize("what", ["an event", "an answer", "an event, told again"])
async def test_a_redis_that_lacks_what_nobody_watched_is_another_one(
    keeping: RedisServer, tmp_path: Path, what: str
) -> None:
    """For who comes back behind it with what is lost: the relay that took it in is still there. Though as much, or
    more, is told anew by then, it is noticed before anybody is greeted."""
    log, other = await RedisLog.opened(keeping.url), await RedisLog.opened(keeping.url)
    pause = said("AgentPaused", "asks", requirements=[{"id": "q", "kind": "confirmation"}])
    async with relaying(log, PORTAL) as relay:
        before = await other.instance()
        await log.append("r", [said("run_start", flow_id="f"), pause])
        shutil.copytree(tmp_path / "redis", tmp_path / "replica")
        if what == "an answer":
            await log.order("r", {"q": "{}"})
        else:
            await log.append("r", [text("lost", "lost")])
        keeping.stop()
        shutil.rmtree(tmp_path / "redis")
        shutil.move(tmp_path / "replica", tmp_path / "redis")
        keeping.start()
        if what == "an event, told again":
            await log.append("r", [text("another")])
            await log.append("r", [text("lost", "lost")])
        async with relay.page() as page:
            known = (await page.next())["instance"]
            assert before != known == await other.instance()
        keeping.stop()
        keeping.start()
        await log.append("r", [text("nothing was lost")])
        await other.append("r", [text("here neither")])
        assert known == await log.instance() == await other.instance()
    for each in (log, other):
        await each.close()


async def test_a_redis_without_room_is_another_one_when_it_has_to_be(keeping: RedisServer) -> None:
    log = await RedisLog.opened(keeping.url)
    before = await log.instance()
    keeping.ask("CONFIG", "SET", "maxmemory", "1")
    assert await log.renew(before) == await log.instance() != before
    await log.close()


async def test_a_follower_whose_connection_was_cut_while_it_did_not_read_says_so(keeping: RedisServer) -> None:
    """Another Redis may be behind the next one: it is looked at before it is followed."""
    log = await RedisLog.opened(keeping.url)
    follower = await log.follow()
    assert await follower.next() == []
    keeping.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await asyncio.sleep(0.1)  # it is known to be cut before anything is asked over it
    with pytest.raises(Unavailable):
        await follower.next()
    assert await follower.next() == []
    await follower.close()
    await log.close()


async def test_a_redis_that_became_a_replica_is_left(keeping: RedisServer, tmp_path: Path) -> None:
    """What leads to the primary leads elsewhere from then on, and cuts no connection that it has."""
    other = RedisServer(tmp_path / "other")
    other.start()
    proxy = FaultProxy(keeping.port)
    proxy.start()
    log = await RedisLog.opened(f"redis://127.0.0.1:{proxy.port}/0")
    try:
        await log.append("r", [text("x")])
        other.ask("REPLICAOF", "127.0.0.1", str(keeping.port))
        while b"master_link_status:up" not in other.ask("INFO", "replication"):
            await asyncio.sleep(0.05)
        other.ask("REPLICAOF", "NO", "ONE")
        keeping.ask("REPLICAOF", "127.0.0.1", str(other.port))
        with pytest.raises(Unavailable, match="read only replica"):
            await log.append("r", [text("y")])
        proxy.lead_to(other.port)
        assert await log.append("r", [text("y")]) == [1]
        assert int(other.ask("XLEN", run_key("r", "events"))[1:]) == 2
    finally:
        await log.close()
        proxy.stop()
        other.stop()


async def test_a_follower_that_waits_holds_up_no_other(keeping: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As runs do that are told in the relay's own process, and wait for what is wanted of them."""
    monkeypatch.setattr(redis_follower, "WAIT_MS", 30_000)
    monkeypatch.setattr(redis_log, "ANSWER_S", 60.0)
    log = await RedisLog.opened(keeping.url)
    await log.append("r", [text("known to both")])
    idle, busy = await log.follow(), await log.follow()
    waiting = asyncio.ensure_future(idle.next())
    await asyncio.sleep(0.1)
    async with asyncio.timeout(10.0):
        busy.watch("r", 0)
        await log.append("r", [text("x")])
        assert len(await heard(busy, 1)) == 1
        await idle.close()
        await waiting
    await busy.close()
    await log.close()


async def test_whoever_comes_right_behind_a_loss_is_greeted_with_the_new_instance(
    keeping: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the relay looks by itself only now and then. Who was there is told to come back, all goes on at once."""
    monkeypatch.setattr(redis_log, "ANSWER_S", 60.0)
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relay.page() as before:
        known = (await greeted(before, "f"))["instance"]
        monkeypatch.setattr(hub, "CHECK_S", 3_600.0)
        monkeypatch.setattr(redis_follower, "WAIT_MS", 50_000)
        await wrote(log, "r", 2, end=False)
        await before.until(seq=2)
        keeping.ask("FLUSHALL")
        await wrote(log, "s", 1, "g", end=False)
        async with relay.page() as page, relay.page() as other:
            told = {(await greeted(each, "g"))["instance"] for each in (page, other)}
            assert len(told) == 1 and known not in told
            with pytest.raises(ConnectionClosed):
                await before.until(never=1)
            await log.append("s", [said("run_end", run_id="s")])
            async with asyncio.timeout(10.0):
                assert await every_word(page, "s") == await every_word(other, "s") == [2]
    await log.close()


async def test_a_redis_without_room_says_so_and_takes_nothing(keeping: RedisServer) -> None:
    log = await RedisLog.opened(keeping.url)
    await log.append("r", [said("run_start", flow_id="f")])
    keeping.ask("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(Full, match="no room"):
        await log.append("r", [text("x", "1")])
    keeping.ask("CONFIG", "SET", "maxmemory", "0")
    assert await log.append("r", [text("x", "1")]) == [1]
    await log.close()


async def test_a_redis_that_is_nearly_full_takes_a_run_with_its_first_events_or_not(
    keeping: RedisServer,
) -> None:
    """However little room is left: no run is known of which nothing was taken."""
    log = await RedisLog.opened(keeping.url)
    await log.append("r", [text("x")])
    memory = keeping.ask("INFO", "memory").decode()
    used, refused = int(re.findall(r"used_memory:(\d+)", memory)[0]), 0
    for room in range(-100_000, 1_000_000, 2_000):  # some of that it uses for the answer to INFO
        run_id = f"r{room}"
        keeping.ask("CONFIG", "SET", "maxmemory", str(used + room))
        try:
            await log.append(run_id, [text("y" * 1_000, run_id=run_id)])
            break
        except Full:
            refused += 1
        keeping.ask("CONFIG", "SET", "maxmemory", "0")
        with pytest.raises(UnknownRun):
            await log.run(run_id)
    assert refused and (await log.run(run_id))["last_seq"] == 0
    assert [each["run_id"] for each in await log.runs(Query())] == [run_id, "r"]
    await log.close()


async def test_what_a_redis_without_room_has_can_be_read_and_watched(keeping: RedisServer) -> None:
    """Also what was not summed up yet; with nothing known of its scripts, and by a relay that comes new."""
    log = await RedisLog.opened(keeping.url)
    await log.append("r", [said("run_start", flow_id="f"), text("x")])
    raw = said("start_node", "raw", node_id="a", order=0)
    keeping.ask("XADD", run_key("r", "events"), id_of(2), "e", raw.body, "i", "raw")
    keeping.ask("SCRIPT", "FLUSH")
    keeping.ask("CONFIG", "SET", "maxmemory", "1")
    other = await RedisLog.opened(keeping.url)
    async with relaying(other, PORTAL) as relay, relay.client() as client:
        assert (await client.get("/healthz")).status_code == 200
        for path in ("/api/runs", "/api/runs/r", "/api/runs/r/events", "/api/runs/r/logs"):
            assert (await client.get(path)).status_code == 200, path
        run = (await client.get("/api/runs/r")).json()
        assert (run["last_seq"], run["results"]["a"]["status"]) == (2, "executing")
        assert (await client.get("/api/runs")).json()[0]["last_seq"] == 2
        async with relay.page() as page:
            await page.send({"type": "resume", "runs": {"r": 0}})
            await page.until(run_id="r", seq=2)
    await other.close()
    keeping.ask("CONFIG", "SET", "maxmemory", "0")
    assert await log.append("r", [text("y")]) == [3]
    await log.close()


async def test_who_watches_a_redis_without_room_is_let_in(
    keeping: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a ticket of any relay, good once. There is room for so many of them, and none for an event."""
    log, other = await RedisLog.opened(keeping.url), await RedisLog.opened(keeping.url)
    await log.append("r", [said("run_start", flow_id="f")])
    keeping.ask("CONFIG", "SET", "maxmemory", "1")
    settings = replace(DEFAULT, need_ticket=True)
    async with relaying(log, PORTAL, settings) as here, relaying(other, PORTAL, settings) as there:
        ticket = await here.ticket()
        async with there.page("flowglow.1", ticket) as page:
            await greeted(page, "f")
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(run_id="r", seq=0)
        assert await here.closed("flowglow.1", ticket) == 4401
        with pytest.raises(Full):
            await log.append("r", [text("x")])
        monkeypatch.setattr(redis_tickets, "SPARE_BYTES", 1_000)
        async with here.client() as client:
            codes = [(await client.post("/api/tickets")).status_code for _ in range(10)]
        assert codes == [200] * 4 + [507] * 6
        keeping.ask("CONFIG", "SET", "maxmemory", "0")
        async with there.page("flowglow.1", await here.ticket()) as page:
            await greeted(page, "f")
    for each in (log, other):
        await each.close()


async def test_who_watches_a_redis_that_cannot_write_its_disk_is_let_in(keeping: RedisServer, tmp_path: Path) -> None:
    """By the relay that gave the ticket, which holds it; another one does not say that it is bad. Whoever operates it
    hears that events are refused, until they are not."""
    log, other = await RedisLog.opened(keeping.url), await RedisLog.opened(keeping.url)
    await log.append("r", [said("run_start", flow_id="f")])
    shutil.rmtree(tmp_path / "redis")
    keeping.ask("CONFIG", "SET", "save", "3600 1")
    keeping.ask("BGSAVE")
    async with asyncio.timeout(PATIENCE_S):
        while b"MISCONF" not in keeping.ask("SET", "x", "1"):
            await asyncio.sleep(0.01)
    settings = replace(DEFAULT, need_ticket=True)
    async with relaying(log, PORTAL, settings) as here, relaying(other, PORTAL, settings) as there:
        ticket = await here.ticket()
        assert await there.closed("flowglow.1", ticket) == 1013
        async with here.page("flowglow.1", ticket) as page, here.client(authorization="Bearer k") as client:
            await greeted(page, "f")
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(run_id="r", seq=0)
            for status, health in ((507, "degraded"), (200, "ok")):
                answer = await client.post("/ingest/runs/r/events", json={"event": "run_end"})
                assert answer.status_code == status
                told = (await client.get("/healthz")).json()
                assert told["status"] == health and ("MISCONF" in told.get("reason", "")) == (health == "degraded")
                keeping.ask("CONFIG", "SET", "save", "")
            await page.until(run_id="r", event="run_end")
        assert await here.closed("flowglow.1", ticket) == 4401
    for each in (log, other):
        await each.close()


@pytest.mark.parametrize("ahead_s", [3_600, -3_600])
async def test_a_ticket_is_good_on_a_machine_with_another_clock(
    keeping: RedisServer, monkeypatch: pytest.MonkeyPatch, ahead_s: int
) -> None:
    """How long it is good is for Redis to say, and not for the clocks of two machines. Void, it is void everywhere."""
    log, clock = await RedisLog.opened(keeping.url), time.time
    async with relaying(log, PORTAL, replace(DEFAULT, need_ticket=True)) as relay:
        good, void = await relay.ticket(), await relay.ticket()
        monkeypatch.setattr(time, "time", lambda: clock() + ahead_s)
        async with relay.page("flowglow.1", good) as page:
            await greeted(page, "f")
        for key in await log._redis.keys("flowglow:entry:*"):
            assert 0 < await log._redis.pttl(key) <= tickets.EXPIRES_S * 1000
            keeping.ask("PEXPIRE", key, "1")
        await asyncio.sleep(0.01)
        assert await relay.closed("flowglow.1", void) == 4401
    await log.close()


@pytest.mark.parametrize("wrong_s", [-40 * 86_400, 40 * 86_400])
async def test_a_relay_whose_clock_is_wrong_costs_no_run(
    keeping: RedisServer, monkeypatch: pytest.MonkeyPatch, wrong_s: int
) -> None:
    """By more than runs are kept: what it takes in is not old for the others, nor theirs for it."""
    clock = time.time
    right = await RedisLog.opened(keeping.url)
    await right.append("theirs", [text("a", run_id="theirs")])
    with monkeypatch.context() as there:
        there.setattr(time, "time", lambda: clock() + wrong_s)
        wrong = await RedisLog.opened(keeping.url)
        await wrong.append("its", [text("a", run_id="its")])
        assert await wrong.sweep(wrong.now()) == []
        await wrong.close()
    assert await right.sweep(right.now()) == []
    assert {run["run_id"] for run in await right.runs(Query())} == {"theirs", "its"}
    await right.close()


async def test_a_run_that_speaks_again_is_told_of_though_clocks_differ(keeping: RedisServer) -> None:
    """Half a minute after it did over a relay whose clock is an hour ahead: Redis alone says what is later."""
    ahead = await RedisLog.opened(keeping.url, clock=lambda: time.time() + 3_600)
    other = await RedisLog.opened(keeping.url)
    await ahead.append("r", [said("run_start", flow_id="f"), said("run_end", status="success")])
    for log in (ahead, other):
        follower = await log.follow()
        await log.append("r", [text("late")])
        assert await follower.next() == [Appeared("r", "f", late=True)]
        await follower.close()
        await log._redis.hincrbyfloat(run_key("r", "run"), "late_at", -31)
    for log in (ahead, other):
        await log.close()


async def test_a_redis_that_knows_no_script_beyond_its_room_is_full(keeping: RedisServer) -> None:
    """As one before 7 is: it cannot read the script."""
    log = await RedisLog.opened(keeping.url)
    keeping.ask("CONFIG", "SET", "maxmemory", "1")
    log._tickets._issue_spare.script = "#!lua flags=unheard-of"
    log._tickets._issue_spare.sha = "0" * 40
    with pytest.raises(Full, match="no room"):
        await log.issue("t", "anna", 30)
    await log.close()


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-random", "volatile-lru", "noeviction"])
async def test_a_redis_that_throws_away_what_it_was_given_is_none(keeping: RedisServer, policy: str) -> None:
    """It says so before anything is lost; one without a bound, or that keeps its policy to itself, is taken."""
    keeping.ask("CONFIG", "SET", "maxmemory-policy", policy)
    await (await RedisLog.opened(keeping.url)).close()
    keeping.ask("CONFIG", "SET", "maxmemory", "1000000000")
    if policy.startswith("allkeys"):
        with pytest.raises(Unavailable, match=f"throws away .*{policy}.* noeviction"):
            await RedisLog.opened(keeping.url)
        keeping.ask("ACL", "SETUSER", "default", "-info")
    await (await RedisLog.opened(keeping.url)).close()


async def test_a_read_costs_more_where_more_is_watched(keeping: RedisServer) -> None:
    log = await RedisLog.opened(keeping.url)
    follower = await log.follow()
    costs = []
    for count in (0, 1_000, 2_000):
        for number in range(count):
            follower.watch(f"r{number}", -1)
        costs.append(follower.reading_s)
    assert costs[0] == 0.0 and costs[2] == pytest.approx(2 * costs[1]) and costs[1] > 0.001
    await follower.close()
    await log.close()


async def test_a_node_of_a_cluster_is_refused_in_words(tmp_path: Path) -> None:
    beside = RedisServer(tmp_path).port  # else it is 10,000 above its own, where there may be none
    server = RedisServer(tmp_path / "redis", "--cluster-enabled", "yes", "--cluster-port", str(beside))
    server.start()
    try:
        server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        with pytest.raises(Unavailable, match=r"Redis Cluster.* docs/scaling.md"):
            await RedisLog.opened(server.url)
    finally:
        server.stop()


async def test_there_is_no_redis(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        await RedisLog.opened(RedisServer(tmp_path).url)
    with pytest.raises(Unavailable, match="no address of a Redis"):
        await RedisLog.opened("redis://host:port/0")


async def test_a_producer_that_writes_into_redis_itself(keeping: RedisServer) -> None:
    """By two plain commands, as docs/scaling.md has them: it is numbered, told, listed and summed up."""
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relay.page() as page, relay.client() as client:
        await greeted(page, "f")
        for seq, event in enumerate(({"event": "run_start", "flow_id": "f"}, {"event": "run_end"})):
            body = json.dumps({"run_id": "raw", "event_id": f"raw-{seq}", "ts": 5.0, **event})
            keeping.ask("XADD", run_key("raw", "events"), id_of(seq), "e", body, "i", f"raw-{seq}")
        keeping.ask("XADD", STARTS, "*", "run", "raw", "flow", "f")
        assert await every_word(page, "raw") == [0, 1]
        run = (await client.get("/api/runs/raw")).json()
        assert (run["status"], run["flow_id"], run["last_seq"]) == ("success", "f", 1)
        assert [each["run_id"] for each in (await client.get("/api/runs")).json()] == ["raw"]
        keeping.ask("XADD", run_key("raw", "events"), id_of(2), "e", body, "i", "raw-2")
        assert await log.append("raw", [text("x", run_id="raw")]) == [3]
        assert (await log.run("raw"))["last_seq"] == 3
    await log.close()


BAD = (
    '{"event":"start_node","run_id":"raw","event_id":"b","ts":5}',  # no node_id
    '{"event":"RunContent","run_id":',
    "{}",
    "[]",
    '{"event":"RunContent","run_id":"another","content":"x"}',
    '{"event":"Custom","run_id":"raw","ts":"soon"}',
    '{"event":"Custom","run_id":"raw","n":NaN}',
)


@pytest.mark.parametrize("bad", BAD)
async def test_one_bad_entry_in_redis_harms_nothing_else(keeping: RedisServer, bad: str) -> None:
    """It uses up its number; the run goes on, and so does everybody else. Room around JSON is nothing bad."""
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay, relay.page() as page, relay.client() as client:
        await greeted(page, "f")
        await log.append("good", [said("run_start", run_id="good", flow_id="f")])
        start = '\n {"event":"run_start","run_id":"raw","flow_id":"f","seq":9} '
        for seq, entry in enumerate((start, bad, '{"event":"run_end","run_id":"raw"}\n')):
            keeping.ask("XADD", run_key("raw", "events"), id_of(seq), "e", entry, "i", f"raw-{seq}")
        keeping.ask("XADD", STARTS, "*", "run", "raw", "flow", "f")
        assert await taken_from(page, "raw") == [0, 1, 2]
        runs = (await client.get("/api/runs")).json()
        assert {run["run_id"]: (run["status"], run["last_seq"]) for run in runs} == {
            "raw": ("success", 2),
            "good": ("executing", 0),
        }
        told = [json.loads(line) for line in (await client.get("/api/runs/raw/events")).text.splitlines()]
        assert [(each["run_id"], each["seq"]) for each in told] == [("raw", 0), ("raw", 1), ("raw", 2)]
        assert await log.append("raw", [text("x", run_id="raw")]) == [3]
        async with relay.page() as later:
            await greeted(later, "other")
            await log.append("good", [said("run_end", run_id="good")])
            assert await every_word(page, "good") == [1]
    await log.close()


async def test_the_first_entry_of_a_run_is_bad(keeping: RedisServer) -> None:
    log = await RedisLog.opened(keeping.url)
    keeping.ask("XADD", run_key("raw", "events"), id_of(0), "what", "is this")
    keeping.ask("XADD", STARTS, "*", "run", "raw", "flow", "f")
    assert [run["status"] for run in await log.runs(Query())] == ["queued"]
    await log.close()


async def test_what_a_producer_wrote_into_redis_is_listed_unasked_and_kept_while_it_goes_on(
    keeping: RedisServer,
) -> None:
    """Also by a relay that was not up then; its age is counted from when it was seen."""
    moment = NOW
    keeping.ask("XADD", run_key("raw", "events"), id_of(0), "e", '{"event":"run_start","run_id":"raw"}')
    keeping.ask("XADD", STARTS, "*", "run", "raw", "flow", "")
    log = await RedisLog.opened(keeping.url, Retention(age_s=100), lambda: moment)
    assert [run["run_id"] for run in await log.runs(Query(statuses=frozenset({"executing"})))] == ["raw"]
    moment = NOW + 90
    assert await log.sweep(moment) == []
    keeping.ask("XADD", run_key("raw", "events"), id_of(1), "e", '{"event":"RunContent","run_id":"raw","content":"x"}')
    moment = NOW + 150
    assert await log.sweep(moment) == []
    assert (await log.run("raw"))["last_seq"] == 1
    moment = NOW + 300
    assert await log.sweep(moment) == ["raw"]
    assert await log.runs(Query()) == []
    await log.close()


async def test_without_patience_events_would_be_lost(keeping: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a producer that sends once, and no more, loses what it told while Redis was away."""

    async def once(self: Outgoing, ask: object) -> object:
        try:
            return await ask()  # type: ignore[operator]
        except Exception:
            self.away = "given up"
            return [], 0

    monkeypatch.setattr(Outgoing, "insist", once)
    log = await RedisLog.opened(keeping.url)
    async with relaying(log, PORTAL) as relay:
        async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run:
            await run._outgoing.flush()
            keeping.stop()
            await run.say("lost")
            await run._outgoing.flush()
            keeping.start()
        texts = [json.loads(entry.text) for entry in (await log.read("r")).entries]
        assert "lost" not in [event.get("content") for event in texts]
    await log.close()


async def test_a_run_that_was_taken_in_without_an_answer_is_told_of(keeping: RedisServer) -> None:
    """The answer to its opening is lost on the way: whoever tries again hears that it is known."""
    port = int(keeping.url.rsplit(":", 1)[1].split("/")[0])
    proxy = FaultProxy(port)
    proxy.start()
    log = await RedisLog.opened(keeping.url)
    far = await RedisLog.opened(keeping.url.replace(str(port), str(proxy.port)))
    async with relaying(log) as relay, relay.page() as page:
        await greeted(page, "f")
        await far.open(NewRun("before", "f", NOW))
        proxy.faults.lose_answers = True
        with pytest.raises(Unavailable):
            await far.open(NewRun("r", "f", NOW))
        proxy.faults.lose_answers = False
        assert not await far.open(NewRun("r", "f", NOW))
        await far.append("r", [text("a")])
        await page.until(run_id="r", content="a")
    await far.close()
    await log.close()
    proxy.stop()


async def test_a_run_whose_redis_is_emptied_under_way_goes_on_under_its_flow(keeping: RedisServer) -> None:
    """Whoever tells it says again where it belongs, and who watches the flow is told of what is left."""
    log = await RedisLog.opened(keeping.url)
    async with (
        relaying(log, PORTAL) as relay,
        flowglow.run("f", run_id="r", url=f"http://{relay.address}", key="k") as run,
    ):
        await run.say("before")
        await run.flush()
        keeping.ask("FLUSHALL")
        await run.say("after")
        await run.flush()
        assert (await log.run("r"))["flow_id"] == "f"
        assert [each["run_id"] for each in await log.runs(Query("f"))] == ["r"]
        async with relay.page() as page:
            await greeted(page, "f")
            await run.say("on")
            await page.until(run_id="r", content="on")
    await log.close()
