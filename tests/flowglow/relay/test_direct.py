"""The direct way to a socket: the same frames, in the same order, as ASGI would send them."""

from __future__ import annotations

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

from flowglow.relay.direct import direct_of, encoded
from flowglow.relay.outbox import Outbox, parts_of
from tests.flowglow.relay.support import relaying, said, text


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


def test_a_server_that_gives_no_way_is_no_failure() -> None:
    assert direct_of({"type": "websocket"}) is None
