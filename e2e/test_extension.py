"""A portal's own Python file in the real page: the one of docs/extending.md, as it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .conftest import Guard
from .scripted_portal import ScriptedPortal
from .site import ROOT

CONFIG = re.compile(r".*/pyscript(\.[0-9a-f]{10})?\.toml$")
BROKEN = "import a_library_that_nobody_has\n"
FOREIGN = (
    "def register(page):\n    page.styles('https://elsewhere.example/look.css')\n    page.styles('/static/lost.css')\n"
)
FLOW = {
    "id": "demo",
    "name": "Release",
    "nodes": [
        {"id": "build", "handle": "Build", "path": "shop.Build"},
        {"id": "ship", "handle": "Ship to shops", "path": "shop.Deploy"},
    ],
    "edges": [{"source": "build", "target": "ship"}],
}


def sheet_of_the_docs() -> str:
    return (ROOT / "docs" / "extending.md").read_text().partition("```css\n")[2].partition("```")[0]


def written_in_the_docs() -> str:
    text = (ROOT / "docs" / "extending.md").read_text()
    return text.partition('```python\n"""my_portal.py')[2].partition("\n```")[0].join(['"""my_portal.py', "\n"])


@pytest.fixture
def extended(context: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[tuple[Page, Guard]]:
    """A page whose settings name that file, and one that cannot be imported."""
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = [
        r"\[extension broken\] failed on loading: ModuleNotFoundError",
        r"\[extension foreign\] failed on styles: LoadError",
        r"status of 404",
        r"\[page\] failed on loading: \S+/static/lost\.css",
    ]
    named = 'extensions = ["/static/my_portal.py", "/static/broken.py", "/static/foreign.py"]'

    def configured(route: Route) -> None:
        text = route.fetch().text().replace("extensions = []", named)
        route.fulfill(body=text, content_type="application/toml")

    def served(route: Route) -> None:
        texts = {"broken": BROKEN, "foreign": FOREIGN, "my_portal": written_in_the_docs()}
        name = route.request.url.rpartition("/")[2].removesuffix(".py")
        route.fulfill(body=texts[name], content_type="text/x-python")

    page.route(CONFIG, configured)
    page.route("**/static/*.py", served)
    page.route(
        "**/static/my_portal.css", lambda route: route.fulfill(body=sheet_of_the_docs(), content_type="text/css")
    )
    portal.forget()
    portal.flows["demo"] = FLOW
    page.goto(f"{site}/{portal.query}")
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    page.locator("#connection[data-state=open]").wait_for(timeout=30_000)
    page.locator('#canvas [data-node-id="ship"]').wait_for()
    yield page, guard
    page.close()
    guard.check()


def test_a_message_of_its_own_is_shown_where_the_portal_wants_it(
    extended: tuple[Page, Guard], portal: ScriptedPortal
) -> None:
    """In its tab and its nodes; its handler and views stand in Diagnostics by name; nothing of ours is in the way."""
    page, _ = extended
    run = {"run_id": "r", "flow_id": "demo"}
    portal.send(
        {"event": "run_start", **run, "seq": 0},
        {"event": "start_node", **run, "seq": 1, "node_id": "ship", "order": 0},
        {"event": "deploy_progress", **run, "seq": 2, "node_id": "ship", "percent": 40},
    )
    bar = page.locator('#canvas [data-node-id="ship"] .own-progress')
    expect(bar).to_have_attribute("value", "40")
    expect(page.locator('#canvas [data-node-id="ship"]')).to_have_class(re.compile(r"\bexecuting\b"))
    expect(page.locator('#canvas [data-node-id="build"] .node-mark')).to_have_count(1)
    page.get_by_role("tab", name="Deployments").click()
    expect(page.locator("#own-deploys [data-deploy=ship]")).to_have_text("40 % deployed")
    portal.send({"event": "deploy_progress", **run, "seq": 3, "node_id": "ship", "percent": 100})
    expect(page.locator("#own-deploys")).to_contain_text("100 % deployed")
    expect(bar).to_have_attribute("value", "100")
    page.locator("#diagnostics-toggle").click()
    inspector = page.locator("#inspector")
    for name in ("[data-handler=DeployHandler]", "[data-view=DeploysView]", "[data-view=DeployNodeView]"):
        expect(inspector.locator(name)).to_have_attribute("data-failures", "0")
    expect(inspector.locator("[data-metric=unknown]")).to_have_text("0")
    expect(inspector.locator("[data-metric=handled]")).to_have_text("4")


def test_a_style_sheet_of_the_portals_own_counts_and_one_of_another_origin_does_not(
    extended: tuple[Page, Guard], portal: ScriptedPortal
) -> None:
    """The policy stays as it is: nothing of it is refused, and no request leaves for another origin."""
    page, _ = extended
    run = {"run_id": "r", "flow_id": "demo"}
    portal.send({"event": "run_start", **run, "seq": 0}, {"event": "start_node", **run, "seq": 1, "node_id": "ship"})
    expect(page.locator('#canvas [data-node-id="ship"] .own-progress')).to_have_css("accent-color", "rgb(163, 64, 27)")
    expect(page.locator("#notices")).to_contain_text("/static/lost.css could not be loaded")
    sheets = page.locator("link[data-own]").evaluate_all("(links) => links.map((link) => new URL(link.href).pathname)")
    assert sheets == ["/static/my_portal.css"]
    asked = page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).host)")
    assert asked and "elsewhere.example" not in asked


def test_a_file_that_cannot_be_imported_is_said_and_failures_reach_the_portals_own_ear(
    extended: tuple[Page, Guard], portal: ScriptedPortal
) -> None:
    page, guard = extended
    expect(page.locator("#notices")).to_contain_text("The extension broken is left out")
    expect(page.locator("#notices")).to_contain_text("No module named 'a_library_that_nobody_has', in line 1.")
    guard.allowed.append("the portal's own trouble")
    with page.expect_console_message(lambda message: message.text.startswith("to Sentry: page the portal's own")):
        page.evaluate("flowglow.report('a test', \"the portal's own trouble\")")


def test_the_tab_that_was_looked_at_is_there_again_after_a_reload(extended: tuple[Page, Guard]) -> None:
    page, _ = extended
    tab = page.get_by_role("tab", name="Deployments")
    tab.click()
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    expect(tab).to_have_attribute("aria-selected", "true", timeout=30_000)
    expect(page.locator("#panel-own-deploys")).to_be_visible()
