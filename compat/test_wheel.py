"""From an empty environment: install the wheel, serve the page, and run a flow of a backend that is elsewhere."""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Guard
from e2e.devserver import running_devserver
from e2e.site import ROOT
from e2e.test_extension import sheet_of_the_docs, written_in_the_docs

from .environments import free_port, running_apart


def run_a_flow(page: Page, url: str) -> None:
    """Open the page, press Play, and see the run end well."""
    page.goto(url)
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    page.locator("#connection[data-state=open]").wait_for(timeout=30_000)
    page.locator("#play").click()
    expect(page.locator("#runs [data-run-id]").first).to_have_attribute("data-status", "success", timeout=60_000)
    expect(page.locator("#canvas [data-outcome=success]").first).to_be_visible()


@pytest.fixture
def backend(built: None) -> Iterator[tuple[str, str]]:
    """A dev server on one origin, and the address on another from which the page may ask it."""
    page = f"http://127.0.0.1:{free_port()}"
    with running_devserver(ROOT, "--pages", page) as address:
        yield address, page


def test_the_installed_page_runs_a_flow(
    empty_environment: Path, backend: tuple[str, str], fresh: tuple[Page, Guard], tmp_path: Path
) -> None:
    """Two origins: policy, CORS and the socket that is opened early all hold. A portal's own file is served along."""
    (page, _), (api, address) = fresh, backend
    (tmp_path / "my_portal.py").write_text(written_in_the_docs())
    sheet = sheet_of_the_docs()  # which the portal would serve from a folder of its own
    page.route("**/static/my_portal.css", lambda route: route.fulfill(body=sheet, content_type="text/css"))
    socket = api.replace("http", "ws")
    words = ["--ws", f"{socket}/ws", "--api", f"{api}/api", "--flow", "linear", "--title", "Our runs"]
    words += ["--extensions", "my_portal.py", "--port", address.rpartition(":")[2]]
    with running_apart([empty_environment, "-m", "flowglow", *words], tmp_path):
        run_a_flow(page, f"{address}/")
        assert page.title().endswith("Our runs")
        expect(page.get_by_role("tab", name="Deployments")).to_be_visible()
        expect(page.locator("#inspector [data-handler=DeployHandler]")).to_have_attribute("data-failures", "0")
        with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
            policy = answer.headers["content-security-policy"]
        assert f"connect-src 'self' {api} {socket};" in policy


def test_an_address_may_name_a_backend_of_a_listed_origin(
    empty_environment: Path, backend: tuple[str, str], fresh: tuple[Page, Guard], tmp_path: Path
) -> None:
    """The origin is listed as http; browsers do not take that for its sockets, so the policy names both."""
    (page, _), (api, address) = fresh, backend
    words = ["--origins", api, "--port", address.rpartition(":")[2]]
    with running_apart([empty_environment, "-m", "flowglow", *words], tmp_path):
        run_a_flow(page, f"{address}/?ws={api.replace('http', 'ws')}/ws&api={api}/api&flow=linear")


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
