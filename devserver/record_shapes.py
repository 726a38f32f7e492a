"""`python -m devserver.record_shapes FOLDER`: run every shape on a real AgentOS of the installed version.

What it streamed is written to FOLDER/<version>/<shape>.ndjson, an event a line.

The tests translate those files. Run it in an environment of each version (`make compat` makes them).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from .agno_client import Client, Json
from .agno_os import build, serving
from .agno_shapes import SHAPES
from .agno_shapes.shape import AGNO, Shape

COPIES = (
    "step_executor_runs", "step_results", "all_results", "iteration_results", "member_responses", "messages", "events",
    "run_output", "session_state", "session_id", "workflow_name", "step_input", "content_type", "model_provider",
    "workflow_agent", "timer", "provider",
)  # fmt: skip
"""Fields that tell once more what was told before, or that nothing of ours reads; on the wire they are most of it.
So are the `tools` of a pause that has `requirements`."""
UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
"""Ids are cut to their first eight digits, the same everywhere."""
SILENCE_S = 12.0
"""A stream that says nothing for so long has broken off: some versions end no workflow whose agent failed."""
LIVE_ONLY = ("agent_many_tools", "team_members")
AS_IN_3 = (
    "flow_sync", "flow_team", "flow_member_error", "flow_cancel_first", "agent_cancel_first",
    "team_nested", "flow_groups",
)  # fmt: skip
"""What Agno 2.9 streams as 3 does is kept once."""


async def events_of(shape: Shape, address: str) -> list[Json]:
    """All that came, of one run."""
    if shape.sync:
        return [event.to_dict() for event in shape.make().run(input="Go", stream=True, stream_events=True)]
    client = Client(address, shape, shape.name)
    with contextlib.suppress(TimeoutError):
        await client.run(SILENCE_S)
    return client.events


def lean(event: Any) -> Any:
    """Without what is only a copy, or says nothing."""
    if isinstance(event, dict):
        event = {key: value for key, value in event.items() if key != "tools" or "requirements" not in event}
        return {key: lean(value) for key, value in event.items() if key not in COPIES and value not in ({}, [], None)}
    return [lean(each) for each in event] if isinstance(event, list) else event


async def record(folder: Path) -> None:
    """One file for each shape."""
    folder.mkdir(parents=True, exist_ok=True)
    with serving(build()) as address:
        for shape in SHAPES.values():
            if shape.name in LIVE_ONLY or ((2, 9) <= AGNO < (3, 0) and shape.name in AS_IN_3):
                continue
            try:
                events = await events_of(shape, address)
            except Exception as error:
                print(f"{shape.name}: {error!r}", file=sys.stderr)
                continue
            lines = [UUID.sub(r"\1", json.dumps(lean(event), default=str, separators=(",", ":"))) for event in events]
            (folder / f"{shape.name}.ndjson").write_text("".join(f"{line}\n" for line in lines))
            print(f"{len(lines)} events of {shape.name}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m devserver.record_shapes FOLDER")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(record(Path(sys.argv[1]) / ".".join(map(str, AGNO))))
