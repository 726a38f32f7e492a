"""The direct way to a socket: the same frames, in the same order, as ASGI would send them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from flowglow.relay.direct import DirectSockets, direct_of, encoded
from flowglow.relay.outbox import Outbox, parts_of
from tests.flowglow.relay.support import relaying, said, text
from tests.flowglow.serving import PATIENCE_S


class Pipe:
    """A connection that takes frames until it is told not to."""

    def __init__(self) -> None:
        self.open, self.sent = True, list[bytes]()

    def ready(self) -> bool:
        return self.open

    def write(self, encoded: bytes) -> None:
        self.sent.append(encoded)

    def abort(self) -> None:
        self.open = False


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_as_a_page_reads_it(length: int) -> None:
    """At each size at which its head is another."""
    page = ClientProtocol(parse_uri("ws://x/"), state=State.OPEN)
    page.receive_data(encoded("é" * (length // 2) + "e" * (length % 2)))
    (frame,) = page.events_received()
    assert isinstance(frame, Frame) and len(frame.data) == length and frame.fin


async def test_what_is_due_goes_out_as_one_frame_at_once() -> None:
    pipe = Pipe()
    box = Outbox(direct=pipe)
    box.live(parts_of(['{"seq":0}']))
    box.live(parts_of(['{"seq":1}']))
    assert pipe.sent == []
    box.flush()
    assert pipe.sent == [encoded('[{"seq":0},{"seq":1}]')] and box.idle is False


async def test_those_who_are_equally_far_get_the_very_same_bytes() -> None:
    parts = [*parts_of(['{"seq":0}']), *parts_of(['{"seq":1}'])]
    sent = []
    for _ in range(2):
        pipe = Pipe()
        box = Outbox(direct=pipe)
        box.live(parts)
        box.flush()
        sent += pipe.sent
    assert sent[0] is sent[1]


async def test_nothing_overtakes_what_was_taken_to_be_sent() -> None:
    """A connection that is full: what waits goes over ASGI, and all that comes meanwhile waits behind it."""
    pipe = Pipe()
    box = Outbox(direct=pipe)
    pipe.open = False
    box.live(parts_of(['{"seq":0}']))
    box.flush()
    taken = await box.take()
    pipe.open = True
    box.live(parts_of(['{"seq":1}']))
    box.flush()
    assert taken == ['{"seq":0}'] and pipe.sent == []
    assert await box.take() == ['{"seq":1}']


@pytest.mark.parametrize("direct", [True, False])
async def test_a_page_sees_the_same_under_any_server(direct: bool) -> None:
    async with relaying(direct=direct) as relay:
        await relay.log.append("r", [said("run_start", flow_id="f")])
        async with relay.page() as page:
            assert (await page.next())["type"] == "hello"
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(seq=0)
            for number in range(1, 40):
                await relay.log.append("r", [text("é" * 900 * number)])
            assert [event["seq"] for event in await page.until(seq=39)] == list(range(1, 40))


class Taken(asyncio.Transport):
    """A connection of which the other side takes nothing for now: what was written waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = b""

    def write(self, data: Any) -> None:
        self.waiting += bytes(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def opened(app: Any) -> tuple[DirectSockets, Taken]:
    """A socket that has just been opened."""
    config = Config(app, ws_per_message_deflate=False, ws_ping_interval=None)
    config.load()
    sockets, transport = DirectSockets(config, ServerState(), {}), Taken()
    sockets.connection_made(transport)
    client = ClientProtocol(parse_uri("ws://x/"))
    client.send_request(client.connect())
    sockets.data_received(b"".join(client.data_to_send()))
    async with asyncio.timeout(PATIENCE_S):
        while not sockets.handshake_complete:
            await asyncio.sleep(0)
    transport.waiting = b""
    return sockets, transport


def frames_in(sent: bytes) -> list[Frame]:
    """What a page reads."""
    page = ClientProtocol(parse_uri("ws://x/"), state=State.OPEN)
    page.receive_data(sent)
    return [each for each in page.events_received() if isinstance(each, Frame)]


def ping(number: int) -> bytes:
    return Frame(Opcode.PING, f"{number:0125}".encode()).serialize(mask=True)


async def accepted(scope: Any, receive: Any, send: Any) -> None:
    """An application that accepts a socket, and reads of it until it goes."""
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def test_whoever_pings_and_takes_nothing_is_owed_one_pong() -> None:
    """That of the newest ping, once it takes something; before and afterwards each is answered."""
    sockets, transport = await opened(accepted)
    sockets.data_received(ping(0))
    sockets.pause_writing()
    for number in range(1, 1_000, 2):
        sockets.data_received(ping(number) + ping(number + 1))
    assert len(frames_in(transport.waiting)) == 1
    sockets.resume_writing()
    sockets.resume_writing()
    sockets.data_received(ping(1_001))
    pongs = frames_in(transport.waiting)
    assert [(each.opcode, int(each.data)) for each in pongs] == [(Opcode.PONG, number) for number in (0, 1_000, 1_001)]
    sockets.connection_lost(None)


async def test_a_close_behind_a_ping_is_answered_though_nothing_is_taken() -> None:
    sockets, transport = await opened(accepted)
    sockets.pause_writing()
    sockets.data_received(ping(1) + Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
    assert [each.opcode for each in frames_in(transport.waiting)] == [Opcode.PONG, Opcode.CLOSE]
    sockets.connection_lost(None)


def test_a_server_that_gives_no_way_is_no_failure() -> None:
    assert direct_of({"type": "websocket"}) is None
