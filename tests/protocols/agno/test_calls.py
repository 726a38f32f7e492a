from __future__ import annotations

from pyapp.protocols.agno.calls import MAX_KNOWN, Calls


def test_a_call_ends_once() -> None:
    """By its id, or by its name where it has none; ids are used again."""
    calls = Calls()
    for call, name in (("c", "look"), (None, "look")):
        assert calls.start("r", call, name) and calls.end("r", call, name)
        assert not calls.end("r", call, name), "Agno tells the end of one that failed twice"
        assert calls.start("r", call, name) and calls.end("r", call, name)
    assert calls.start("r", "d", "look") and not calls.start("r", "d", "look")
    assert calls.start("s", "d", "look"), "another run"


def test_without_ids_as_many_end_as_began() -> None:
    calls = Calls()
    assert [calls.start("r", None, "look") for _ in range(2)] == [True, True]
    assert [calls.end("r", None, "look") for _ in range(3)] == [True, True, False]


def test_a_call_whose_start_was_missed_ends() -> None:
    calls = Calls()
    assert calls.end("r", "c", "look") and not calls.end("r", "c", "look")


def test_what_is_remembered_is_bounded() -> None:
    calls = Calls()
    for number in range(MAX_KNOWN + 1):
        calls.end("r", str(number), "look")
    assert calls.end("r", "0", "look"), "it was forgotten"
    assert not calls.end("r", str(MAX_KNOWN), "look")
