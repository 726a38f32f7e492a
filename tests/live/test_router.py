from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pyapp.contract.events import Event
from pyapp.live.handler import EventHandler
from pyapp.live.router import EventRouter
from tests.live.support import World, message


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Witness(EventHandler):
    """Notes what it hears; does what it was told to do about it."""

    events = frozenset({"run_start", "run_end", "start_node"})

    def __init__(self, do: Callable[[Event], Any] = lambda _: None) -> None:
        self.heard: list[str] = []
        self.done: list[str] = []
        self._do = do

    def handle(self, message: Event, context: Any) -> Any:
        self.heard.append(message.event)
        result = self._do(message)
        if result is not None:
            return self._finish(message, result)
        self.done.append(message.event)
        return None

    async def _finish(self, message: Event, work: Any) -> None:
        await work
        self.done.append(message.event)


class Other(Witness):
    pass


def raising(error: BaseException) -> Callable[[Event], Any]:
    def do(_: Event) -> None:
        raise error

    return do


FAULTS = [
    ValueError("x"),
    asyncio.CancelledError(),
    KeyboardInterrupt(),
    SystemExit(1),
    GeneratorExit(),
    StopIteration(),
    Mute(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_handler_that_raises_costs_only_itself(fault: BaseException) -> None:
    """Whatever is raised, the other handler hears this event and the next, and so does the one that failed."""
    world = World()
    bad, good = Witness(raising(fault)), Other()
    router = EventRouter(world.context, [bad, good])
    router.route(message("run_start"))
    router.route(message("run_end"))
    assert good.done == ["run_start", "run_end"]
    assert bad.heard == ["run_start", "run_end"]
    if not isinstance(fault, StopIteration):
        health = world.stores.health.get("Witness")
        assert health is not None and (health.failures, health.streak, health.last_event) == (2, 2, "run_end")
        assert world.stores.metrics.get("failed") == 2
        assert len(world.console.texts("error")) == 2
        assert "[Witness] failed on run_start" in world.console.texts("error")[0]


def test_without_isolation_the_others_would_not_hear() -> None:
    """The negative control: a router that simply calls its handlers loses the second one."""
    world = World()
    bad, good = Witness(raising(ValueError("x"))), Other()

    def naive(event: Event) -> None:
        for handler in (bad, good):
            handler.handle(event, world.context)

    with pytest.raises(ValueError, match="x"):
        naive(message("run_start"))
    assert good.done == []


def test_can_handle_may_raise_too() -> None:
    """A filter that fails is a failure of its handler alone."""
    world = World()

    class Picky(Witness):
        def can_handle(self, message: Event) -> bool:
            raise RuntimeError("cannot tell")

    good = Other()
    router = EventRouter(world.context, [Picky(), good])
    router.route(message("run_start"))
    assert good.done == ["run_start"]
    assert world.stores.metrics.get("failed") == 1


def test_can_handle_filters() -> None:
    """A handler may refuse a message of an event it names."""
    world = World()

    class Never(Witness):
        def can_handle(self, message: Event) -> bool:
            return False

    never = Never()
    EventRouter(world.context, [never]).route(message("run_start"))
    assert never.heard == []


def test_the_common_case_needs_no_loop() -> None:
    """An async handler that never suspends is driven to its end on the spot."""
    world = World()

    async def nothing() -> None:
        return None

    handler = Witness(lambda _: nothing())
    EventRouter(world.context, [handler]).route(message("run_start"))
    assert handler.done == ["run_start"]


async def test_a_lane_keeps_its_order_and_others_do_not_wait() -> None:
    """While one handler is suspended its later events wait, in order; another handler is done already."""
    world = World()
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    gates = iter([gate, asyncio.sleep(0), asyncio.sleep(0)])

    async def work(waiting: Any) -> None:
        await waiting

    slow, fast = Witness(lambda _: work(next(gates))), Other()
    router = EventRouter(world.context, [slow, fast])
    for name in ("run_start", "start_node", "run_end"):
        router.route(message(name, **({"node_id": "n"} if name == "start_node" else {})))
    assert slow.heard == ["run_start"]
    assert fast.done == ["run_start", "start_node", "run_end"]
    gate.set_result(None)
    for _ in range(10):
        await asyncio.sleep(0)
    assert slow.done == ["run_start", "start_node", "run_end"]
    assert world.clock.pending == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_a_handler_that_raises_after_a_suspension_costs_only_itself(fault: BaseException) -> None:
    """A task that fails does not take the loop along, and its lane goes on."""
    world = World()

    async def fail() -> None:
        await asyncio.sleep(0)
        raise fault

    handler = Witness(lambda event: fail() if event.event == "run_start" else None)
    router = EventRouter(world.context, [handler])
    router.route(message("run_start"))
    router.route(message("run_end"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert handler.done == ["run_end"]
    assert world.stores.metrics.get("failed") == 1


async def test_a_handler_that_hangs_is_cut_off() -> None:
    """After its bound it is cancelled, counted, and its lane goes on; a recovery ends the streak."""
    world = World()
    handler = Witness(lambda event: asyncio.Event().wait() if event.event == "run_start" else None)
    router = EventRouter(world.context, [handler])
    router.route(message("run_start"))
    router.route(message("run_end"))
    world.clock.advance(1.9)
    assert handler.done == []
    world.clock.advance(0.2)
    await asyncio.sleep(0)
    assert handler.done == ["run_end"]
    health = world.stores.health.get("Witness")
    assert health is not None and (health.failures, health.streak) == (1, 0)
    assert "cut off" in (health.last_error or "")


async def test_a_handler_that_swallows_its_cancellation_is_left_behind() -> None:
    """The lane does not wait for it, and what it says later is not taken for the word of its successor."""
    world = World()
    ended = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await ended.wait()

    handler = Witness(lambda event: stubborn() if event.event in ("run_start", "start_node") else None)
    router = EventRouter(world.context, [handler])
    router.route(message("run_start"))
    await asyncio.sleep(0)
    world.clock.advance(2.1)
    await asyncio.sleep(0)
    router.route(message("run_end"))
    assert handler.done == ["run_end"]
    router.route(message("start_node", node_id="n"))
    ended.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert world.stores.metrics.get("failed") == 1
    assert handler.done == ["run_end", "run_start"]
    world.clock.advance(2.1)
    assert world.stores.metrics.get("failed") == 2, "the successor has its own bound"
    router.stop()


async def test_stop_ends_what_is_under_way() -> None:
    """Suspended work is cancelled and what waits is forgotten."""
    world = World()
    handler = Witness(lambda _: asyncio.Event().wait())
    router = EventRouter(world.context, [handler])
    router.route(message("run_start"))
    router.route(message("run_end"))
    router.stop()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert handler.heard == ["run_start"]
    assert world.clock.pending == 0


def test_a_slow_handler_is_named() -> None:
    """Blocking the page for 200 ms is reported, and no event is lost."""
    world = World()
    slow = Witness(lambda _: world.clock.spend(0.2))
    EventRouter(world.context, [slow]).route(message("run_start"))
    health = world.stores.health.get("Witness")
    assert health is not None and health.slow == 1
    assert "[Witness] was slow on run_start" in world.console.texts("warning")[0]
    assert slow.done == ["run_start"]


def test_an_event_nobody_handles_is_warned_about_once() -> None:
    """Once for each name."""
    world = World()
    router = EventRouter(world.context, [Witness()], debug=True)
    for _ in range(3):
        router.route(message("ChatHTML", html=""))
    assert len(world.console.texts("warning")) == 1
    assert len(world.console.texts("debug")) == 3


def test_repainting_is_isolated() -> None:
    """A handler that cannot paint does not keep the others from it."""
    world = World()
    painted: list[str] = []

    class Bad(Witness):
        def repaint(self, run: Any, context: Any) -> None:
            raise RuntimeError("no paint")

    class Good(Witness):
        def repaint(self, run: Any, context: Any) -> None:
            painted.append("good")

    EventRouter(world.context, [Bad(), Good()]).repaint(None)
    assert painted == ["good"]
    health = world.stores.health.get("Bad")
    assert health is not None and health.last_event == "repaint"
