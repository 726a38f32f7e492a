"""The body of an HTTP answer: read as it comes and unpacked, never more of it than a bound.

It owns no connection: whoever asked closes the answer, and limits the time that it may take.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import httpx

ENCODINGS = "gzip"
"""What is to be asked for (`Accept-Encoding`): of another way of packing nobody here can say how large it unpacks."""
PLAIN = ("", "identity")

Unpack = Callable[[bytes, int], bytes]
"""Bytes as they came, and how many may come of them → bytes of the body, at most so many."""


class TooLarge(Exception):
    """There is more of it than the bound; the rest was not read."""


class Packed(Exception):
    """It cannot be unpacked; `str()` says why, in a clause."""


async def read_body(answer: httpx.Response, most: int) -> bytes:
    """The body of an answer that is a stream still, unpacked. Raises TooLarge, Packed, or what httpx raises."""
    unpack = _unpacker(answer.headers.get("content-encoding", "").strip().lower())
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += unpack(chunk, most + 1 - len(body))
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _unpacker(encoding: str) -> Unpack:
    if encoding in PLAIN:
        return lambda chunk, room: chunk
    if encoding not in ("gzip", "x-gzip"):
        raise Packed(f"it is packed as {encoding[:40]!r}, and {ENCODINGS!r} was asked for")
    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def unpack(chunk: bytes, room: int) -> bytes:
        try:
            return packed.decompress(chunk, room)
        except zlib.error as error:
            raise Packed(f"it is said to be gzip, and is not ({error})") from None

    return unpack
