from __future__ import annotations

from pyapp.testing.keyboard import FakeKeyboard


def test_keys_reach_whoever_wants_them() -> None:
    """Only keys that were asked for, none while a dialog is open, none afterwards."""
    keyboard, heard = FakeKeyboard(), list[str]()
    off = keyboard.on_keys({"p", "Mod+k"}, heard.append)
    assert keyboard.hit("p") and keyboard.hit("Mod+k") and not keyboard.hit("x")
    keyboard.dialog("keys", opened=True)
    assert not keyboard.hit("p") and keyboard.opened == ["keys"]
    keyboard.dialog("keys", opened=False)
    off()
    assert not keyboard.hit("p") and keyboard.listeners == 0
    assert heard == ["p", "Mod+k"]


def test_it_notes_what_was_asked_for() -> None:
    """What is missing is neither pressed nor focused."""
    keyboard = FakeKeyboard()
    keyboard.missing = {"#stop"}
    keyboard.lists = {"data-run-id": ["a"]}
    keyboard.around = {"data-of": "1"}
    assert keyboard.press("#play") and not keyboard.press("#stop")
    assert keyboard.focus("#log") and not keyboard.focus("#stop")
    assert (keyboard.pressed, keyboard.focuses) == (["#play"], ["#log"])
    assert keyboard.listed("#runs *", "data-run-id") == ["a"] and keyboard.listed("x", "y") == []
    assert keyboard.focused(".card", "data-of") == "1" and keyboard.focused(".card", "z") is None
