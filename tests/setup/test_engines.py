from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from setup.engines import ensure_engines, ensure_firefox, firefox_path, webkit_driver_path
from setup.machine import SetupError
from setup.place import Place
from tests.setup.machine import Bare

NOWHERE = Place(Path("/nowhere"))


class Debian(Bare):
    """A Debian: what is installed is found from then on, as far as it `has` it."""

    def __init__(self, *programs: str, root: bool = True, has: str = "") -> None:
        super().__init__("apt-get", *programs, root=root)
        self.installed: list[str] = []
        self.has = has

    def run(self, command: Any, **_: Any) -> str:
        if "install" in command:
            packages = [each for each in command[command.index("install") + 1 :] if not each.startswith("-")]
            self.installed += packages
            self.waits = any(each.startswith("DPkg::Lock::Timeout=") for each in command)
            found = {"firefox-esr": "firefox-esr", "webkit2gtk-driver": "WebKitWebDriver", "xvfb": "Xvfb"}
            self.programs |= {found[each] for each in packages if self.has in found[each]}
        return ""


def test_what_is_missing_is_installed_and_nothing_else() -> None:
    machine = Debian("firefox")
    ensure_engines(NOWHERE, machine)
    assert machine.installed == ["webkit2gtk-driver", "xvfb"] and machine.waits, "for another apt-get at work"
    ensure_engines(NOWHERE, machine)
    assert machine.installed == ["webkit2gtk-driver", "xvfb"]
    assert firefox_path(machine) == "/usr/bin/firefox"
    assert webkit_driver_path(machine) == "/usr/bin/WebKitWebDriver"


def test_webkit_needs_a_display() -> None:
    assert webkit_driver_path(Debian("WebKitWebDriver")) is None


def test_a_package_without_its_program_is_said() -> None:
    with pytest.raises(SetupError, match="WebKitWebDriver was not found"):
        ensure_engines(NOWHERE, Debian(has="firefox"))


def test_who_may_not_install_is_told_what_to_do() -> None:
    with pytest.raises(SetupError, match="apt-get install firefox-esr webkit2gtk-driver xvfb"):
        ensure_engines(NOWHERE, Debian(root=False))


def test_the_ordinary_tests_do_without_firefox_where_it_cannot_be_had() -> None:
    alone, able = Debian(root=False), Debian()
    ensure_firefox(NOWHERE, alone)
    assert "apt-get install firefox-esr" in alone.said[-1] and "left out" in alone.said[-1]
    ensure_firefox(NOWHERE, able)
    ensure_firefox(NOWHERE, able)
    assert able.installed == ["firefox-esr"]
