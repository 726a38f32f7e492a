"""Edit and reload: the page starts from a snapshot with our own modules in it, and shows every edit all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from setup.built import ensure_built
from setup.machine import Machine

from .conftest import Guard
from .devserver import running_devserver
from .editions import CHANGES, EDITION, copied_tree, edit
from .site import static_site

pytestmark = pytest.mark.tree("edits it")
FROM_SNAPSHOT = """() => {
  const [finder] = flowglow.pyodide.runPython("import sys; sys.meta_path[:1]").toJs();
  return finder.package !== undefined;
}"""
"""Whether our own modules came out of the snapshot."""
NEW = """import colorsys
from pydantic.alias_generators import to_camel
def edition() -> str:
    return to_camel("new_module") + str(colorsys.rgb_to_hsv(1, 0, 0)[2])
"""
"""What nothing of ours has imported when the snapshot was taken."""


@pytest.fixture
def tree(built: None, tmp_path: Path) -> Path:
    """A copy of the tree, with a snapshot of just this one."""
    place = copied_tree(tmp_path)
    ensure_built(place, Machine())
    return place.root


@pytest.fixture
def fresh(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    guard = Guard(page)
    yield page
    guard.check()
    page.close()


def reload(page: Page) -> None:
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)


def test_an_edit_shows_after_one_reload(fresh: Page, tree: Path) -> None:
    """Of any kind of file, with what no module has imported before; and when it is taken back, the snapshot serves."""
    with running_devserver(tree) as address:
        fresh.goto(address)
        fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
        assert fresh.evaluate(EDITION) == "AAAA"
        assert fresh.evaluate(FROM_SNAPSHOT)
        for name, (old, new) in CHANGES.items():
            edit(tree, name, old, new)
        reload(fresh)
        assert fresh.evaluate(EDITION) == "BBBB"
        assert not fresh.evaluate(FROM_SNAPSHOT)
        (tree / "pyapp" / "new.py").write_text(NEW)
        edit(tree, "pyapp/browser/page.py", "dataset.python = 'B'", "dataset.python = edition()")
        edit(tree, "pyapp/browser/page.py", "import js\n", "import js\nfrom ..new import edition\n")
        reload(fresh)
        expect(fresh.locator("html")).to_have_attribute("data-python", "newModule1")
        for name, (old, new) in CHANGES.items():
            if not name.endswith("page.py"):
                edit(tree, name, new, old)
        edit(tree, "pyapp/browser/page.py", "import js\nfrom ..new import edition\n", "import js\n")
        edit(tree, "pyapp/browser/page.py", "    js.document.documentElement.dataset.python = edition()\n", "")
        (tree / "pyapp" / "new.py").unlink()
        reload(fresh)
        assert fresh.evaluate(EDITION) == "AAAA"
        assert fresh.evaluate(FROM_SNAPSHOT)


def test_a_module_that_is_gone_is_missed(context: BrowserContext, tree: Path) -> None:
    """Though the snapshot has it."""
    (tree / "pyapp" / "stores" / "store.py").unlink()
    page = context.new_page()
    with running_devserver(tree) as address:
        page.goto(address)
        page.locator("html[data-app=failed]").wait_for(timeout=60_000)
        expect(page.locator("#boot-failure-detail")).to_contain_text("No module named 'pyapp.stores.store'")
    page.close()


def test_a_plain_static_server_needs_no_set_up_after_an_edit(fresh: Page, tree: Path) -> None:
    """A tree that is newer than its snapshot."""
    for name, (old, new) in CHANGES.items():
        edit(tree, name, old, new)
    said: list[str] = []
    fresh.on("console", lambda message: said.append(message.text))
    with static_site(tree) as address:
        fresh.goto(address)
        fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
        assert fresh.evaluate(EDITION) == "BBBB"
    assert not [each for each in said if re.search("ordinary way", each)]
