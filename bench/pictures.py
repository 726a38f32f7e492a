"""`make pictures`: the README's pictures, taken of the real page while the dev server runs a real flow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.conftest import FLAGS
from setup.chromium import chromium_path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"
SIZES = {"wide": (1440, 900), "phone": (390, 844), "huge": (2560, 1300)}


def main() -> None:
    """Take every picture anew."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "devserver", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    match = None
    while match is None:
        match = re.search(r"http://\S+", server.stdout.readline())
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            for size in SIZES:
                for scheme in ("light", "dark"):
                    take(browser, match[0], size, scheme)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


def take(browser: Browser, address: str, size: str, scheme: str) -> None:
    """One picture in the middle of a run, one after it."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
    )
    page = context.new_page()
    page.goto(f"{address}?flow=agno")
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    page.locator("#play:enabled").click()
    page.locator("#canvas .node:not(.group).executing >> nth=1").wait_for(timeout=30_000)
    shoot(page, f"{size}-{scheme}-during")
    page.locator("#runs [data-status=success][aria-current=true]").wait_for(timeout=60_000)
    page.locator("#output-title").click()
    page.locator("#node-output summary").last.click()
    shoot(page, f"{size}-{scheme}-after")
    context.close()


def shoot(page: Page, name: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(TARGET / f"{name}.png"))
    print(f"· docs/pictures/{name}.png", flush=True)


if __name__ == "__main__":
    main()
