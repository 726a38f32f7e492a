"""docs/extending.md is true: each of its blocks is run as it is written."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyapp.testing.dom import REGIONS, FakeDocument
from pyapp.testing.faults import Faults
from tests.live.support import closed, ev, notices, opened
from tests.views.support import Gallery

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
MAX_LINES = 20


def blocks() -> list[str]:
    return BLOCK.findall((ROOT / "docs" / "extending.md").read_text())


def run(block: str, package: str, **names: Any) -> dict[str, Any]:
    """The names a block defines, when it stands in a file of that package."""
    made = {"__name__": f"{package}.written_in_the_docs", "__package__": package, **names}
    exec(compile(block, "docs/extending.md", "exec"), made)
    return made


def handler() -> Any:
    return run(blocks()[2], "pyapp.handlers")["FailureCountHandler"]


def portal() -> dict[str, Any]:
    """The file of the worked example; pydantic looks its names up where the page would have it."""
    module = ModuleType("written_in_the_docs")
    sys.modules[module.__name__] = module
    exec(compile(blocks()[0], "docs/extending.md", "exec"), module.__dict__)
    return module.__dict__


def test_there_is_a_handler_its_test_a_view_and_a_flow() -> None:
    assert [re.findall(r"^(?:class|async def|def) (\w+)", block, re.M) for block in blocks()] == [
        ["DeployProgress", "DeployHandler", "DeploysView", "DeployNodeView", "register"],
        ["test_a_deployment_is_shown"],
        ["FailureCountHandler"],
        ["test_failures_are_told"],
        ["FailuresView"],
        ["flow"],
    ]


async def test_the_portals_file_passes_its_own_test() -> None:
    test = run(blocks()[1], "tests", register=portal()["register"])
    await test["test_a_deployment_is_shown"]()


async def test_the_test_of_the_portals_file_can_fail() -> None:
    test = run(blocks()[1], "tests", register=lambda page: None)
    with pytest.raises(LookupError):
        await test["test_a_deployment_is_shown"]()


def test_twenty_lines_are_enough_for_a_handler() -> None:
    assert len([line for line in blocks()[2].splitlines() if line.strip()]) <= MAX_LINES


async def test_the_handler_passes_its_own_test() -> None:
    test = run(blocks()[3], "tests", FailureCountHandler=handler())
    await test["test_failures_are_told"]()


async def test_the_test_of_the_handler_can_fail() -> None:
    """With another handler in its place it is red."""
    silent = type("Silent", (handler(),), {"handle": lambda *_: None})
    test = run(blocks()[3], "tests", FailureCountHandler=silent)
    with pytest.raises(AssertionError):
        await test["test_failures_are_told"]()


async def test_it_breaks_by_name_and_costs_nobody_else() -> None:
    """And, as it does not hear of what is told again, it says nothing of what happened long ago."""
    faults = Faults()
    page = await opened(seam=faults)
    page.app.router.register(handler()())
    faults.arm("handler FailureCountHandler", RuntimeError("broken"))
    ended = ev("end_node", node_id="n0", order=0, status="error")
    page.receive(ended, ev("run_end"))
    assert page.badges("n0") == [("1", "error")] and page.row("r") == "success"
    row = page.document.region("inspector").find("[data-handler=FailureCountHandler]")
    assert "The number of failed nodes is not told." in row.textContent
    faults.mend()
    page.receive({"type": "catch_up", "run_id": "old", "from_seq": 0, "to_seq": 1, "complete": True})
    page.receive(ev("start_node", "old", seq=0, node_id="n0"))
    page.receive({"type": "catch_up", "run_id": "old", "from_seq": 1, "to_seq": 2, "complete": True})
    page.receive([{**ended, "run_id": "old", "seq": 1}, ev("run_end", "old", seq=2)])
    assert page.row("old") == "success" and "nodes failed" not in notices(page)
    await closed(page)


def test_the_view_draws_its_region() -> None:
    gallery = Gallery()
    document = FakeDocument(regions=(*REGIONS, "failures"))
    object.__setattr__(gallery.context, "document", document)
    view = run(blocks()[4], "pyapp.views")["FailuresView"](gallery.context)
    for run_id, failed in (("r", 2), ("q", 1)):
        for order in range(failed):
            gallery.mock("n0", order, "error", run_id)
        gallery.mock("n1", 9, "success", run_id)
        gallery.stores.front.set(run_id)
        gallery.paint()
        assert document.region("failures").textContent == str(failed)
    gallery.stores.mock.delete(("q", "n0-0"))
    gallery.paint()
    assert document.region("failures").textContent == "0"
    view.close()
    assert gallery.errors == []


async def test_the_flow_runs_in_the_dev_server() -> None:
    engine = pytest.importorskip("devserver.engine.backend")
    from tests.devserver.support import Heard

    flow = run(blocks()[5], "devserver.flows")["flow"](ROOT)
    backend = engine.Backend({flow.id: flow})
    heard = Heard(backend)
    started = backend.start("hello", "Ada")
    assert (await heard.end(started))["status"] == "success"
    ends = {each["node_id"]: each["content"] for each in heard.of(started) if each["event"] == "end_node"}
    assert ends == {"ask": "Ada", "greet": "Hello, Ada!"}
