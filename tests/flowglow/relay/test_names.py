"""By which names a relay is asked: a page of a stranger's, whose name they made point here, gets nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from flowglow.relay.portal import Portal
from flowglow.relay.settings import DEFAULT
from tests.flowglow.relay.support import relaying, said
from tests.flowglow.relay.test_process import relay as process_of
from tests.flowglow.serving import socket_page

CALLS = (
    ("GET", "/api/flows"),
    ("GET", "/api/flows/f"),
    ("GET", "/api/runs"),
    ("GET", "/api/runs/r"),
    ("GET", "/api/runs/r/events"),
    ("GET", "/api/runs/r/logs"),
    ("POST", "/api/flows/f/runs"),
    ("POST", "/api/runs/r/stop"),
    ("POST", "/api/tickets"),
    ("POST", "/ingest/runs/r/events"),
)


async def greets(address: str, name: str) -> bool:
    """Whether a page under that name is told anything over the socket; else it is closed with 4403 and the reason."""
    port = int(address.rpartition(":")[2])
    async with socket_page(
        f"ws://{name}:{port}/ws", host="127.0.0.1", port=port, origin=f"http://{name}:{port}"
    ) as page:
        try:
            return bool((await page.next())["type"] == "hello")
        except ConnectionClosed:
            assert page.socket.close_code == 4403 and "--names" in str(page.socket.close_reason)
            return False


async def test_under_a_strangers_name_nothing_is_told_nor_done() -> None:
    """Beside its address and localhost it has the names that are listed, in letters of any size."""
    settings = replace(DEFAULT, names=("portal.test",))
    async with relaying(portal=Portal(keys=("k",)), settings=settings) as relay:
        await relay.log.append("r", [said("run_start", flow_id="f")])
        for name, status in (("evil.test", 403), ("PORTAL.test", 200), ("localhost", 200), ("127.0.0.1", 200)):
            async with relay.client(host=f"{name}:8001", authorization="Bearer k") as client:
                assert (await client.get("/api/runs/r")).status_code == status
                assert (await client.get("/healthz")).status_code == 200
                if status == 403:
                    answers = [await client.request(method, path) for method, path in CALLS]
                    assert {each.json()["error"]["code"] for each in answers} == {"other_name"}
        assert [await greets(relay.address, name) for name in ("evil.test", "portal.test")] == [False, True]


async def test_the_command_has_the_names_that_it_is_given(tmp_path: Path) -> None:
    async with process_of("memory", 0, "--names", "portal.test", "other.test") as process:
        async with httpx.AsyncClient(base_url=f"http://{process.address}") as client:
            for name, status in (("evil.test", 403), ("portal.test", 200), ("other.test", 200), ("localhost", 200)):
                assert (await client.get("/api/runs", headers={"host": f"{name}:8001"})).status_code == status
        assert not await greets(process.address, "evil.test")


@pytest.mark.parametrize("name", ["evil.test", "portal.test"])
async def test_a_relay_in_an_application_of_ones_own_is_asked_by_any_name(name: str) -> None:
    """Its server, and `authorize`, are the portal's."""
    async with relaying() as relay, relay.client(host=name) as client:
        assert (await client.get("/api/runs")).status_code == 200
        assert await greets(relay.address, name)
