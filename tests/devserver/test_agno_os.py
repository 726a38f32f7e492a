"""A real AgentOS of the installed version, now: what it streams becomes the runs that it ran."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("agno")
pytest.importorskip("uvicorn")

from devserver.agno_client import Client
from devserver.agno_os import build, serving
from devserver.agno_shapes import SHAPES
from pyapp.protocols.agno.dialect import AgnoDialect
from pyapp.protocols.protocol import Frame, Heard
from tests.test_agno_recordings import check_run, folded, translated

Json = dict[str, Any]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(build()) as address:
        yield address


async def streamed(address: str, name: str) -> list[Json]:
    client = Client(address, SHAPES[name], f"live-{name}")
    await client.run(20.0)
    return client.events


async def test_two_hundred_calls_each_begin_and_end_once(address: str) -> None:
    raw = await streamed(address, "agent_many_tools")
    run = folded(translated(raw))
    assert run.status == "success" and len(run.tools) == 200
    assert {call.status for call in run.tools.values()} == {"success"}


async def test_runs_at_once_are_each_themselves(address: str) -> None:
    """Nested, with groups, pausing in a step and in a team: side by side, nothing mixes."""
    names = ["flow_nested", "flow_groups", "flow_agent_pause", "team_pause", "agent_tools"]
    for raw in await asyncio.gather(*[streamed(address, name) for name in names]):
        check_run(raw, ends=True)


async def test_two_runs_on_one_socket_never_mix(address: str) -> None:
    """Started by the dialect, over one socket of the AgentOS; one of them is a nested workflow."""
    from websockets.asyncio.client import connect

    numbers = iter(range(9))
    one = AgnoDialect(lambda: f"socket-{next(numbers)}")
    told: dict[str, list[Json]] = {}
    async with connect(f"ws://{address}{one.socket}", max_size=None) as socket:
        for flow in ("workflows/flow_nested", "workflows/flow_team"):
            opening = one.start(flow, "Go")
            assert isinstance(opening.send, Frame)
            await socket.send(json.dumps(opening.send.item))
        while not (len(told) == 2 and all(events[-1]["event"] == "run_end" for events in told.values())):
            async with asyncio.timeout(20.0):
                heard = Heard(str(await socket.recv()))
            for item in one.heard(heard):
                if "event" in item:
                    told.setdefault(item["run_id"], []).append(item)
            assert not one.due(), "nothing is missing"
    nodes = {run.run_id: set(run.nodes) for run in (folded(events) for events in told.values())}
    assert sorted(map(sorted, nodes.values())) == [
        ["a", "after", "b", "before", "work"],
        ["after", "before", "deep", "deeper", "inside"],
    ]
