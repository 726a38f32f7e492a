"""`python -m devserver.record_agui FOLDER`: run the agents of AG-UI, and write what they answer with, a file each.

The tests replay those files, so that they need neither library; run this again when one of the two changes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx

from pyapp.protocols.agui.dialect import AguiDialect
from pyapp.protocols.protocol import Heard, Opening, Request

from .backends.agui import app

RUNS = {
    "agui_desk": ("/desk", "A note on lanes"),
    "agui_elsewhere": ("/desk", "elsewhere"),
    "agui_fail": ("/desk", "fail"),
    "agui_clerk": ("/clerk/agui", "A note on lanes"),
}
"""The file → where it is asked, and what."""
ANSWERS: dict[str, dict[str, Any]] = {
    "confirmation": {"confirmed": True},
    "external_execution": {"result": "in Gent"},
    "user_input": {"values": {"accepted": True, "values": {"author": "Ada"}}},
}


async def streams(path: str, asked: str) -> list[str]:
    """What a run is answered with: a stream for each leg, every pause answered."""
    names = (f"id-{number}" for number in range(1_000))
    dialect = AguiDialect(lambda: next(names))
    opening: Opening | None = dialect.start("agent", asked)
    found: list[str] = []
    transport = httpx.ASGITransport(app=app(Path(__file__).parents[1]))
    async with httpx.AsyncClient(transport=transport, base_url="http://agents.test", timeout=60) as client:
        while opening is not None:
            assert isinstance(opening.send, Request)
            reply = await client.post(path, content=opening.send.body, headers=dict(opening.send.headers))
            found.append(reply.raise_for_status().text)
            for block in reply.text.split("\n\n"):
                if block.startswith("data:"):
                    dialect.heard(Heard(block[5:].strip(), opening.key))
            run = dialect.runs.find(opening.key)
            opening = None
            for requirement in list(run.waiting.values()) if run is not None else ():
                assert run is not None
                opening = dialect.answer(run, {"id": requirement["id"], **ANSWERS[requirement["kind"]]})
    return found


async def record(folder: Path) -> None:
    for name, (path, asked) in RUNS.items():
        told = "".join(await streams(path, asked))
        (folder / f"{name}.txt").write_text(told, encoding="utf-8", newline="")
        print(f"{name}.txt: {told.count('data:')} events")


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1])))
