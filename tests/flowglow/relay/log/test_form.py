"""In which form a log is kept: of two versions that keep it otherwise, one leaves it alone and says so."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest

from flowglow.relay.log.port import FORM, EventLog, NewRun, OtherForm, Query
from flowglow.relay.log.redis import RedisLog
from flowglow.relay.log.sqlite import SqliteLog
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.support import NOW, Opened, redis_logs, relaying, said, text, words


async def form_of(log: EventLog) -> int:
    """What the log says of its form; 0 where it says nothing."""
    if isinstance(log, RedisLog):
        return int(await log._redis.get("flowglow:form") or 0)
    assert isinstance(log, SqliteLog)
    with closing(sqlite3.connect(log._path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


async def put(log: EventLog, form: int) -> None:
    """As another version does."""
    if isinstance(log, RedisLog):
        await (log._redis.set("flowglow:form", form) if form else log._redis.delete("flowglow:form"))
        return
    assert isinstance(log, SqliteLog)
    with closing(sqlite3.connect(log._path)) as file:
        file.execute(f"PRAGMA user_version = {form}")


async def test_what_another_version_keeps_in_its_own_form_is_left_alone(shared: Opened) -> None:
    """Under way and at a start; nothing of it is written, and both forms are named."""
    async with shared("one") as log:
        await log.append("r", [said("run_start", flow_id="f"), text("a")])
        assert await form_of(log) == FORM
        await put(log, FORM + 1)
        calls = [
            lambda: log.append("r", [text("b")]),
            lambda: log.append("new", [text("b", run_id="new")]),
            lambda: log.open(NewRun("other", "f", NOW)),
            lambda: log.write("r", ['{"text":"a"}']),
            lambda: log.order("r", {"q": "1"}),
            log.instance,
        ]
        for call in calls:
            with pytest.raises(OtherForm, match=f"form {FORM + 1}, .* form {FORM}"):
                await call()
        with pytest.raises(OtherForm):
            async with shared("one"):
                pass
        await put(log, FORM)
        assert [each["run_id"] for each in await log.runs(Query())] == ["r"]
        assert words(await log.read("r", 0)) == ["a"]


async def test_a_log_of_before_there_were_forms_is_taken_as_it_is(shared: Opened) -> None:
    async with shared("one") as log:
        await log.append("r", [text("a")])
        await put(log, 0)
    async with shared("one") as log:
        assert await log.append("r", [text("b")]) == [1]


async def test_a_redis_that_lost_its_word_alone_has_another(redis: RedisServer) -> None:
    async with redis_logs(redis)("one") as log:
        before = await log.instance()
        redis.ask("DEL", "flowglow:instance")
        assert await log.instance() not in (before, "None")


async def test_a_relay_whose_log_is_kept_by_another_version_says_so(shared: Opened) -> None:
    async with shared("one", clock=time.time) as log, relaying(log) as relay, relay.client() as client:
        assert (await client.get("/healthz")).status_code == 200
        await put(log, FORM + 1)
        told = await client.get("/healthz")
        assert told.status_code == 503 and f"form {FORM + 1}" in told.json()["reason"]
