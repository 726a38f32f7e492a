"""What is deployed: it starts from the snapshot, in the ordinary way when that cannot be, and an update is whole."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .conftest import NO_DIGEST, Guard
from .deployed import build_quietly, deployed
from .editions import EDITION, changed_tree
from .test_runtime import KILL

HEAP = 31_457_280
SNAPSHOT = re.compile(r".*\.snap$")
SAME_RANDOM = "() => flowglow.pyodide.runPython('import random; random.random()')"
LATE = """async () => {
  for (;;) {
    try { return flowglow.pyodide.runPython("import colorsys; colorsys.rgb_to_hsv(1, 0, 0)[2]"); }
    catch { await new Promise((again) => setTimeout(again, 50)); }
  }
}"""
FAILS = """() => {
  try { flowglow.pyodide.runPython("def f(x):\\n  return [1 / (y - y) for y in [x]]\\nf(1)"); }
  catch (error) { return error.message; }
}"""
"""Python tells what went wrong without the rest of its library."""
OTHER_TABLE = """
  const { grow } = WebAssembly.Table.prototype;
  WebAssembly.Table.prototype.grow = function (...words) {
    WebAssembly.Table.prototype.grow = grow;
    grow.call(this, 1);
    return grow.apply(this, words);
  };
"""
"""An engine that lays out Python's memory in another way."""
OTHER_BYTES = """
  const { digest } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.digest = async function (name, bytes) {
    const found = await digest.call(this, name, bytes);
    if (bytes.length > 20_000_000) new Uint32Array(bytes.buffer)[%d] ^= 1;
    return found;
  };
"""
"""The largest part, the snapshot, is another one behind its check."""


SLOW_LINE = {"offline": False, "latency": 0, "downloadThroughput": 10_000_000, "uploadThroughput": -1}
"""Bytes a second; what is deployed without its twins is 60 MB."""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_quietly(tmp_path_factory.mktemp("deployed") / "dist")


@pytest.fixture(scope="module")
def address(dist: Path) -> Iterator[str]:
    with deployed(dist) as address:
        yield address


