from __future__ import annotations

from pyapp.person import Knock
from pyapp.testing.host import FakeHost


def test_a_knock_brings_a_channel_that_works_both_ways_until_it_is_closed() -> None:
    host, knocks, heard = FakeHost(), list[Knock](), list[object]()
    off = host.on_knock(knocks.append)
    channel = host.knock(origin="https://a.test")
    assert knocks[0].channel is channel and not channel.opened
    channel.say("too early")
    channel.open(heard.append)
    channel.say({"type": "stop"})
    channel.send('{"type": "ready"}')
    channel.close()
    channel.say("too late")
    assert heard == ['{"type": "stop"}'] and channel.heard("ready") and channel.closed
    host.knock(bare=True)
    assert knocks[1].channel is None
    off()
    assert host.listeners == 0


def test_it_notes_the_wishes_that_were_followed() -> None:
    host, heights = FakeHost(), list[float]()
    off = host.on_height(heights.append)
    host.greet(acts=True)
    host.show_theme("dark")
    host.speak("nl")
    host.hide(["log"])
    host.style({"accent": "red"})
    host.grow(400)
    off()
    host.grow(500)
    assert (host.greeted, host.theme, host.language, host.hidden) == ([True], "dark", "nl", ["log"])
    assert host.looks == {"accent": "red"} and heights == [400]
