"""The page as a whole: what it shows is a function of its stores, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import Requirement
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.run.record import Message, Wanted
from pyapp.stores.cards import Card, requirement_key
from pyapp.stores.link import LinkState
from pyapp.stores.listing import RunsFilter
from pyapp.stores.rows import (
    EditorState,
    GroupState,
    HandlerHealth,
    LogLine,
    Quarantined,
    RunLog,
    RunRow,
)
from pyapp.testing.dom import REGIONS
from pyapp.views import ON_CANVAS, TITLED, VIEWS, Page
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.context import View
from tests.views.support import Gallery, write

GROUPED = [{"id": "g"}, {"id": "a", "parent": "g"}, {"id": "b", "parent": "g"}, {"id": "z"}]
MANY = [*GROUPED, *({"id": f"n{number}"} for number in range(10))]
EDGES = [{"source": "a", "target": "b"}, {"source": "g", "target": "z"}, {"source": "b", "target": "a"}]
FLOWS = [
    None,
    *(
        FlowGraph(Flow.model_validate({"id": f"f{len(nodes)}", "nodes": nodes, "edges": EDGES}))
        for nodes in (GROUPED, MANY)
    ),
]
CARD = Card("r", wanted=Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation"}), "a"))
STATUSES = st.sampled_from(["executing", "success", "error", "unknown"])
RUNS = st.sampled_from("rs")
NODES = st.sampled_from(["a", "b", "g", "z", "n1", "nowhere"])

Step = Callable[["Whole"], None]


class Whole(Gallery):
    """Every view of the page."""

    def __init__(self) -> None:
        super().__init__()
        canvas = CanvasView(self.context)
        self.views: list[View] = [canvas, *(view(self.context, canvas) for view in ON_CANVAS)]
        self.views += [view(self.context) for view in VIEWS]
        self.timeline.look()

    def picture(self) -> dict[str, Any]:
        """What every region shows; how often views failed is no part of it."""
        self.frame.wake()
        self.paint()
        for name, _ in list(self.stores.view_health.items()):
            self.stores.view_health.delete(name)
        self.paint()
        return {"bars": dict(self.timeline.bars), **{name: self.document.region(name).picture() for name in REGIONS}}


def mock(run_id: str, node: str, order: int, status: str | None, output: str) -> Step:
    name = f"{node}-{order}"

    def step(page: Whole) -> None:
        before = page.stores.mock.get((run_id, name))
        if status is None:
            page.stores.mock.delete((run_id, name))
            return
        started_at = before.started_at if before is not None else page.now()
        ended_at = None if status == "executing" else page.now()
        page.mock(node, order, status, run_id, output=output, started_at=started_at, ended_at=ended_at)

    return step


def group(run_id: str, status: str | None, done: int) -> Step:
    def step(page: Whole) -> None:
        if status is None:
            page.stores.groups.delete((run_id, "g"))
        else:
            state = GroupState(status, done, 2, started_at=1.0, ended_at=None if status == "executing" else 3.0)  # type: ignore[arg-type]
            page.stores.groups.set((run_id, "g"), state)

    return step


def say(key: str, text: str, how: str) -> Step:
    """A message grows, is replaced, is told anew as another object, or leaves."""
    kind: Any = {"t": "text", "u": "text", "k": "reasoning", "w": "tool", "h": "html"}[key]
    serial = "tukwh".index(key)

    def step(page: Whole) -> None:
        known = page.stores.chat.get(("r", key))
        if how == "leave":
            page.stores.chat.delete(("r", key))
            return
        if known is None or how == "anew":
            chunks = [*known.chunks, text] if known is not None and text == "on" else [text]
            known = Message(
                key, key, "r", f"source {serial % 3}", kind, serial, name=text[:1], started_at=5.0, chunks=chunks
            )
        elif how == "replace":
            write(known, chunks=[text], replaced=known.replaced + 1)
        elif how == "rest":
            write(known, busy=False, ended_at=9.0, node_id="a")
        else:
            known.chunks.append(text)
        page.stores.chat.show(known)

    return step


def run(run_id: str, status: str | None, started_at: float) -> Step:
    def step(page: Whole) -> None:
        if status is None:
            page.stores.runs.delete(run_id)
        else:
            page.stores.runs.set(run_id, RunRow(run_id, status, started_at=started_at))  # type: ignore[arg-type]

    return step


def card(state: str | None) -> Step:
    def step(page: Whole) -> None:
        key = requirement_key("r", "q")
        if state is None:
            page.stores.interactions.delete(key)
        else:
            page.stores.interactions.set(key, replace(CARD, state=state))  # type: ignore[arg-type]

    return step


def log(run_id: str, text: str) -> Step:
    def step(page: Whole) -> None:
        before = page.stores.logs.get(run_id) or RunLog()
        page.stores.logs.set(run_id, before.extended([LogLine(1.0, "info", text, "a")]) if text else RunLog())

    return step


def status_line(number: int) -> Step:
    def step(page: Whole) -> None:
        stores = page.stores
        stores.metrics.count("gap", number)
        stores.link.set([LinkState("open"), LinkState("waiting", "x", 1, page.clock.now() + 9)][number % 2])
        stores.editor.set(EditorState(locked=number == 0))
        stores.health.set("H", HandlerHealth("H", number, number))
        stores.quarantine.set((Quarantined("Odd.", str(number)),) * number)
        if number:
            stores.notices.alert(f"n{number}", "Mind.")
        else:
            stores.notices.delete("n1")

    return step


def broken(index: int, times: int) -> Step:
    def step(page: Whole) -> None:
        name = sorted(page.faults.names)[index % len(page.faults.names)]
        page.faults.arm(name, RuntimeError("broken"), times=times)

    return step


def batch(steps: list[Step]) -> Step:
    def step(page: Whole) -> None:
        with page.stores.batch():
            for each in steps:
                each(page)

    return step


OPTIONAL = st.one_of(st.none(), STATUSES)
CHANGES: st.SearchStrategy[Step] = st.one_of(
    st.builds(mock, RUNS, NODES, st.integers(0, 3), OPTIONAL, st.sampled_from(["", "x", "# y"])),
    st.builds(group, RUNS, OPTIONAL, st.integers(0, 2)),
    st.builds(
        say,
        st.sampled_from("tukwh"),
        st.sampled_from(["on", "off"]),
        st.sampled_from(["", "replace", "anew", "rest", "leave"]),
    ),
    st.builds(
        run, RUNS, st.one_of(st.none(), st.sampled_from(["executing", "paused", "error"])), st.sampled_from([3.0, 4.0])
    ),
    st.builds(card, st.one_of(st.none(), st.sampled_from(["open", "sent"]))),
    st.builds(log, RUNS, st.sampled_from(["", "a", "b"])),
    st.builds(status_line, st.integers(0, 2)),
    st.sampled_from([None, "r", "s"]).map(lambda front: lambda page: page.stores.front.set(front)),
    st.sampled_from(FLOWS).map(lambda graph: lambda page: page.stores.graph.set(graph)),
    st.sampled_from([frozenset(), frozenset({"g"})]).map(lambda groups: lambda page: page.stores.folded.set(groups)),
    st.sampled_from([(), ("look",)]).map(lambda names: lambda page: page.stores.tools.set(("r", "a"), names)),
)
HAPPENINGS: st.SearchStrategy[Step] = st.one_of(
    st.just(lambda page: page.frames.paint()),
    st.sampled_from([0.05, 2.0]).map(lambda pause: lambda page: page.clock.advance(pause)),
    st.builds(broken, st.integers(0, 40), st.integers(1, 4)),
)
STEPS = st.lists(st.one_of(CHANGES, CHANGES, st.builds(batch, st.lists(CHANGES, max_size=5)), HAPPENINGS), max_size=40)


def copy_of(page: Whole) -> Whole:
    """A page that was only ever given what the stores hold in the end."""
    other = Whole()
    other.clock.advance(page.clock.now() - other.clock.now())
    with other.stores.batch():
        for name, value in vars(page.stores).items():
            target = getattr(other.stores, name)
            if hasattr(value, "items"):
                for key, row in value.items():
                    target.set(key, row)
            elif hasattr(value, "get") and name != "canvas":
                target.set(value.get())
    return other


@given(STEPS)
def test_the_picture_is_a_function_of_the_stores(steps: list[Step]) -> None:
    """After any changes, frames and failures, once all works again: node for node what the stores alone give."""
    page = Whole()
    for step in steps:
        step(page)
    page.faults.mend()
    for _ in range(6):
        page.advance(31.0)
    fresh = copy_of(page)
    expected, shown = fresh.picture(), page.picture()
    for name in ("bars", *REGIONS):
        assert shown[name] == expected[name], name


def test_a_run_is_in_one_state_wherever_that_is_said() -> None:
    """It asks for something while a branch beside that goes on; once that is answered it runs, whatever comes next."""
    page = Whole()
    page.stores.graph.set(FLOWS[1])
    page.stores.runs.set("r", RunRow("r", "executing", started_at=1.0))
    page.stores.front.set("r")
    page.mock("a", 0)
    page.mock("z", 1)

    def said() -> dict[str, str]:
        row = page.region("runs").find("[data-run-id=r]")
        return {
            "head": page.region("run-head").find(".chip").textContent,
            "canvas": page.region("canvas-bar").find(".canvas-state").textContent,
            "details": page.region("details").find(".facts").textContent.split(" · ")[0],
            "timeline": page.context.words(f"status.{page.timeline.bars['run'].status}"),
            "row": row.find(".run-status").textContent,
        }

    def found(status: Any) -> bool:
        page.stores.runs_filter.set(RunsFilter(status=status))
        return not page.region("runs").find("[data-run-id=r]").hidden

    running = dict.fromkeys(said(), "Running") | {"canvas": "2 running · 0 done"}
    assert said() == running and found("live") and not found("paused")
    page.stores.interactions.set(CARD.key, CARD)
    waits = dict.fromkeys(running, "Waiting for you")
    assert said() == waits | {"canvas": "Waiting for you · 0 done", "row": "Waiting for you: a"}
    assert found("paused") and not found("live")
    page.stores.interactions.set(CARD.key, replace(CARD, state="sent"))
    assert said() == running and found("live") and page.errors == []


def test_closed_it_lets_go_of_everything() -> None:
    """No listener, no timer, no frame; what is told later draws nothing."""
    page = Whole()
    page.stores.runs.set("r", RunRow("r", "executing", started_at=1.0))
    page.paint()
    for view in page.views:
        view.close()
    page.stores.runs.set("s", RunRow("s", "executing"))
    assert (page.document.listeners, page.clock.pending, page.frames.pending) == (0, 0, 0)
    assert page.errors == []


def test_headings_are_from_the_catalogue() -> None:
    """Every region that has one; a closed page listens to nothing."""
    gallery = Gallery()
    context = gallery.context
    page = Page(context.shared, context.settings, context.platform, context.commands)
    page.open()
    assert gallery.region("runs-title").textContent == "Runs"
    assert all(gallery.region(f"{region}-title").textContent for region in TITLED)
    page.close()
    assert (gallery.document.listeners, gallery.frames.pending, gallery.clock.pending) == (0, 0, 0)
