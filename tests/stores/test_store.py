from __future__ import annotations

import pytest

from pyapp.stores.store import Batch, MapStore, Store


class Heard:
    """A batch whose reported errors are kept."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, str]] = []
        self.batch = Batch(lambda source, error: self.errors.append((source, str(error))))


def test_a_change_is_told_and_an_equal_value_is_not() -> None:
    """get, set, listen; the answer of listen ends it."""
    store = Store(Heard().batch, 1)
    told: list[int] = []
    off = store.listen(told.append)
    store.set(1)
    store.set(2)
    off()
    off()
    store.set(3)
    assert (told, store.get()) == ([2], 3)


def test_subscribe_also_tells_the_present() -> None:
    """subscribe calls once at once."""
    heard = Heard()
    told: list[int] = []
    Store(heard.batch, 7).subscribe(told.append)
    assert told == [7]
    store: MapStore[str, int] = MapStore(heard.batch)
    store.set("a", 1)
    keys: list[object] = []
    store.subscribe(keys.append)
    store.set("b", 1)
    assert keys == [{"a": None}, {"b": None}]


def test_a_batch_tells_once() -> None:
    """Inside a batch nobody hears; at its end each listener hears once, of all keys; nested ones count as one."""
    heard = Heard()
    store, keyed = Store(heard.batch, 0), MapStore[str, int](heard.batch)
    told: list[object] = []
    store.listen(told.append)
    keyed.listen(told.append)
    with heard.batch():
        store.set(1)
        with heard.batch():
            store.set(2)
            keyed.set("a", 1)
        keyed.set("b", 2)
        keyed.set("b", 2)
        assert told == []
    assert told == [2, {"a": None, "b": None}]


def test_a_value_that_returned_is_not_told() -> None:
    """Changed and changed back within a batch is no change."""
    heard = Heard()
    store = Store(heard.batch, 0)
    told: list[int] = []
    store.listen(told.append)
    with heard.batch():
        store.set(1)
        store.set(0)
    assert told == []


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_listener_that_raises_costs_only_itself(fault: type[BaseException]) -> None:
    """The others hear, and the error is reported with the listener's name."""
    heard = Heard()
    store = Store(heard.batch, 0)
    told: list[int] = []

    def bad(value: int) -> None:
        raise fault("bad")

    store.listen(bad)
    store.listen(told.append)
    store.set(1)
    assert told == [1]
    assert len(heard.errors) == 1 and "bad" in heard.errors[0][0]


def test_what_a_listener_changes_is_told_too() -> None:
    """A listener may set another store; its listeners hear in the same flush."""
    heard = Heard()
    first, second = Store(heard.batch, 0), Store(heard.batch, 0)
    told: list[int] = []
    first.listen(lambda value: second.set(value * 10))
    second.listen(told.append)
    first.set(2)
    assert told == [20]


def test_keys_come_and_go() -> None:
    """A map store knows, counts, deletes and clears; deleting what is absent tells nobody."""
    keyed = MapStore[str, int](Heard().batch)
    told: list[object] = []
    off = keyed.listen(told.append)
    keyed.set("a", 1)
    keyed.delete("a")
    keyed.delete("a")
    assert ("a" in keyed, len(keyed), keyed.get("a")) == (False, 0, None)
    assert told == [{"a": None}, {"a": None}]
    off()
    off()
    keyed.set("b", 1)
    keyed.set("c", 1)
    assert dict(keyed.items()) == {"b": 1, "c": 1}
    keyed.clear()
    assert len(keyed) == 0


def test_keys_are_told_in_the_order_in_which_they_changed() -> None:
    """Whatever their names, and however often one changed."""
    heard = Heard()
    keyed = MapStore[str, int](heard.batch)
    told: list[str] = []
    keyed.listen(told.extend)
    with heard.batch():
        for number, key in enumerate("cabca"):
            keyed.set(key, number)
    assert told == ["c", "a", "b"]
