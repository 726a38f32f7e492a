"""`python -m devserver.record_agno FILE`: run the Agno workflow and write Agno's own events, one a line.

The tests translate that file, so that they need no agno; run this again when agno's version changes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from .flows.agno_tools import ProjectTools
from .flows.agno_workflow import QUESTION, make_workflow


async def record(root: Path, target: Path) -> int:
    """Write the events of one run over the project at `root`; how many there were."""
    lines = []
    workflow = make_workflow(ProjectTools(root))
    async for event in workflow.arun(input=QUESTION, stream=True, stream_events=True):
        lines.append(json.dumps(event.to_dict(), default=str))
    target.write_text("\n".join(lines) + "\n")
    return len(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m devserver.record_agno FILE")
    count = asyncio.run(record(Path(__file__).resolve().parents[1], Path(sys.argv[1])))
    print(f"{count} events in {sys.argv[1]}")
