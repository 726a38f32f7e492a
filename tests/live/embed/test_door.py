from __future__ import annotations

import json

import pytest

from pyapp.contract.addresses import origin_of
from pyapp.contract.embed import MAX_CHARS, Knocked, Order, Stop
from pyapp.live.embed.door import BURST, PER_S, SAY_EVERY_S, Door
from pyapp.testing.host import CONNECT, ORIGIN, FakeChannel, FakeHost

from ..support import World


class Threshold:
    """A door, and who stands before it."""

    def __init__(self) -> None:
        self.world = World()
        self.door = Door(self.world.shared, frozenset({origin_of(ORIGIN)}))
        self.host = FakeHost()
        self.host.on_knock(self.door.knocked)
        self.orders: list[Order] = []
        self.opened = 0
        self.door.ordered = self.orders.append
        self.door.opened = self._opened

    def _opened(self, _: Knocked) -> None:
        self.opened += 1

    @property
    def refused(self) -> int:
        return self.world.stores.metrics.get("refused") or 0

    @property
    def reasons(self) -> list[str]:
        return [each.reason for each in self.world.stores.quarantine.get()]


@pytest.fixture
def threshold() -> Threshold:
    return Threshold()


def test_who_knocks_rightly_is_heard(threshold: Threshold) -> None:
    """The control of all that follows."""
    channel = threshold.host.knock()
    assert threshold.door.is_open and threshold.opened == 1
    channel.say({"type": "stop", "run": "r"})
    assert threshold.orders == [Stop(type="stop", run="r")]
    threshold.door.send('{"type": "x"}')
    assert channel.told == [{"type": "x"}]
    assert threshold.refused == 0


@pytest.mark.parametrize(
    ("why", "text", "origin", "from_parent", "bare"),
    [
        ("origin", CONNECT, "https://evil.test", True, False),
        ("origin", CONNECT, "http://portal.test", True, False),
        ("origin", CONNECT, "https://portal.test:8443", True, False),
        ("origin", CONNECT, "https://portal.test.evil.test", True, False),
        ("origin", CONNECT, "null", True, False),
        ("origin", CONNECT, "", True, False),
        ("source", CONNECT, ORIGIN, False, False),
        ("version", '{"flowglow": "v9", "type": "connect"}', ORIGIN, True, False),
        ("schema", '{"flowglow": "v1", "type": "stop"}', ORIGIN, True, False),
        ("schema", CONNECT, ORIGIN, True, True),
        ("size", CONNECT[:-1] + ', "x": "' + "x" * MAX_CHARS + '"}', ORIGIN, True, False),
    ],
)
def test_who_knocks_wrongly_has_no_effect_is_counted_and_named(
    threshold: Threshold, why: str, text: str, origin: str, from_parent: bool, bare: bool
) -> None:
    channel = threshold.host.knock(text, origin=origin, from_parent=from_parent, bare=bare)
    assert not threshold.door.is_open and threshold.opened == 0
    assert threshold.refused == 1
    assert f"({why}, 1 so far)" in threshold.reasons[0]
    assert any(why in line for line in threshold.world.console.texts("warning"))
    assert bare or channel.closed
    channel.say({"type": "stop"})
    threshold.door.send("{}")
    assert threshold.orders == [] and channel.told == []


def test_a_stranger_takes_nothing_from_who_speaks_already(threshold: Threshold) -> None:
    channel = threshold.host.knock()
    threshold.host.knock(origin="https://evil.test")
    threshold.host.knock(from_parent=False)
    channel.say({"type": "stop"})
    assert len(threshold.orders) == 1 and not channel.closed


def test_who_knocks_again_speaks_over_the_new_channel_alone(threshold: Threshold) -> None:
    first = threshold.host.knock()
    second = threshold.host.knock()
    assert first.closed and threshold.opened == 2
    first.say({"type": "stop"})
    assert threshold.orders == []
    second.say({"type": "stop"})
    assert len(threshold.orders) == 1


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "explode"}, "type"),
        ({"type": "show", "flow": 3}, "schema"),
        ("{", "schema"),
        (17, "schema"),
        (json.dumps({"type": "fill", "input": "x" * MAX_CHARS}), "size"),
    ],
)
def test_a_message_that_is_wrong_has_no_effect_and_ends_nothing(
    threshold: Threshold, message: object, why: str
) -> None:
    channel = threshold.host.knock()
    channel.say(message)
    assert threshold.orders == [] and threshold.refused == 1
    assert f"({why}, 1 so far)" in threshold.reasons[0]
    channel.say({"type": "stop"})
    assert len(threshold.orders) == 1


def test_who_wants_an_answer_is_told_why_there_was_no_effect(threshold: Threshold) -> None:
    channel = threshold.host.knock()
    channel.say({"type": "explode", "id": 4})
    (answer,) = channel.told
    assert (answer["type"], answer["id"], answer["ok"], answer["code"]) == ("answer", 4, False, "type")


def flood(channel: FakeChannel, count: int) -> None:
    for _ in range(count):
        channel.say({"type": "stop"})


def test_a_flood_is_cut_to_what_is_let_through_and_passes(threshold: Threshold) -> None:
    channel = threshold.host.knock()
    flood(channel, 1_000)
    assert len(threshold.orders) == BURST
    assert threshold.refused == 1_000 - BURST
    assert len(threshold.reasons) == 1, "a reason is said once, and not a thousand times"
    threshold.world.clock.advance(1.0)
    flood(channel, 100)
    assert len(threshold.orders) == BURST + PER_S
    threshold.host.knock()
    assert threshold.opened == 2, "who speaks too much can still begin anew"


def test_what_is_not_even_read_is_answered_by_its_number(threshold: Threshold) -> None:
    """Too much, or too long: whoever waits for an answer is told at once, as the number stands first."""
    channel = threshold.host.knock()
    channel.say({"id": 6, "type": "fill", "input": "x" * MAX_CHARS})
    for number in range(100, 100 + BURST):
        channel.say({"id": number, "type": "stop"})
    channel.say({"type": "stop", "id": 8})
    refusals = [(each["id"], each["code"]) for each in channel.told]
    assert refusals == [(6, "size"), (99 + BURST, "rate")]


def test_knocks_are_a_flood_too(threshold: Threshold) -> None:
    for _ in range(200):
        threshold.host.knock(origin="https://evil.test")
    assert threshold.refused == 200
    assert len(threshold.reasons) == 2, "the origin, and that it was too much"
    threshold.world.clock.advance(SAY_EVERY_S)
    threshold.host.knock(origin="https://evil.test")
    assert "(origin, 61 so far)" in threshold.reasons[-1]


def test_no_text_of_a_message_is_kept_or_logged(threshold: Threshold) -> None:
    channel = threshold.host.knock()
    channel.say({"type": "token", "token": "my secret"})
    channel.say('{"type": "token", "token": "my secret"')
    threshold.host.knock(CONNECT + "my secret")
    assert threshold.refused == 3
    said = (
        threshold.world.console.texts() + threshold.reasons + [e.text for e in threshold.world.stores.quarantine.get()]
    )
    assert not any("my secret" in each for each in said)


def test_closed_it_says_and_hears_nothing(threshold: Threshold) -> None:
    channel = threshold.host.knock()
    threshold.door.close()
    channel.say({"type": "stop"})
    threshold.door.send("{}")
    assert channel.closed and threshold.orders == [] and not threshold.door.is_open
