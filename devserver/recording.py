"""`python -m devserver.recording FLOW FILE`: run a flow once, and keep the run for pages without a backend.

A recording is NDJSON: the flow first, then its events (docs/contract.md §3).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from flowglow.wire import to_text

from .engine.backend import Backend
from .engine.flow import Flow
from .engine.runs import Stamped
from .flows import all_flows

ROOT = Path(__file__).resolve().parent.parent


async def record(flow: Flow) -> list[str]:
    """Run the flow to its end; the lines of the recording."""
    backend, over, told = Backend({flow.id: flow}), asyncio.Event(), list[str]()

    def listen(event: Stamped) -> None:
        told.append(event.text)
        if run.ended:
            over.set()

    backend.listen(listen)
    run = backend.start(flow.id)
    await over.wait()
    return [to_text({"type": "flow", **flow.json()}), *told]


def main(words: list[str], flows: Mapping[str, Flow]) -> int:
    """Write the recording; 1 and a sentence when there is no such flow."""
    if len(words) != 2 or words[0] not in flows:
        print(f"usage: python -m devserver.recording {'|'.join(flows)} FILE", file=sys.stderr)
        return 1
    lines = asyncio.run(record(flows[words[0]]))
    Path(words[1]).write_text("".join(f"{line}\n" for line in lines))
    print(f"{len(lines) - 1} events of {words[0]} are in {words[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], all_flows(ROOT)))
