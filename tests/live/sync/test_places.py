"""Turns: the background waits for its own, a wish never does."""

from __future__ import annotations

import asyncio

from pyapp.live.sync.places import AT_ONCE, CONNECTIONS, Attempt, Key, Places


class Room:
    """Places, who is under way in them, and who was cut off."""

    def __init__(self) -> None:
        self.front: str | None = None
        self.places = Places(lambda: self.front)
        self.under_way: list[Attempt] = []
        self.cut: list[Key] = []
        self.tasks: dict[Key, asyncio.Task[None]] = {}

    async def ask(self, *keys: Key) -> None:
        for key in keys:
            self.tasks[key] = asyncio.ensure_future(self._ask(key))
        await self.settle()

    async def _ask(self, key: Key) -> None:
        await self.places.turn(key)
        attempt = Attempt(key, 0.0, lambda: self.cut.append(key))
        self.under_way.append(attempt)
        self.places.enter(attempt)

    async def answer(self, key: Key) -> None:
        (attempt,) = (each for each in self.under_way if each.key == key)
        self.under_way.remove(attempt)
        self.places.leave(attempt)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    @property
    def keys(self) -> list[str]:
        return [each.key[0] for each in self.under_way]


def runs(*names: str) -> list[Key]:
    return [(name, "history") for name in names]


async def test_the_background_waits_in_the_order_in_which_it_came() -> None:
    room = Room()
    await room.ask(*runs(*"abcdef"))
    assert room.keys == list("abcdef")[:AT_ONCE]
    await room.answer(("b", "history"))
    await room.answer(("a", "history"))
    assert room.keys == ["c", "d", "e", "f"]


async def test_a_wish_waits_for_nobody() -> None:
    """For the page, or of the run in front; also when what waits becomes one. A log is in nobody's way."""
    room = Room()
    await room.ask(*runs(*"abcdef"), ("a", "log"), ("", "choice"))
    assert room.keys == [*"abcd", "a", ""]
    room.front = "f"
    room.places.look()
    await room.settle()
    assert room.keys == [*"abcd", "a", "", "f"]


async def test_of_too_many_the_oldest_of_the_background_makes_way_for_a_wish() -> None:
    """A browser would let the wish wait where nobody sees it."""
    room = Room()
    room.front = "a"
    await room.ask(*runs("a"), *runs(*"bcde"), ("a", "state"))
    assert len(room.keys) == CONNECTIONS and room.cut == []
    await room.ask(("", "choice"))
    assert room.cut == [("b", "history")]


async def test_who_waits_no_longer_takes_no_turn() -> None:
    """Nor does a turn get lost that it had been given in that moment."""
    room = Room()
    await room.ask(*runs(*"abcdefg"))
    room.tasks[("e", "history")].cancel()
    await room.settle()
    (first,) = (each for each in room.under_way if each.key[0] == "a")
    room.under_way.remove(first)
    room.places.leave(first)
    room.tasks[("f", "history")].cancel()
    await room.settle()
    assert room.keys == ["b", "c", "d", "g"]


async def test_who_was_cut_off_in_the_same_moment_stops_no_other() -> None:
    """A place is free before they have noticed that they wait no longer: it is the next one's."""
    room = Room()
    await room.ask(*runs(*"abcdefg"))
    room.tasks[("e", "history")].cancel()
    await room.answer(("a", "history"))
    assert room.keys == ["b", "c", "d", "f"]
