from __future__ import annotations

from pyapp.errors import ErrorReporter
from pyapp.stores.rows import ViewHealth
from pyapp.stores.store import Batch, MapStore
from pyapp.testing.clock import FakeClock, FakeFrames
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument
from pyapp.views.changes import Changes
from pyapp.views.frame import Frame


class Told:
    """A store, and what two listeners hear of it, frame by frame."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        batch = Batch(lambda source, error: self.failures.append(str(error)))
        self.store: MapStore[str, int] = MapStore(batch)
        self.frames = FakeFrames()
        health: MapStore[str, ViewHealth] = MapStore(batch)
        frame = Frame(self.frames, FakeClock(), ErrorReporter(ListConsole()), health, FakeDocument())
        self.changes = Changes(frame, batch, self.store)
        self.heard: list[list[str]] = []
        self.off = self.changes.listen(lambda keys: self.heard.append(list(keys)))


def test_a_store_is_heard_of_once_a_frame() -> None:
    """Each key once, in the order of its first change; nothing in the task of a message, nothing twice."""
    told = Told()
    for key, value in (("b", 1), ("a", 1), ("b", 2), ("b", 2)):
        told.store.set(key, value)
    assert (told.heard, told.frames.pending) == ([], 1)
    told.frames.paint()
    assert told.heard == [["b", "a"]]
    told.store.delete("a")
    told.frames.paint()
    assert told.heard == [["b", "a"], ["a"]]
    assert not told.frames.paint(), "nothing changed, no frame is asked for"


def test_a_listener_that_raises_costs_only_itself() -> None:
    told = Told()
    told.off()
    told.changes.listen(lambda keys: keys["missing"])
    told.changes.listen(lambda keys: told.heard.append(list(keys)))
    told.store.set("a", 1)
    told.frames.paint()
    assert told.heard == [["a"]] and len(told.failures) == 1


def test_where_nobody_listens_no_frame_is_asked_for() -> None:
    told = Told()
    told.off()
    told.off()
    told.store.set("a", 1)
    assert told.frames.pending == 0
