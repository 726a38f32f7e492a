from __future__ import annotations

from typing import Any

import pytest

from pyapp.errors import HandlerError
from pyapp.live.handler import EventHandler
from tests.live.support import World, message


def test_a_handler_that_names_an_unknown_event_cannot_be_made() -> None:
    """The mistake shows when the class is made, with the name and the choices."""
    with pytest.raises(HandlerError, match="run_strat"):
        type("Typo", (EventHandler,), {"events": frozenset({"run_strat"})})


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
    """can_handle goes by the names; handle must be written; repaint may be left out."""

    class Plain(EventHandler):
        events = frozenset({"run_end"})

    world = World()
    handler = Plain()
    assert handler.can_handle(message("run_end"))
    assert not handler.can_handle(message("run_start"))
    handler.repaint(None, world.context)
    with pytest.raises(NotImplementedError):
        handler.handle(message("run_end"), world.context)
