"""From an empty environment: install the wheel, serve the page, and run a flow of a backend that is elsewhere."""

from __future__ import annotations

import subprocess
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import Guard
from e2e.devserver import running_devserver
from e2e.site import ROOT

from .environments import free_port, running


def run_a_flow(page: Page, url: str) -> None:
    """Open the page, press Play, and see the run end well."""
    page.goto(url)
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    page.locator("#connection[data-state=open]").wait_for(timeout=30_000)
    page.locator("#play").click()
    expect(page.locator("#runs [data-run-id]").first).to_have_attribute("data-status", "success", timeout=60_000)
    expect(page.locator("#canvas [data-outcome=success]").first).to_be_visible()


def test_the_installed_page_runs_a_flow(
    empty_environment: Path, built: None, fresh: tuple[Page, Guard], tmp_path: Path
) -> None:
    """Two origins: policy, CORS and the socket that is opened early all hold."""
    page, _ = fresh
    address = f"http://127.0.0.1:{free_port()}"
    with running_devserver(ROOT, "--pages", address) as backend:
        socket = backend.replace("http", "ws")
        words = ["--ws", f"{socket}/ws", "--api", f"{backend}/api", "--flow", "linear", "--title", "Our runs"]
        command: list[str | Path] = [empty_environment, "-m", "flowglow", *words, "--port", address.rpartition(":")[2]]
        with running(command, tmp_path):
            run_a_flow(page, f"{address}/")
            assert page.title().endswith("Our runs")
            with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
                policy = answer.headers["content-security-policy"]
            assert f"connect-src 'self' {backend} {socket};" in policy


def test_what_was_installed_is_whole_and_typed(empty_environment: Path, tmp_path: Path) -> None:
    """`pip check` is content, fakes for tests of extensions are there, and it needs nothing of the tree."""
    code = (
        "import flowglow, pyapp.testing.page, pathlib\n"
        "folder = pathlib.Path(flowglow.__file__).parent\n"
        "assert (folder / 'py.typed').exists() and (folder / 'site' / 'index.html').exists()\n"
        "flowglow.page(ws='/ws', api='/api')\n"
    )
    subprocess.run([empty_environment, "-c", code], check=True, cwd=tmp_path, timeout=60)
    subprocess.run([empty_environment, "-m", "pip", "check"], check=True, cwd=tmp_path, timeout=60)
