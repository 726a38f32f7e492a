"""Bodies of answers are read within a bound: what is larger is not read to its end, nor unpacked to its end."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

from flowglow.bodies import Packed, TooLarge, read_body

MIB = 1 << 20


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces; `told` is how many were asked for."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.told = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self._pieces:
            self.told += 1
            yield each


def answer(pieces: Pieces, encoding: str = "") -> httpx.Response:
    return httpx.Response(200, headers={"content-encoding": encoding} if encoding else {}, stream=pieces)


async def test_a_body_is_put_together_and_unpacked() -> None:
    packed = gzip.compress(b"one two")
    assert await read_body(answer(Pieces(b"one ", b"two")), 7) == b"one two"
    assert await read_body(answer(Pieces(packed[:9], packed[9:]), "gzip"), 7) == b"one two"


async def test_of_a_body_that_is_too_large_the_rest_is_not_read() -> None:
    pieces = Pieces(*[b"x" * 10] * 100)
    with pytest.raises(TooLarge):
        await read_body(answer(pieces), 25)
    assert pieces.told == 3


async def test_a_bomb_is_not_unpacked_beyond_the_bound() -> None:
    bomb = Pieces(gzip.compress(bytes(64 * MIB)))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await read_body(answer(bomb, "gzip"), MIB)
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
async def test_what_was_not_asked_for_is_not_unpacked(encoding: str) -> None:
    with pytest.raises(Packed, match="was asked for"):
        await read_body(answer(Pieces(b"x"), encoding), 7)


async def test_what_is_said_to_be_packed_and_is_not_is_told() -> None:
    with pytest.raises(Packed, match="is not"):
        await read_body(answer(Pieces(b"{}"), "gzip"), 7)
