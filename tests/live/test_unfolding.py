"""The canvas of a flow whose backend knows no graph."""

from __future__ import annotations

from typing import Any

from pyapp.live import unfolding
from pyapp.run.record import RunRecord
from pyapp.run.unfolding import Found, found_in
from pyapp.testing.page import FakePage
from tests.live.support import Json, closed, ev

UNFOLDS: Json = {"id": "live", "name": "Live", "unfolds": True, "nodes": [], "edges": []}


async def opened(**flow: Any) -> FakePage:
    page = FakePage()
    page.http.answer("GET", "/flows", [{"id": "live", "name": "Live"}])
    page.http.answer("GET", "/flows/live", {**UNFOLDS, **flow})
    await page.open()
    return page


def nodes(page: FakePage) -> list[str]:
    graph = page.app.stores.graph.get()
    return list(graph.nodes) if graph is not None else []


def edges(page: FakePage) -> list[str]:
    graph = page.app.stores.graph.get()
    return [f"{each.source}{each.target}" for each in graph.flow.edges] if graph is not None else []


def went(run_id: str, *steps: str) -> list[Json]:
    """One after the other."""
    told = [ev("run_start", run_id)]
    for order, node in enumerate(steps):
        told += [
            ev("start_node", run_id, node_id=node, order=order),
            ev("end_node", run_id, node_id=node, order=order, status="success"),
        ]
    return told


async def test_the_canvas_follows_what_runs() -> None:
    page = await opened()
    assert nodes(page) == []
    page.receive(*went("r", "a", "b"))
    assert (nodes(page), edges(page)) == (["a", "b"], ["ab"])
    page.receive(ev("start_node", "r", node_id="c", order=2, node_name="Third"))
    assert (nodes(page), edges(page)) == (["a", "b", "c"], ["ab", "bc"])
    canvas = page.document.region("canvas")
    assert "Third" in canvas.find("[data-node-id=c]").textContent and page.classes("c") == {"executing"}
    assert canvas.find("[data-node-id=a]").find(".execution-order").textContent == "1"
    await closed(page)


async def test_groups_nest_as_they_are_told() -> None:
    page = await opened()
    page.receive(ev("run_start", "r"), ev("start_node", "r", node_id="g", order=0))
    page.receive(ev("start_node", "r", node_id="a", order=1, parent_node_id="g"))
    page.receive(ev("start_node", "r", node_id="b", order=2, parent_node_id="ghost"))
    canvas = page.document.region("canvas")
    assert canvas.find("[data-node-id=g]").find("[data-node-id=a]") is canvas.find("[data-node-id=a]")
    assert canvas.find("[data-node-id=ghost]").find("[data-node-id=b]") is not None
    assert page.classes("a") == page.classes("g") == {"executing"}
    await closed(page)


async def test_a_node_is_where_the_run_in_front_has_it() -> None:
    page = await opened()
    for run_id, around in (("r", "a"), ("s", "b")):
        page.receive(*went(run_id, "a", "b"))
        page.receive(ev("start_node", run_id, node_id="work", order=2, parent_node_id=around), ev("run_end", run_id))
    canvas = page.document.region("canvas")
    for run_id, around in (("s", "b"), ("r", "a")):
        page.app.front.bring(run_id)
        await page.settle()
        assert canvas.find(f"[data-node-id={around}]").find("[data-node-id=work]") is not None
    await closed(page)


async def test_the_next_run_begins_with_what_was_learnt() -> None:
    """Nothing is drawn anew at its beginning; what it does not do stays, and what it adds is added."""
    page = await opened()
    page.receive(*went("r", "a", "b"), ev("run_end", "r"))
    drawn, element = page.app.stores.canvas.get(), page.document.region("canvas").find("[data-node-id=a]")
    page.receive(ev("run_start", "s"))
    assert nodes(page) == ["a", "b"] and page.app.stores.canvas.get() == drawn
    page.receive(*went("s", "a", "c")[1:])
    assert (nodes(page), edges(page)) == (["a", "b", "c"], ["ab", "ac"])
    assert page.document.region("canvas").find("[data-node-id=a]") is element
    await closed(page)


async def test_what_no_run_does_any_more_is_gone_when_another_begins() -> None:
    page = await opened()
    for number in range(unfolding.LEARNT_FROM + 1):
        page.receive(*went(f"r{number}", "old" if number == 0 else "new"), ev("run_end", f"r{number}"))
        assert "old" in nodes(page)
    page.receive(*went("last", "new"))
    assert nodes(page) == ["new"]
    await closed(page)


async def test_an_older_run_is_shown_with_what_it_did() -> None:
    page = await opened()
    for number in range(unfolding.LEARNT_FROM + 3):
        page.receive(*went(f"r{number}", f"n{number}"), ev("run_end", f"r{number}"))
    assert "n0" not in nodes(page)
    page.app.front.bring("r0")
    assert "n0" in nodes(page)
    await closed(page)


async def test_a_name_that_is_told_later_is_shown() -> None:
    page = await opened(nodes=[{"id": "agent", "path": "x.Agent"}])
    page.receive(ev("run_start", "r"), ev("start_node", "r", node_id="agent", order=0))
    page.receive(ev("start_node", "r", node_id="agent", order=0, node_name="Desk"))
    assert page.document.region("canvas").find("[data-node-id=agent]").textContent.startswith("Desk")
    await closed(page)


async def test_what_comes_late_takes_its_place() -> None:
    """By number, though it came behind: the order is that of the record."""
    page = await opened()
    first, second, third = ("a", 1), ("b", 3), ("c", 5)
    told = [ev("run_start", "r", seq=0)]
    for node, seq in (first, second, third):
        told += [
            ev("start_node", "r", node_id=node, seq=seq),
            ev("end_node", "r", node_id=node, seq=seq + 1, status="success"),
        ]
    late = told[3:5]
    page.receive(*told[:3], *told[5:])
    await page.advance(3.0)
    assert edges(page) == ["ac"]
    page.receive(*late)
    assert (nodes(page), edges(page)) == (["a", "b", "c"], ["ab", "bc"])
    await closed(page)


async def test_other_flows_are_as_their_backend_gave_them() -> None:
    page = await opened(unfolds=False, nodes=[{"id": "a"}])
    page.receive(*went("r", "a", "b"))
    assert nodes(page) == ["a"]
    await closed(page)


async def test_a_long_run_is_not_read_anew_with_each_step(monkeypatch: Any) -> None:
    """But for a node that is new."""
    page = await opened()
    monkeypatch.setattr(unfolding, "SMOOTH", 10)
    read: list[int] = []

    def counted(record: RunRecord) -> Found:
        read.append(record.events)
        return found_in(record)

    monkeypatch.setattr(unfolding, "found_in", counted)
    page.receive(*went("r", *["a", "b"] * 100))
    assert len(read) < 60
    page.receive(ev("start_node", "r", node_id="c", order=200))
    assert nodes(page) == ["a", "b", "c"]
    await closed(page)
