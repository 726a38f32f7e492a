"""Firefox and WebKitGTK for the tests: those on PATH, else Debian's. WebKitGTK needs a display: Xvfb."""

from __future__ import annotations

from .environment import apt_install
from .machine import Machine, SetupError
from .place import Place

FIREFOX = ("firefox-esr", "firefox")
WEBKIT_DRIVER = "WebKitWebDriver"
DISPLAY = "Xvfb"
PACKAGES = {"firefox-esr": FIREFOX, "webkit2gtk-driver": (WEBKIT_DRIVER,), "xvfb": (DISPLAY,)}
"""Debian's package → the programs of it, any of which is enough."""


def ensure_engines(place: Place, machine: Machine) -> None:
    """Find or install all of them."""
    missing = [package for package, programs in PACKAGES.items() if not any(map(machine.find, programs))]
    if missing:
        apt_install(machine, *missing, why="The tests of other browsers than Chromium need them.")
    for package, programs in PACKAGES.items():
        if not any(map(machine.find, programs)):
            raise SetupError(f"{package} is installed, but {programs[0]} was not found on PATH.")


def firefox_path(machine: Machine) -> str | None:
    """The Firefox of this machine; None when there is none."""
    return next((found for name in FIREFOX if (found := machine.find(name))), None)


def webkit_driver_path(machine: Machine) -> str | None:
    """The driver of this machine's WebKitGTK; None when it, or the display it needs, is not there."""
    return machine.find(WEBKIT_DRIVER) if machine.find(DISPLAY) else None


def ensure_firefox(place: Place, machine: Machine) -> None:
    """Find or install the one that `make test` drives too. A machine that cannot install it does without."""
    if firefox_path(machine) is not None:
        return
    try:
        apt_install(machine, "firefox-esr", why="The tests drive a Firefox beside Chromium, and none was found.")
    except SetupError as error:
        machine.say(f"{error} Until then the tests in Firefox are left out.")
