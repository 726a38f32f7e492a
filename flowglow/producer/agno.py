"""Agno: what an agent, a team or a workflow streams, told to a relay.

async with flowglow.run("support", url=RELAY, key=KEY) as run:
    await tell(run, agent.arun(question, stream=True, stream_events=True))
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Any

from pyapp.protocols.agno import AgnoTranslator

from .run import Run

_OURS = frozenset({"run_id", "seq", "event_id"})


async def tell(run: Run, stream: AsyncIterable[Any], node_ids: Mapping[str, str] | None = None) -> None:
    """Tell everything that the stream gives, to its end. `node_ids`: the canvas's nodes by the names Agno uses."""
    translator = AgnoTranslator(None, node_ids)
    async for each in stream:
        for event in translator.translate(each if isinstance(each, Mapping) else each.to_dict()):
            fields = {key: value for key, value in event.items() if key not in _OURS and key != "event"}
            if event["event"] == "run_end":
                await run.end(**fields)
            elif event["event"] != "run_start":
                await run.emit(event["event"], **fields)
