"""The floor: fan-out over Redis pub/sub and nothing else. What is published goes to every socket that named its run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import defaultdict

import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


class Plain:
    """One subscription for all sockets of this process; each message is sent to each, as it comes."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, decode_responses=True)
        self._sockets: dict[str, set[WebSocket]] = defaultdict(set)

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette):  # type: ignore[no-untyped-def]
        task = asyncio.create_task(self._follow())
        yield
        task.cancel()

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept(subprotocol="flowglow.1")
        run_id = ""
        try:
            while True:
                frame = json.loads(await socket.receive_text())
                if "run_id" in frame:
                    run_id = frame["run_id"]
                    self._sockets[run_id].add(socket)
        except WebSocketDisconnect:
            self._sockets[run_id].discard(socket)

    async def _follow(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.psubscribe("scale:*")
            async for message in channel.listen():
                if message["type"] == "pmessage":
                    for socket in list(self._sockets[message["channel"].removeprefix("scale:")]):
                        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                            await socket.send_text(message["data"])


def main(url: str, port: str) -> None:
    plain = Plain(url)
    app = Starlette(routes=[WebSocketRoute("/ws", plain.serve)], lifespan=plain.lifespan)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", ws_ping_interval=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
