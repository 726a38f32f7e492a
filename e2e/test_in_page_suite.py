"""The unit suite, inside the page: the same tests on the Python that the page runs on."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from setup.chromium import chromium_path

from .conftest import FLAGS, boot_ordinarily

ROOT = Path(__file__).resolve().parents[1]
WHEELS = ROOT / "web" / "vendor" / "testing"
HOST_ONLY = (
    "tests/devserver/",
    "tests/flowglow/",
    "tests/setup/",
    "tests/controls/",
    "tests/test_security.py",
    "tests/schedules/test_occurrences.py",
)
"""Tests of the server: threads, processes and sockets, which a page has not; of the whole tree; and of what the tests
themselves make up."""

RUNNER = """
# plain asserts: to rewrite those of 300 files takes the page longer than the tests in most of them, and what fails here
# and not on the host is said by its line
import contextlib, io, json, os, sys, zipfile
sys.path[:0] = ["/home/pyodide", "/home/pyodide/wheels"]
for name in os.listdir("/home/pyodide/bundle"):
    with zipfile.ZipFile(f"/home/pyodide/bundle/{name}") as bundle:
        bundle.extractall("/home/pyodide" if name == "suite.zip" else "/home/pyodide/wheels")
os.chdir("/home/pyodide")
import importlib
importlib.invalidate_caches()
import pytest

class Tally:
    outcomes = {"passed": 0, "failed": 0, "skipped": 0}

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.outcome] += 1

said = io.StringIO()
with contextlib.redirect_stdout(said):
    options = ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    code = pytest.main(["tests", *options], plugins=[Tally()])
json.dumps({"code": int(code), **Tally.outcomes, "said": said.getvalue()[-20000:]})
"""

STACKS = """for (const name of ["Suspending", "promising"]) {
  if (name in WebAssembly) Object.defineProperty(WebAssembly, name, { configurable: false });
}"""
"""Here it does wait on a stack of its own, which the page itself takes away (web/js/runtime.mjs)."""


def suite() -> bytes:
    """The tests and the fakes they stand on, as one zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        names = [path for folder in ("tests", "pyapp") for path in (ROOT / folder).rglob("*")]
        for path in [*names, ROOT / "pyproject.toml", *(ROOT / "docs").glob("*.md")]:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (".py", ".toml", ".ndjson", ".md", ".txt") and not name.startswith(HOST_ONLY):
                bundle.write(path, name)
    return packed.getvalue()


@pytest.mark.tree("fetches the wheels of the tests")
def test_the_unit_suite_passes_inside_the_page(playwright: Playwright, site: str) -> None:
    """pytest itself runs in Pyodide, on the real page's interpreter; nothing fails, and hardly anything is left out."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)  # as fast as it gets
    page = browser.new_page()
    page.set_default_timeout(300_000)
    page.route("**/suite.zip", lambda route: route.fulfill(body=suite(), content_type="application/zip"))
    boot_ordinarily(page)  # asyncio.run waits in a page, which a Python that was pictured elsewhere has not learnt
    page.add_init_script(STACKS)
    page.route("**/pyapp/main.py", lambda route: route.fulfill(body="import js\njs.flowglow.ready()\n"))
    page.goto(site)
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    wheels = [wheel.name for wheel in sorted(WHEELS.glob("*.whl"))]
    assert len(wheels) >= 7
    told = page.evaluate(
        """async ([wheels, runner]) => {
          const pyodide = flowglow.pyodide;
          pyodide.FS.mkdirTree("/home/pyodide/bundle");
          const urls = [["suite.zip", "./suite.zip"], ...wheels.map((name) => [name, `./web/vendor/testing/${name}`])];
          for (const [name, url] of urls) {
            const answer = await fetch(url);
            if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
            pyodide.FS.writeFile(`/home/pyodide/bundle/${name}`, new Uint8Array(await answer.arrayBuffer()));
          }
          return pyodide.runPythonAsync(runner);
        }""",
        [wheels, RUNNER],
    )
    result = json.loads(told)
    browser.close()
    assert result["failed"] == 0 and result["code"] == 0, result["said"]
    assert result["passed"] > 2000, result["said"]
    assert result["skipped"] * 50 < result["passed"], result["said"]  # what is held against a library of the host