def open_ready(page: Page, address: str) -> list[str]:
    """Load the page; what it said about starting in the ordinary way."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "ordinary way" in message.text else None)
    page.goto(address)
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    return said


def manifest(dist: Path) -> dict[str, Any]:
    files: dict[str, Any] = json.loads((dist / "manifest.json").read_text())["files"]
    return files


def facts(dist: Path) -> dict[str, Any]:
    """What the page knows of the snapshot."""
    text = next(dist.glob("web/built/parts.*.mjs")).read_text()
    known: dict[str, Any] = json.loads(text.removeprefix("export default ").rstrip(";\n"))["snapshot"]
    return known


def test_it_starts_from_the_snapshot_alone(fresh: Page, dist: Path, address: str) -> None:
    """Neither wheels nor our archive are loaded, and only what the manifest names; a recorded run is played."""
    guard = Guard(fresh)
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/")))
    fresh.route(re.compile(r".*python_stdlib.*"), lambda route: None)  # never answered: nothing waits for it
    assert open_ready(fresh, f"{address}/?speed=20") == []
    fresh.locator("#play").click()
    expect(fresh.locator("#runs [data-status=success]")).to_be_visible(timeout=20_000)
    assert "ZeroDivisionError: division by zero" in fresh.evaluate(FAILS)
    assert [each for each in asked if each.endswith((".whl", ".zip")) and "stdlib" not in each] == []
    assert {each or "index.html" for each in asked} <= manifest(dist).keys()
    fresh.unroute_all(behavior="ignoreErrors")
    guard.check()


def test_what_is_not_in_the_snapshot_comes_later(fresh: Page, address: str) -> None:
    """The rest of the standard library can be imported a little later, and no two pages draw the same numbers."""
    assert open_ready(fresh, address) == []
    assert fresh.evaluate(LATE) == 1
    first = fresh.evaluate(SAME_RANDOM)
    open_ready(fresh, address)
    assert fresh.evaluate(SAME_RANDOM) != first


def test_an_engine_without_trampolines_starts_from_it_too(browser: Browser, address: str) -> None:
    """Pyodide makes none on an iPhone: there its slot in the table stays empty."""
    context = browser.new_context(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1.15")
    page = context.new_page()
    assert open_ready(page, address) == []
    context.close()


def test_the_heap_that_a_snapshot_must_fit_into(dist: Path) -> None:
    known = facts(dist)
    assert known["firstHeap"] == HEAP, (
        f"Pyodide now begins with a heap of {known['firstHeap']:,} bytes, no longer {HEAP:,}. Look whether it still "
        "has Module.growMemory, which web/js/snapshot.mjs calls before it puts in a larger snapshot, and note it."
    )
    assert known["heap"] > HEAP, (
        f"The snapshot ({known['heap']:,} bytes) has become so small that it fits into Pyodide's first heap: good, but "
        "then no test shows any more that a larger one is restored. Have one made larger in this file."
    )


def _missing(route: Route) -> None:
    route.fulfill(status=404, body="gone")


ROUTES: dict[str, tuple[re.Pattern[str], Callable[[Route], None]]] = {
    "missing": (SNAPSHOT, _missing),
    "without its library": (re.compile(r".*pydantic_core\.\w+\.wasm"), _missing),
}
SCRIPTS = {
    "for another engine": OTHER_TABLE,
    "no snapshot at all": OTHER_BYTES % 0,
    "made by another Pyodide": OTHER_BYTES % 4,
}


@pytest.mark.parametrize("how", [*ROUTES, *SCRIPTS])
def test_a_snapshot_that_cannot_be_used_is_none(how: str, fresh: Page, address: str) -> None:
    """The page says why in the console, and starts in the ordinary way."""
    if how in ROUTES:
        fresh.route(*ROUTES[how])
    else:
        fresh.add_init_script(SCRIPTS[how])
    assert len(open_ready(fresh, address)) == 1


@pytest.mark.parametrize("origin", ["secure", "insecure"])
def test_a_snapshot_that_was_changed_is_none(origin: str, fresh: Page, dist: Path, tmp_path: Path) -> None:
    """One bit of it. The page checks it, or has the browser check it where it has no means to."""
    if origin == "insecure":
        fresh.add_init_script(NO_DIGEST)
    shutil.copytree(dist, tmp_path / "dist", copy_function=os.link)
    path = next((tmp_path / "dist").glob("web/vendor/pyodide/*.snap"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    with deployed(tmp_path / "dist") as address:
        assert len(open_ready(fresh, f"{address}/?speed=20")) == 1
        fresh.locator("#play").click()
        expect(fresh.locator("#runs [data-status=success]")).to_be_visible(timeout=20_000)


def test_the_next_life_starts_from_it_too(fresh: Page, address: str) -> None:
    said = open_ready(fresh, address)
    fresh.evaluate(KILL)
    fresh.locator("html[data-restarting]").wait_for(state="attached")
    fresh.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=30_000)
    expect(fresh.locator("#notices")).to_contain_text("started again")
    assert said == []


def test_an_update_is_seen_whole(fresh: Page, dist: Path, tmp_path: Path) -> None:
    """Deployed over the old one while a page is open: a reload shows the new one, whether from the snapshot or not."""
    served = tmp_path / "served"
    shutil.copytree(dist, served)
    (tmp_path / "tree").mkdir()
    new = build_quietly(tmp_path / "new", changed_tree(tmp_path / "tree"))
    guard = Guard(fresh)
    with deployed(served) as address:
        assert open_ready(fresh, address) == []
        assert fresh.evaluate(EDITION) == "AAAA"
        shutil.copytree(new, served, dirs_exist_ok=True)
        asked: list[str] = []
        fresh.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/") or "index.html"))
        assert open_ready(fresh, address) == []
        assert fresh.evaluate(EDITION) == "BBBB"
        assert set(asked) <= manifest(new).keys()
        guard.check()
        guard.allowed = ["integrity", "Failed to load resource"]
        fresh.route(SNAPSHOT, _missing)
        assert len(open_ready(fresh, address)) == 1
        assert fresh.evaluate(EDITION) == "BBBB"
    guard.check()


def test_what_is_large_comes_byte_by_byte(fresh: Page, address: str) -> None:
    """Who waits on a slow line sees each megabyte of the snapshot come, and its WebAssembly is compiled meanwhile."""
    fresh.add_init_script("document.addEventListener('loading', ({ detail }) => (globalThis.told ??= []).push(detail))")
    fresh.context.new_cdp_session(fresh).send("Network.emulateNetworkConditions", SLOW_LINE)
    assert open_ready(fresh, address) == []
    came = [each["came"] for each in fresh.evaluate("told")]
    steps = [now - before for before, now in pairwise(came)]
    assert len(came) > 20 and max(steps) < came[-1] / 8 and min(steps) >= 0, steps


def test_what_is_large_waits_for_the_splash_alone(dist: Path) -> None:
    """On a slow line the largest file fills the line while the page's own modules come, one by one."""
    text = (dist / "index.html").read_text()
    preloads = re.findall(r'<link rel="modulepreload" href="([^"]+)"( fetchpriority="low")?>', text)
    names = [Path(address).name.partition(".")[0] for address, _ in preloads]
    first = names[: next(place for place, (_, low) in enumerate(preloads) if low)]
    assert {"boot", "runtime", "snapshot", "pyodide"} <= {*first} and len(first) < 15 < len(names)
    assert all(low for _, low in preloads[len(first) :]) and len(names) == len({address for address, _ in preloads})
