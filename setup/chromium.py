"""A Chromium for the tests: Playwright's own, else one on PATH, else Debian's package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .environment import apt_install
from .machine import Machine, SetupError
from .place import HERE, Place

if TYPE_CHECKING:
    from .machine import Command

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_S = 240.0
IS_THERE = (
    "import os, sys, playwright.sync_api as p\n"
    "with p.sync_playwright() as w: sys.exit(not os.path.exists(w.chromium.executable_path))"
)


def ensure_chromium(place: Place, machine: Machine) -> None:
    """Find or install a Chromium, and remember where it is ("" is Playwright's own)."""
    choice = _choice(place)
    if choice.exists() and (not choice.read_text() or Path(choice.read_text()).exists()):
        return
    path = "" if _playwright_has_one(place, machine) else _on_path(machine)
    if path is None and _playwright_installs_one(place, machine):
        path = ""
    if path is None:
        apt_install(machine, "chromium", why="The tests drive a Chromium, and none was found.")
        path = _on_path(machine)
    if path is None:
        raise SetupError("No Chromium was found. Install one (on Debian: apt-get install chromium), then try again.")
    choice.parent.mkdir(parents=True, exist_ok=True)
    choice.write_text(path)


def chromium_path(place: Place = HERE) -> str | None:
    """The executable that tests drive, as `ensure_chromium` chose it; None for Playwright's own."""
    choice = _choice(place)
    return (choice.read_text() or None) if choice.exists() else _on_path(Machine())


def _choice(place: Place) -> Path:
    return place.stamps / "chromium-path"


def _on_path(machine: Machine) -> str | None:
    return next((found for name in NAMES if (found := machine.find(name))), None)


def _playwright_has_one(place: Place, machine: Machine) -> bool:
    return machine.succeeds([place.python, "-c", IS_THERE], what="asking Playwright where its Chromium is")


def _playwright_installs_one(place: Place, machine: Machine) -> bool:
    machine.say("asking Playwright for its Chromium")
    command: Command = [place.python, "-m", "playwright", "install", "chromium"]
    return machine.succeeds(command, what="fetching Playwright's Chromium", within_s=DOWNLOAD_S)
