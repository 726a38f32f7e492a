"""The API for a portal's files: what `register` may say, and what stays stable."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from pyapp import extend
from pyapp.extend import EventHandler, Extension, OwnEvent, RunTable
from pyapp.stores.store import Batch


class Deploy(OwnEvent):
    event: Literal["deploy"]


class Handler(EventHandler):
    messages = (Deploy,)


def extension() -> Extension:
    return Extension("mine", lambda: RunTable(Batch(lambda name, error: None)))


def test_what_is_registered_is_noted_in_its_order() -> None:
    """Nothing is added while `register` still runs."""
    page, handler = extension(), Handler()
    view: Any = object()
    page.message(Deploy)
    page.handler(handler)
    page.tab("deploys", "Deployments", view)
    page.view(view)
    page.styles("/static/mine.css")
    page.on_error(print)
    assert page.parts == [
        ("message", Deploy), ("handler", handler), ("tab", ("deploys", "Deployments", view)), ("view", view),
        ("styles", ("mine", "/static/mine.css")), ("listener", print),
    ]  # fmt: skip
    assert isinstance(page.table(), RunTable)


@pytest.mark.parametrize("name", ["", "Deploys", "1st", "a b", "x" * 32, '"'])
def test_a_tab_has_a_name_that_can_stand_in_an_address(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a tab"):
        extension().tab(name, "Deployments", lambda context, place: None)  # type: ignore[arg-type, return-value]


def test_a_handler_hears_of_its_own_messages() -> None:
    assert Handler.events == {"deploy"}


def test_the_names_of_the_api_are_all_there() -> None:
    """Taking one away breaks somebody's portal."""
    promised = {
        "DomEvent", "Drawn", "Element", "Event", "EventHandler", "Extension", "Failure", "FlowNode", "HandlerContext",
        "HandlerError", "Keyed", "NodeView", "OwnEvent", "Run", "RunTable", "View", "ViewContext",
    }  # fmt: skip
    assert promised <= set(extend.__all__) and all(hasattr(extend, name) for name in extend.__all__)
