"""What only a file can do: be full, be no database, be read while it is written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from flowglow.relay.log.port import Appeared, Batch, Follower, Full, NewRun, News, Retention, Unavailable
from flowglow.relay.log.sqlite import SqliteLog
from tests.flowglow.relay.support import NOW, said, sqlite_logs, text, words


async def _limit(log: SqliteLog, pages: int) -> None:
    await log._threads.write(lambda: log._writer._db.execute(f"PRAGMA max_page_count = {pages}").fetchall())


async def _pages(log: SqliteLog) -> int:
    return int(await log._threads.write(lambda: log._writer._db.execute("PRAGMA page_count").fetchone()[0]))


async def _rows(log: SqliteLog, table: str) -> int:
    return int(await log._read(lambda tables: tables._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]))


async def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    """Neither events nor what the run amounts to; with room again it goes on with the next number."""
    log = await SqliteLog.opened(tmp_path / "log.db")
    await log.append("r", [said("run_start", flow_id="f"), said("start_node", node_id="a", order=0)])
    before = await log.run("r")
    await _limit(log, await _pages(log) + 4)
    long = [text("x" * 10_000) for _ in range(20)]
    ended = said("end_node", "end", node_id="a", order=0, status="success")
    with pytest.raises(Full, match=r"log\.db is full: nothing was written"):
        await log.append("r", [ended, *long])
    assert await log.run("r") == before
    assert (await log.read("r")).last == 1
    await _limit(log, 100_000)
    assert await log.append("r", [ended]) == [2]
    assert (await log.run("r"))["results"]["a"]["status"] == "success"
    await log.close()


async def test_what_is_refused_takes_nothing_else_with_it(tmp_path: Path) -> None:
    """Calls that share a transaction fail alone."""
    log = await SqliteLog.opened(tmp_path / "log.db")
    await log.open(NewRun("r", "f", NOW))
    outcomes = await asyncio.gather(
        log.append("r", [text("a")]), log.write("none", ["{}"]), log.append("r", [text("b")]), return_exceptions=True
    )
    assert [outcomes[0], outcomes[2]] == [[0], [1]]
    assert isinstance(outcomes[1], Exception)
    assert words(await log.read("r")) == ["a", "b"]
    await log.close()


async def test_what_there_is_no_room_for_takes_nothing_else_with_it(tmp_path: Path) -> None:
    """What is small enough for what is left goes in, though both came at once."""
    log = await SqliteLog.opened(tmp_path / "log.db")
    await log.append("r", [said("run_start", flow_id="f")])
    await _limit(log, await _pages(log) + 4)
    large, small = await asyncio.gather(
        log.append("r", [text("x" * 10_000) for _ in range(20)]), log.append("r", [text("a")]), return_exceptions=True
    )
    assert isinstance(large, Full) and small == [1]
    assert words(await log.read("r", 0)) == ["a"]
    await log.close()


async def test_what_a_run_leaves_behind_is_taken_away_piece_by_piece(tmp_path: Path) -> None:
    """All of it, though others write meanwhile; and what was left when its process ended."""
    moment = NOW
    async with sqlite_logs(tmp_path)("log", Retention(age_s=1), lambda: moment) as log:
        assert isinstance(log, SqliteLog)
        for number in range(3):
            await log.append("r", [text("x" * 900_000), *(text("x", f"{number} {each}") for each in range(400))])
        await log.append("r", [said("end_node", node_id=f"n{each}", status="success") for each in range(700)])
        moment += 10
        assert await log._write(lambda tables: tables.sweep(moment)) == ["r"]
        await log.append("s", [text("y", run_id="s")])
        assert await log.sweep(moment) == []
        for table, left in (("entries", 1), ("results", 0), ("leaving", 0), ("inputs", 1)):
            assert await _rows(log, table) == left, table


async def test_what_is_no_database_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_text("this is a letter to my aunt, and no database at all" * 30)
    with pytest.raises(Unavailable, match="not a database"):
        await SqliteLog.opened(path)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(Unavailable, match="folder"):
        await SqliteLog.opened(folder)


async def test_what_this_process_told_of_is_not_new_to_who_comes_later(tmp_path: Path) -> None:
    """Runs that came and went while nobody listened are no news."""
    async with sqlite_logs(tmp_path)(None) as log:
        await (await log.follow()).close()
        await log.append("old", [said("run_start", run_id="old", flow_id="f"), said("run_end", run_id="old")])
        follower = await log.follow()
        await log.append("new", [said("run_start", run_id="new", flow_id="f")])
        follower.watch("new", -1)
        news = await heard_all(follower)
        assert [each.run_id for each in news if isinstance(each, Appeared)] == ["new"]
        await follower.close()


async def heard_all(follower: Follower) -> list[News]:
    """Up to the first events."""
    news: list[News] = []
    while not any(isinstance(each, Batch) for each in news):
        news += await follower.next()
    return news


@pytest.mark.parametrize("with_another", [False, True])
async def test_a_file_that_was_removed_takes_nothing_and_gives_nothing(tmp_path: Path, with_another: bool) -> None:
    """What it took would be gone with its process. Once it is back all goes on."""
    path, away = tmp_path / "x.db", tmp_path / "away.db"
    log = await SqliteLog.opened(path)
    await log.append("r", [text("a")])
    path.rename(away)
    if with_another:
        path.write_bytes(away.read_bytes())
    for asked in (log.append("r", [text("b")]), log.read("r"), log.instance(), log.sweep(NOW)):
        with pytest.raises(Unavailable, match=r"x\.db, was removed, or another one is in its place"):
            await asked
    away.rename(path)
    assert await log.append("r", [text("b")]) == [1] and words(await log.read("r")) == ["a", "b"]
    await log.close()
