"""The guards of the relay, taken out: what the other tests see would go wrong without each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import Batch, Full, NewRun, News, Unavailable
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.log.sqlite_writing import WritableTables
from tests.flowglow.relay.support import NOW, relaying, said, text, words


async def test_without_ids_what_is_sent_again_is_there_twice() -> None:
    log = MemoryLog()
    for _ in range(2):
        await log.append("r", [text("a")])
    assert words(await log.read("r")) == ["a", "a"]


async def test_without_a_transaction_a_full_disk_leaves_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(self: WritableTables, works: Sequence[Callable[[WritableTables], Any]]) -> tuple[list[Any], list[News]]:
        return [work(self) for work in works], []

    monkeypatch.setattr(WritableTables, "transact", bare)
    log = await SqliteLog.opened(tmp_path / "log.db")
    await log.append("r", [said("run_start")])
    database = log._writer._db
    pages = await log._threads.write(lambda: database.execute("PRAGMA page_count").fetchone()[0])
    await log._threads.write(lambda: database.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall())
    with pytest.raises((Full, Unavailable)):
        await log.append("r", [text("x" * 3_000) for _ in range(20)])
    kept = await log._threads.write(lambda: database.execute("SELECT count(*) FROM entries").fetchone()[0])
    assert kept > 1 and (await log.read("r")).last == 0  # there are events that nobody knows of
    await log.close()


async def test_a_ticket_that_is_not_used_up_opens_every_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    async def redeem(self: MemoryLog, ticket: str) -> str | None:
        return self._tickets._tickets.get(ticket, (None, 0.0))[0]

    monkeypatch.setattr(MemoryLog, "redeem", redeem)
    log = MemoryLog()
    async with relaying(log) as one, relaying(log) as other:
        ticket = await one.ticket()
        for relay in (one, other):
            async with relay.page("flowglow.1", ticket) as page:
                assert (await page.next())["type"] == "hello"


async def test_orders_that_are_not_kept_by_key_contradict_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def order(self: MemoryLog, run_id: str, orders: Mapping[str, str]) -> None:
        stream = self._runs[run_id].streams["orders"]
        self._tell(Batch(run_id, "orders", [stream.add(each) for each in orders.values()]))

    monkeypatch.setattr(MemoryLog, "order", order)
    log = MemoryLog()
    await log.open(NewRun("r", "f", NOW))
    await log.order("r", {"q": '{"yes":true}'})
    await log.order("r", {"q": '{"no":true}'})
    assert len((await log.read("r", stream="orders")).entries) == 2
