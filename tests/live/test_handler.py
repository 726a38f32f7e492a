from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.events import EVENTS
from pyapp.errors import HandlerError
from pyapp.handlers import all_handlers
from pyapp.live.handler import EventHandler
from pyapp.locale.catalogue import Catalogue
from tests.live.support import World, message


def test_a_handler_that_names_an_unknown_event_cannot_be_made() -> None:
    """The mistake shows when the class is made, with the name and the choices."""
    with pytest.raises(HandlerError, match="run_strat"):
        type("Typo", (EventHandler,), {"events": frozenset({"run_strat"})})


def test_a_handler_of_a_part_that_does_not_exist_cannot_be_made() -> None:
    with pytest.raises(HandlerError, match="executoins"):
        type("Typo", (EventHandler,), {"events": frozenset({"run_end"}), "part": "executoins"})


def test_a_handler_must_name_its_events() -> None:
    """A handler of nothing is a mistake."""
    with pytest.raises(HandlerError, match="handles no event"):
        type("Nothing", (EventHandler,), {})


def test_a_handler_is_named_after_its_class_unless_it_says_so() -> None:
    """The name is what logs and inspector show."""
    made: Any = type("Plain", (EventHandler,), {"events": frozenset({"run_end"})})
    assert made.name == "Plain"
    given: Any = type("Other", (made,), {"name": "Given"})
    plain: Any = type("Third", (made,), {})
    assert (given.name, plain.name) == ("Given", "Third")


def test_the_base_asks_for_handle_and_paints_nothing() -> None:
    """can_handle lets every message of its events through; handle must be written; repaint may be left out."""

    class Plain(EventHandler):
        events = frozenset({"run_end"})

    world = World()
    handler = Plain()
    assert handler.can_handle(message("run_end")) and not handler.on_replay
    handler.repaint(None, world.context)
    with pytest.raises(NotImplementedError):
        handler.handle(message("run_end"), world.context)


def test_the_seven_say_what_they_cost() -> None:
    """Each has a name of its own and a sentence for whoever misses it. What is told again asks and says nothing."""
    every = all_handlers()
    assert len({each.name for each in every}) == len(every) == 7
    assert all(Catalogue()(each.costs).endswith(".") for each in every)
    assert {each.name for each in every if each.on_replay} == {"MockStoreHandler", "ChatStreamHandler"}
    assert frozenset().union(*(each.events for each in every)) == EVENTS, "no event is without a handler"
