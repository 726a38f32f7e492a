from __future__ import annotations

from typing import Any

from pyapp.live.memory import INPUTS, MAX_CHARS, MAX_FLOWS, MOST_RUNS, Memory
from pyapp.testing.storage import FakeStorage


def test_the_last_inputs_of_a_flow_are_kept_newest_first() -> None:
    """Each once, text or JSON, for each flow by itself; also for the next page."""
    storage = FakeStorage()
    memory = Memory(storage)
    for given in ("a", {"n": 1}, "b", "a"):
        memory.gave("f", given)
    memory.gave("g", "other")
    assert memory.inputs("f") == Memory(storage).inputs("f") == ["a", "b", {"n": 1}]
    for number in range(INPUTS + 3):
        memory.gave("f", number)
    assert memory.inputs("f") == [7, 6, 5, 4, 3] and memory.inputs("g") == ["other"]
    assert memory.inputs("nobody") == []


def test_nothing_and_too_much_are_not_kept() -> None:
    memory = Memory(FakeStorage())
    nothing: list[Any] = [None, "", {}, "x" * (MAX_CHARS + 1)]
    for given in nothing:
        memory.gave("f", given)
    assert memory.inputs("f") == []
    for number in range(MAX_FLOWS + 5):
        memory.gave(f"f{number}", "x")
    assert memory.inputs("f4") == [] and memory.inputs("f5") == ["x"]


def test_it_knows_which_runs_were_started_here() -> None:
    storage = FakeStorage()
    memory = Memory(storage)
    for number in range(MOST_RUNS["started"] + 2):
        memory.started(f"r{number}")
    memory = Memory(storage)
    assert not memory.is_own("r1") and memory.is_own("r2") and memory.is_own(f"r{MOST_RUNS['started'] + 1}")


def test_it_knows_which_runs_were_looked_at() -> None:
    """Those last; the same again is no more."""
    storage = FakeStorage()
    memory = Memory(storage)
    memory.started("own")
    memory.looked_at("r0")
    for number in [*range(MOST_RUNS["read"]), 0]:
        memory.looked_at(f"r{number}")
    memory.looked_at("one more")
    for each_page in (memory, Memory(storage)):
        assert [each_page.is_new(each) for each in ("own", "r0", "r1", "r2", "one more", "x")] == [
            False, False, True, False, False, True
        ]  # fmt: skip
        assert not each_page.is_own("r0")


def test_two_pages_forget_nothing_of_each_other() -> None:
    """Each writes what the other wrote, too, and what it knows itself where nothing can be read."""
    storage = FakeStorage()
    one, other = Memory(storage), Memory(storage)
    one.gave("f", "of one")
    other.gave("g", "of the other")
    other.gave("f", "also")
    one.started("r1")
    other.started("r2")
    for memory in (other, Memory(storage)):
        assert memory.inputs("f") == ["also", "of one"] and memory.inputs("g") == ["of the other"]
        assert memory.is_own("r1") and memory.is_own("r2")
    storage.refuses = True
    other.gave("g", "more")
    assert other.inputs("g") == ["more", "of the other"]


def test_a_choice_is_kept() -> None:
    storage = FakeStorage()
    assert not Memory(storage).notifies
    Memory(storage).notifies = True
    assert Memory(storage).notifies
    Memory(storage).notifies = False
    assert not Memory(storage).notifies


def test_how_much_is_announced_is_kept() -> None:
    storage = FakeStorage()
    assert Memory(storage).announces == "important"
    for wanted in ("all", "off", "important"):
        Memory(storage).announces = wanted
        assert Memory(storage).announces == wanted
    storage.write("announce", "loudly")
    assert Memory(storage).announces == "important"


def test_what_cannot_be_read_was_never_kept() -> None:
    storage = FakeStorage()
    for text in ("nonsense", "7", '{"f": 7}', "[7, null]"):
        storage.write("inputs", text)
        storage.write("started", text)
        storage.write("read", text)
        memory = Memory(storage)
        assert memory.inputs("f") == [] and not memory.is_own("f") and memory.is_new("f")
        memory.gave("f", "x")
        memory.started("r")
        assert memory.inputs("f") == ["x"] and memory.is_own("r")
    storage.refuses = True
    memory = Memory(storage)
    memory.gave("f", "y")
    assert memory.inputs("f") == ["y"], "while the page lives it is remembered all the same"
