"""A Chromium for the tests: Playwright's own, else one on PATH, else Debian's package."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .environment import apt_install, python
from .step import STAMPS, SetupError, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHOICE = STAMPS / "chromium-path"
DOWNLOAD_S = 240


def ensure_chromium() -> None:
    """Find or install a Chromium, and remember where it is ("" is Playwright's own)."""
    if CHOICE.exists() and (not CHOICE.read_text() or Path(CHOICE.read_text()).exists()):
        return
    path = _playwrights_own() or _on_path()
    if path is None and _playwright_install():
        path = ""
    if path is None:
        apt_install("chromium", why="The tests drive a Chromium, and none was found.")
        path = _on_path()
    if path is None:
        raise SetupError("No Chromium was found. Install one (on Debian: apt-get install chromium), then try again.")
    CHOICE.parent.mkdir(parents=True, exist_ok=True)
    CHOICE.write_text(path)


def chromium_path() -> str | None:
    """The executable that tests drive; None for Playwright's own."""
    return (CHOICE.read_text() or None) if CHOICE.exists() else _on_path()


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _playwrights_own() -> str | None:
    code = (
        "import os, playwright.sync_api as p\n"
        "with p.sync_playwright() as w: print(os.path.exists(w.chromium.executable_path))"
    )
    done = subprocess.run([python(), "-c", code], capture_output=True, text=True)
    return "" if done.stdout.strip() == "True" else None


def _playwright_install() -> bool:
    say("asking Playwright for its Chromium")
    try:
        done = subprocess.run(
            [python(), "-m", "playwright", "install", "chromium"], capture_output=True, timeout=DOWNLOAD_S
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
