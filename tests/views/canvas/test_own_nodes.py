"""A portal's own look of nodes: of its types only, drawn when something changes, as all others where it fails."""

from __future__ import annotations

import pytest

from pyapp.extend import Element, FlowNode, NodeView
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev

NODES = [
    {"id": "ship", "handle": "Ship it", "path": "shop.Deploy"},
    {"id": "n1", "handle": "n1", "path": "demo.Step"},
]


class Ship(NodeView):
    types = frozenset({"Deploy"})
    broken = False

    def draw(self, place: Element, node: FlowNode) -> None:
        if self.broken:
            place.replaceChildren(self.create("i", "", "half"))
            raise RuntimeError("broken")
        status = self.context.nodes[node.id].status
        place.replaceChildren(self.create("em", "own", f"{node.title}: {status}"))


def head(page: FakePage, node_id: str) -> str:
    part = page.document.part(node_id, "node-head")
    assert part is not None
    return part.textContent


async def opened() -> FakePage:
    page = FakePage()
    page.http.answer("GET", "/flows/demo", {"id": "demo", "name": "Demo", "nodes": NODES, "edges": []})
    page.app.extensions.add("ship", lambda extension: extension.view(Ship))
    await page.open()
    return page


async def test_nodes_of_its_types_are_drawn_and_follow_their_run() -> None:
    page = await opened()
    assert (head(page, "ship"), head(page, "n1")) == ("Ship it: None", "n1")
    page.receive(ev("run_start", flow_id="demo"), ev("start_node", node_id="ship", order=0))
    assert head(page, "ship") == "Ship it: executing"
    page.receive(ev("end_node", node_id="ship", order=0, status="error"))
    assert head(page, "ship") == "Ship it: error" and page.badges("ship") == [("1", "error")]
    await closed(page)


async def test_a_node_that_cannot_be_drawn_is_drawn_as_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name in Diagnostics; and anew once it works."""
    page = await opened()
    monkeypatch.setattr(Ship, "broken", True)
    page.receive(ev("run_start", flow_id="demo"), ev("start_node", node_id="ship", order=0))
    assert head(page, "ship") == "Ship it" and "executing" in page.classes("ship")
    line = page.document.region("inspector").find("[data-view=Ship]")
    assert line is not None and "RuntimeError: broken" in line.textContent
    monkeypatch.setattr(Ship, "broken", False)
    await page.advance(2.0)
    assert head(page, "ship") == "Ship it: executing"
    await closed(page)
