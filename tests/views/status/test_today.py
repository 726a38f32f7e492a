from __future__ import annotations

from pyapp.locale.display import day_of
from pyapp.testing.page import FakePage
from pyapp.views.status.today import MINUTE_S, TodayView
from tests.live.support import ev
from tests.views.support import Gallery

PLACES = {
    "run-head": ".run-head-time",
    "runs": ".run-start",
    "chat": "time",
    "log": ".log-time",
    "interactions": ".card-which",
}
"""What says when something was."""


def seconds_of_today(now: float) -> float:
    """How long it is until tomorrow, here."""
    whole = now - now % MINUTE_S
    return next(s for n in range(1, 1600) if day_of(whole + (s := n * MINUTE_S)) != day_of(now)) - now % MINUTE_S


async def test_at_midnight_whatever_stands_says_its_day() -> None:
    """Nothing else happens then; what is of the new day says its time alone; what was typed in a card stays."""
    page = FakePage()
    now = page.clock.wall()
    line = {"ts": now, "level": "info", "text": "a line"}
    page.http.answer("GET", "/runs/r/logs", {"lines": [line], "cursor": 1})
    await page.open()
    asked = {"id": "q", "kind": "confirmation"}
    page.receive(ev("run_start", ts=now), ev("start_node", node_id="n0", order=0, ts=now))
    page.receive(ev("RunContent", node_id="n0", content="words", ts=now))
    page.receive(ev("AgentPaused", node_id="n0", requirements=[asked], ts=now))
    await page.advance(1.0)

    def said() -> dict[str, str]:
        return {name: page.document.region(name).find(part).textContent for name, part in PLACES.items()}

    note = page.document.region("interactions").find("textarea")
    before, day = said(), str(day_of(now).day)
    assert all(each.count(":") == 2 and day not in each.split() for each in before.values()), before
    await page.advance(seconds_of_today(page.clock.wall()) - 1.0)
    assert said() == before
    await page.advance(2.0)
    assert all(day in each.replace(",", "").split() for each in said().values()), said()
    assert said()["log"].endswith(before["log"]), "to the second"
    assert page.document.region("interactions").find("textarea") is note
    page.receive(ev("RunContent", "r", source_run_id="other", content="later", ts=page.clock.wall()))
    await page.advance(1.0)
    assert [each.textContent.count(":") for each in page.document.region("chat").find_all("time")][-1] == 2
    page.app.stop()


def test_it_asks_once_a_minute_until_it_is_closed() -> None:
    """Also what a machine slept through, or a clock that was set, is found out then."""
    gallery = Gallery()
    view = gallery.show(TodayView)
    assert gallery.stores.today.get() == day_of(gallery.now()) and gallery.clock.pending == 1
    gallery.clock.set_wall(gallery.clock.wall() + 48 * 3600)
    gallery.advance(MINUTE_S)
    assert gallery.stores.today.get() == day_of(gallery.now()) and gallery.clock.pending == 1
    view.close()
    assert gallery.clock.pending == 0
