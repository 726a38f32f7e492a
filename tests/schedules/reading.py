"""Reads the document as a person does: by the selectors of the contract, and by nothing inside the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyapp.testing.dom import FakeElement
from pyapp.testing.page import FakePage

GLOWS = {"executing": "executing"} | {f"executed-{each}": each for each in ("success", "error", "killed")}


def paint(page: FakePage) -> None:
    """Let the page draw what it means to draw."""
    page.frames.paint_all()


def rows(page: FakePage) -> dict[str, str]:
    """run id → status, from the top."""
    found = page.document.region("runs").find_all("[data-status]")
    return {
        each.attributes["data-run-id"]: each.attributes["data-status"] for each in found if _is(each, "data-run-id")
    }


def front(page: FakePage) -> str | None:
    """The run on the canvas; never more than one."""
    found = page.document.region("runs").find_all("[aria-current=true]")
    assert len(found) <= 1, "one run is in front"
    return found[0].attributes["data-run-id"] if found else None


def click_run(page: FakePage, run_id: str) -> None:
    row = page.document.region("runs").find(f"[data-run-id={run_id}]")
    page.document.fire("click", row)


def classes(page: FakePage, node: str) -> set[str]:
    element = page.document.node(node)
    assert element is not None
    return {each for each in element.classList.names if each.startswith("execut") or each == "waiting"}


def glow(page: FakePage, node: str) -> str:
    """executing, an outcome, or nothing; never two of them."""
    found = [GLOWS[each] for each in sorted(classes(page, node)) if each in GLOWS]
    assert len(found) <= 1, f"{node} shows {found}"
    return found[0] if found else ""


def badges(page: FakePage, node: str) -> list[tuple[str, str, str]]:
    """run id, text and status of a node's own badges, from left to right."""
    element = page.document.node(node)
    assert element is not None
    found = [each for each in _own(element) if each.matches(".execution-order")]
    for each in found:
        assert each.attributes["data-order"] == str(int(each.textContent) - 1)
    return [(each.attributes["data-run-id"], each.textContent, each.attributes["data-status"]) for each in found]


def entries(page: FakePage) -> dict[str, FakeElement]:
    """node → its entry of the output panel, in order."""
    found = page.document.region("node-output").find_all("[data-node-id]")
    return {each.attributes["data-node-id"]: each for each in found if _is(each, "data-status")}


def block(entry: FakeElement, order: int) -> str:
    """The text of one execution in an entry."""
    return entry.find(f"[data-order={order}]").textContent


@dataclass
class Shown:
    """One bubble as it stands on the page; what is folded is opened to be read."""

    run_id: str
    kind: str
    source: str
    head: str
    body: str
    busy: bool


def bubbles(page: FakePage) -> list[Shown]:
    found = page.document.region("chat").find_all("[data-message-id]")
    return [_shown(page, each) for each in found if _is(each, "data-kind")]


def cards(page: FakePage, attribute: str) -> dict[tuple[str, str], str]:
    """(run, id) → state of the cards with this attribute (data-requirement-id, data-interaction-id)."""
    found = page.document.region("interactions").find_all(f"[{attribute}]")
    keys = [(each.attributes["data-run-id"], each.attributes[attribute]) for each in found]
    assert len(set(keys)) == len(keys), "no card stands twice"
    return {key: each.attributes["data-state"] for key, each in zip(keys, found, strict=True)}


def notices(page: FakePage) -> list[str]:
    region = page.document.region("notices")
    return [each.textContent for role in ("status", "alert") for each in region.find_all(f"[role={role}]")]


def state(page: FakePage, region: str, attribute: str) -> str | None:
    """An attribute of a region itself."""
    return page.document.region(region).attributes.get(attribute)


def metric(page: FakePage, name: str) -> int:
    return int(page.document.region("inspector").find(f"[data-metric={name}]").textContent)


def _shown(page: FakePage, element: FakeElement) -> Shown:
    folds = element.find_all("details")
    if folds and not _is(folds[0], "open"):
        folds[0].setAttribute("open", "")
        page.document.fire("click", folds[0].find("summary"))
        paint(page)
    at = element.attributes
    head = folds[0].find("summary") if folds else element
    body = "".join(each.textContent for each in folds[0].children[1:]) if folds else element.textContent
    busy = at.get("aria-busy") == "true"
    return Shown(at["data-run-id"], at["data-kind"], at["data-source"], head.textContent, body, busy)


def _own(element: FakeElement) -> Iterator[FakeElement]:
    """What is in a node's element without the nodes in it."""
    for child in element.children:
        if not _is(child, "data-node-id"):
            yield child
            yield from _own(child)


def _is(element: FakeElement, attribute: str) -> bool:
    return attribute in element.attributes
