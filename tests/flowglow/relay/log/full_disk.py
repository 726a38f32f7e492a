"""A log on a disk that is full: `python -m tests.flowglow.relay.log.full_disk FOLDER` writes until there is no room.

Run by test_full_disk.py on a disk of its own; says what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowglow.errors import Refused
from flowglow.relay.log.port import Query, Retention
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.settings import DEFAULT
from tests.flowglow.relay.support import NOW, as_protocol, relaying, text

AGE_S = 100.0
TICKETS = 300
"""More than what a transaction that failed leaves room for in the write-ahead log."""
MOST_BYTES = 64 << 20
"""More than the disk has: on another one nothing is filled up."""


async def outcome(question: Any) -> Any:
    """What is answered, or how it is refused."""
    try:
        return await question
    except Refused as error:
        return error.code


async def fill(log: SqliteLog, name: str) -> int:
    """Write runs until there is no room for another one: how many were begun."""
    for number in range(100_000):
        run_id = f"{name}{number}"
        if await outcome(log.append(run_id, [text("x" * 9_000, run_id=run_id) for _ in range(20)])) == "log_full":
            return number
    raise AssertionError("There was room without end.")


async def tried(path: Path, before: Callable[[], object], meanwhile: Callable[[], object]) -> dict[str, Any]:
    """A log that was swept once in time; then it is full, it is swept again, twice, and written on."""
    moment = NOW
    log = await SqliteLog.opened(path, Retention(age_s=AGE_S), lambda: moment)
    before()
    await log.sweep(moment)
    begun = await fill(log, "old")
    moment += 10 * AGE_S
    sweeps = [await outcome(log.sweep(moment))]
    meanwhile()
    sweeps += [await outcome(log.sweep(moment)), await outcome(log.append("new", [text("y" * 100_000, run_id="new")]))]
    again = await fill(log, "more")
    listed = [each["run_id"] for each in await log.runs(Query(limit=10_000))]
    await log.close()
    return {
        "begun": begun,
        "again": again,
        "sweeps": [len(each) if isinstance(each, list) else each for each in sweeps],
        "old": sum(each.startswith("old") for each in listed),
    }


async def watched(folder: Path) -> dict[str, Any]:
    """What somebody comes to who wants to watch while there is no room: with a ticket, again with it, and without."""
    log = await SqliteLog.opened(folder / "watched.db")
    await fill(log, "old")
    stuffed(folder / "filler")
    async with relaying(log, settings=replace(DEFAULT, need_ticket=True)) as relay, relay.client() as client:
        answers = [await client.post("/api/tickets") for _ in range(TICKETS)]
        given = answers[-1].json().get("ticket", "")
        ticket = as_protocol(given)
        told: dict[str, Any] = {"tickets": sorted({each.status_code for each in answers})}
        beside = await SqliteLog.opened(folder / "watched.db")
        told["in another process"] = await outcome(beside.redeem(given))
        await beside.close()
        async with relay.page("flowglow.1", ticket) as page:
            told["first"] = (await page.next())["type"]
            await page.send({"type": "resume", "runs": {"old0": 18}})
            told["seq"] = (await page.until(run_id="old0", event="RunContent"))[-1]["seq"]
        told["again"] = await relay.closed("flowglow.1", ticket)
        told["made up"] = await relay.closed("flowglow.1", as_protocol("made up"))
        told["event"] = await outcome(log.append("old0", [text("x" * 9_000, run_id="old0")]))
    await log.close()
    return told


def stuffed(file: Path) -> None:
    """Somebody else takes all that is left."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as other:
        for _ in range(MOST_BYTES >> 12):
            other.write(b"x" * 4_096)
        raise AssertionError("That is no small disk.")


async def started(folder: Path) -> dict[str, Any]:
    """A log that was closed in order and is opened on a disk that is full by then: with its reserve, and without."""
    moment, path, reserve = NOW, folder / "log.db", folder / "log.db-reserve"
    retention = Retention(age_s=AGE_S)
    log = await SqliteLog.opened(path, retention, lambda: moment)
    await log.append("old", [text("x" * 9_000, run_id="old") for _ in range(500)])
    await log.sweep(moment)
    await log.close()
    stuffed(folder / "other")
    log = await SqliteLog.opened(path, retention, lambda: moment)
    read, left = len((await log.read("old")).entries), [reserve.stat().st_size]
    stuffed(folder / "more")
    words = [await outcome(log.append("new", [text("y" * 100_000, run_id="new") for _ in range(30)]))]
    moment += 10 * AGE_S
    words += [await outcome(log.sweep(moment)), await outcome(log.append("new", [text("y", run_id="new")]))]
    left.append(reserve.stat().st_size)
    await log.close()
    reserve.unlink()
    stuffed(folder / "again")
    without = await refusal(SqliteLog.opened(path))
    return {"read": read, "left": left, "words": words, "without": without}


async def refusal(question: Any) -> list[str]:
    """How it is refused: the code, and the words."""
    try:
        await question
    except Refused as error:
        return [error.code, str(error)]
    return []


async def main(folder: Path) -> None:
    filler = folder / "filler"
    told = {"held": await tried(folder / "held.db", lambda: None, lambda: None)}
    for each in folder.iterdir():
        each.unlink()
    filler.write_bytes(b"x" * (26 << 20))
    told["not held"] = await tried(folder / "late.db", lambda: None, filler.unlink)
    for each in folder.iterdir():
        each.unlink()
    told["started"] = await started(folder)
    for each in folder.iterdir():
        each.unlink()
    print(json.dumps(told | {"watched": await watched(folder)}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
