from __future__ import annotations

import asyncio
import json

import pytest

from pyapp.errors import ApiError
from pyapp.link.replay import MAX_PAUSE_S, Recording, Replay
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp

FLOW = {"type": "flow", "id": "f", "nodes": [], "edges": []}
EVENTS = [
    {"event": "run_start", "run_id": "r", "seq": 0, "event_id": "e0", "ts": 100.0},
    {"event": "start_node", "run_id": "r", "seq": 1, "node_id": "n", "ts": 101.0},
    {"event": "run_end", "run_id": "r", "seq": 2, "ts": 500.0},
]
TEXT = "\n".join(json.dumps(item) for item in [FLOW, *EVENTS]) + "\n\n"


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def make(
    text: str = TEXT, speed: float = 1.0, told: list[float] | None = None
) -> tuple[Replay, FakeClock, list[dict[str, object]], FakeHttp]:
    http, clock = FakeHttp(), FakeClock()
    http.answer("GET", "/rec", text)
    played: list[dict[str, object]] = []
    settings = Settings(replay="/rec", speed=speed)
    replay = Replay(
        settings,
        http,
        clock,
        lambda frame: played.append(json.loads(str(frame))),
        ([] if told is None else told).append,
    )
    return replay, clock, played, http


async def test_it_plays_at_the_recorded_pace() -> None:
    """Pauses follow `ts`, divided by the speed; long silences are cut."""
    replay, clock, played, _ = make(speed=2.0)
    assert (await replay.load()).id == "f"
    assert await replay.start("f") == "r"
    await settle()
    assert [event["event"] for event in played] == ["run_start"]
    clock.advance(0.5)
    await settle()
    assert len(played) == 2
    clock.advance(MAX_PAUSE_S / 2)
    await settle()
    assert len(played) == 3


async def test_it_tells_what_time_it_is_in_the_recording() -> None:
    """With the first event of each play, and with each later moment: of one that is told late nothing goes back."""
    late = {"event": "end_node", "run_id": "r", "node_id": "n", "status": "success", "ts": 90.0}
    told: list[float] = []
    replay, clock, _, _ = make("\n".join(map(json.dumps, [FLOW, *EVENTS[:2], late, EVENTS[2]])), told=told)
    await replay.load()
    for _ in range(2):
        await replay.start("f")
        for _ in range(3):
            await settle()
            clock.advance(MAX_PAUSE_S)
    assert told == [100.0, 101.0, 500.0, 100.0, 101.0, 500.0]


async def test_each_play_is_a_run_of_its_own() -> None:
    """A second play gets other ids: the same would be duplicates."""
    replay, clock, played, _ = make()
    await replay.load()
    await replay.start("f")
    assert await replay.start("f") == "r~2"
    await settle()
    assert {event["run_id"] for event in played} == {"r", "r~2"}
    assert {event["event_id"] for event in played} == {"e0", "e0~2"}
    replay.close()
    clock.advance(1000)
    await settle()
    assert len(played) == 2


async def test_nobody_waits_for_an_answer() -> None:
    """A recording goes on as it did, whatever a person answers."""
    replay, _, played, _ = make()
    await replay.load()
    await replay.start("f")
    await settle()
    await replay.answer("r", {"id": "q", "confirmed": True})
    assert [event["event"] for event in played] == ["run_start"]
    replay.close()


async def test_stop_kills_the_run() -> None:
    """As a server would: nothing more comes but the end."""
    replay, clock, played, _ = make()
    await replay.load()
    await replay.start("f")
    await settle()
    await replay.stop("r")
    await replay.stop("r")
    clock.advance(1000)
    await settle()
    assert [event["event"] for event in played] == ["run_start", "run_end"]
    assert played[-1]["status"] == "killed"


def test_only_a_line_feed_ends_a_line() -> None:
    """U+2028 and U+0085 inside a text are characters of it."""
    event = {"event": "RunContent", "run_id": "r", "content": "a\u2028b\u0085c"}
    recording = Recording.parse(json.dumps(FLOW) + "\r\n" + json.dumps(event, ensure_ascii=False), "here")
    assert recording.events == [event]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line with"),
        (json.dumps(EVENTS[0]), "no line with"),
        (json.dumps(FLOW) + "\n{broken", "Line 2"),
        (json.dumps(FLOW) + "\n[1]", "Line 2"),
        ('{"type": "flow"}', "Line 1"),
    ],
)
def test_a_broken_recording_is_said_by_line(text: str, words: str) -> None:
    """What cannot be used is named."""
    with pytest.raises(ApiError, match=words):
        Recording.parse(text, "here")


async def test_a_recording_that_is_not_there_is_said() -> None:
    """A missing file, or no network, is an error in words; Play before loading too."""
    replay, _, _, http = make()
    with pytest.raises(ApiError, match="not there yet"):
        await replay.start("f")
    http.then("GET", "/rec", HttpResponse(404, ""))
    with pytest.raises(ApiError, match="status 404"):
        await replay.load()
    http.then("GET", "/rec", OSError("no network"))
    with pytest.raises(ApiError, match="no network"):
        await replay.load()
