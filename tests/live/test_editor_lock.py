from __future__ import annotations

from dataclasses import replace

from pyapp.live.editor_lock import EditorLock
from pyapp.stores.runs import RunRow
from tests.live.support import World


def test_the_lock_follows_the_run_in_front() -> None:
    """Locked while starting, or while the front is not over; others do not count."""
    world = World()
    EditorLock(world.stores)
    editor, runs = world.stores.editor, world.stores.runs
    editor.set(replace(editor.get(), starting=True))
    assert editor.get().locked
    editor.set(replace(editor.get(), starting=False))
    assert not editor.get().locked
    runs.set("back", RunRow("back", "executing"))
    assert not editor.get().locked
    world.stores.front.set("back")
    assert editor.get().locked
    runs.set("back", RunRow("back", "paused", stopping=True))
    assert editor.get().locked and editor.get().stopping
    runs.set("back", RunRow("back", "success"))
    assert not editor.get().locked and not editor.get().stopping
    runs.set("other", RunRow("other", "executing"))
    assert not editor.get().locked


def test_a_person_can_unlock_what_nobody_can_tell() -> None:
    """Only an unverified run, and only the one it was said of."""
    world = World()
    EditorLock(world.stores)
    world.stores.runs.set("r", RunRow("r", "unverified"))
    world.stores.front.set("r")
    assert world.stores.editor.get().locked
    world.stores.editor.set(replace(world.stores.editor.get(), unlocked_run="r"))
    assert not world.stores.editor.get().locked
    world.stores.runs.set("r", RunRow("r", "executing"))
    assert world.stores.editor.get().locked
