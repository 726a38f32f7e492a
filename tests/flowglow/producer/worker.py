"""A worker in a process of its own: it tells a run from its beginning, word by word, to the relay it is given.

`python -m tests.flowglow.producer.worker URL COUNT`
"""

from __future__ import annotations

import asyncio
import sys

import flowglow

PACE_S = 0.01


async def tell(url: str, count: int) -> None:
    async with flowglow.run("f", url=url, key="k", run_id="r", writer="worker") as run:
        for number in range(count):
            await run.say(str(number))
            await asyncio.sleep(PACE_S)


if __name__ == "__main__":
    asyncio.run(tell(sys.argv[1], int(sys.argv[2])))
