"""The engine really runs functions: values along edges, side by side, and each end told truly."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from devserver.engine.backend import Backend
from devserver.engine.context import NodeContext, Output
from devserver.engine.engine import MAX_INPUT_CHARS, GraphFlow
from devserver.engine.flow import Edge, Flow, Node
from devserver.engine.runs import Run, Stamped
from pyapp.contract.decode import decode
from pyapp.contract.events import BaseEvent
from tests.devserver.support import PATIENCE_S, Heard, chain

Inputs = Mapping[str, Any]


def brief(events: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Name, node, order or tool, status."""
    return [
        (event["event"], event.get("node_id"), event.get("order", event.get("tool_name")), event.get("status"))
        for event in events
    ]


async def executed(flow: Flow, input: Any = None) -> tuple[Run, Heard]:
    backend = Backend({flow.id: flow})
    heard = Heard(backend)
    run = backend.start(flow.id, input)
    await heard.end(run)
    return run, heard


async def execute(flow: Flow, input: Any = None) -> tuple[Run, list[dict[str, Any]]]:
    run, heard = await executed(flow, input)
    return run, heard.of(run)


async def test_values_go_along_the_edges() -> None:
    """Each node gets its predecessors' values, and the run's input; the page sees the content."""

    def one(context: NodeContext, inputs: Inputs) -> Output:
        context.set("input", context.input)
        return Output(object, "shown")

    async def two(context: NodeContext, inputs: Inputs) -> bool:
        return inputs == {"one": object}

    run, events = await execute(chain({"one": one, "two": two}), input="hi")
    assert brief(events) == [
        ("run_start", None, None, None),
        ("start_node", "one", 0, None),
        ("end_node", "one", 0, "success"),
        ("start_node", "two", 1, None),
        ("end_node", "two", 1, "success"),
        ("run_end", None, None, "success"),
    ]
    assert (events[2]["content"], events[2]["variables"], events[4]["content"]) == ("shown", {"input": "hi"}, True)
    assert (events[1]["input"], events[3]["input"]) == ("hi", {"one": "shown"})
    assert run.picture.results["two"].json() == {"status": "success", "orders": [1], "content": True}


async def test_a_long_input_is_not_told() -> None:
    """It stands in the output of the node before, and need not be sent twice."""

    def long(context: NodeContext, inputs: Inputs) -> str:
        return "x" * MAX_INPUT_CHARS

    _, events = await execute(chain({"one": long, "two": long}))
    assert [event.get("input") for event in events if event["event"] == "start_node"] == [None, None]


async def test_ready_nodes_run_side_by_side() -> None:
    """Two nodes that wait for each other both end: neither waits for its turn. The join gets both."""
    barrier = threading.Barrier(2)

    def meet(context: NodeContext, inputs: Inputs) -> int:
        barrier.wait(PATIENCE_S)
        return context.order

    def join(context: NodeContext, inputs: Inputs) -> list[str]:
        return sorted(inputs)

    nodes = [Node("g", "t.Group"), Node("a", "t.A", parent="g"), Node("b", "t.B", parent="g"), Node("c", "t.C")]
    works = {"a": meet, "b": meet, "c": join}
    _, events = await execute(GraphFlow("f", "F", nodes, [Edge("a", "c"), Edge("b", "c")], works))
    assert [event["content"] for event in events if event.get("node_id") == "c" and "content" in event] == [["a", "b"]]
    assert [event["parent_node_id"] for event in events if event.get("node_id") == "a"] == ["g", "g"]


async def test_a_failure_ends_the_run() -> None:
    """A real exception ends its node and the run as error, with its words; later nodes never start."""

    def bad(context: NodeContext, inputs: Inputs) -> int:
        return int("twelve")

    def never(context: NodeContext, inputs: Inputs) -> None:
        raise AssertionError("it must not run")

    run, heard = await executed(chain({"bad": bad, "never": never}))
    events = heard.of(run)
    assert brief(events)[1:] == [
        ("start_node", "bad", 0, None),
        ("end_node", "bad", 0, "error"),
        ("run_end", None, None, "error"),
    ]
    assert events[2]["error"].startswith("ValueError: invalid literal")
    assert events[3]["error"].startswith("bad failed: ValueError: invalid literal")
    assert any("Traceback" in line["text"] and line["node_id"] == "bad" for line in heard.lines(run))


async def test_a_failure_kills_what_runs_beside_it() -> None:
    """The neighbour ends as killed before the run ends, and its thread finds out."""
    let_go, seen = threading.Event(), threading.Event()
    started = threading.Event()

    def bad(context: NodeContext, inputs: Inputs) -> None:
        started.wait(PATIENCE_S)
        raise OSError("gone")

    def neighbour(context: NodeContext, inputs: Inputs) -> None:
        started.set()
        let_go.wait(PATIENCE_S)
        try:
            context.check()
        finally:
            seen.set()

    flow = GraphFlow("f", "F", [Node("bad", "t.B"), Node("n", "t.N")], [], {"bad": bad, "n": neighbour})
    _, events = await execute(flow)
    let_go.set()
    assert seen.wait(PATIENCE_S)
    assert brief(events)[-3:] == [
        ("end_node", "bad", 0, "error"),
        ("end_node", "n", 1, "killed"),
        ("run_end", None, None, "error"),
    ]


async def test_stop_kills_at_once() -> None:
    """The tool, the node and the run end as killed while the thread still works; what it then says is dropped."""
    let_go, result = threading.Event(), []

    def slow(context: NodeContext, inputs: Inputs) -> None:
        def wait() -> bool:
            return let_go.wait(PATIENCE_S)

        try:
            context.tool("wait", wait)
            context.say("too late")
            context.tool("never", wait)
        except Exception as error:
            result.append(type(error).__name__)
            raise
        finally:
            over.set()

    over = threading.Event()
    backend = Backend({"chain": chain({"slow": slow, "later": slow})})
    heard = Heard(backend)
    run = backend.start("chain")
    await heard.until(run, event="start_tool")
    backend.stop(run.run_id)
    await heard.end(run)
    let_go.set()
    assert over.wait(PATIENCE_S)
    assert result == ["Killed"]
    assert brief(heard.of(run))[1:] == [
        ("start_node", "slow", 0, None),
        ("start_tool", "slow", "wait", None),
        ("end_tool", "slow", "wait", "killed"),
        ("end_node", "slow", 0, "killed"),
        ("run_end", None, None, "killed"),
    ]


async def test_a_thread_that_a_node_left_behind_is_not_heard() -> None:
    """Once a node has ended nothing of it comes any more, though its run goes on."""
    go = threading.Event()
    left: list[threading.Thread] = []

    def leave(context: NodeContext, inputs: Inputs) -> None:
        def talk() -> None:
            go.wait(PATIENCE_S)
            context.say("too late")
            context.log("info", "too late")

        left.append(threading.Thread(target=talk))
        left[0].start()

    def later(context: NodeContext, inputs: Inputs) -> None:
        go.set()
        left[0].join(PATIENCE_S)

    run, heard = await executed(chain({"leave": leave, "later": later}))
    assert "RunContent" not in [event["event"] for event in heard.of(run)]
    assert "too late" not in [line["text"] for line in heard.lines(run)]


async def test_tools_are_told_with_what_they_got_and_gave() -> None:
    """Start and end bear the same id; a tool that raises ends as error, and the node may go on."""

    def halve(number: int) -> float:
        return 10 / number

    def node(context: NodeContext, inputs: Inputs) -> float:
        try:
            context.tool("halve", halve, number=0)
        except ZeroDivisionError:
            context.log("warning", "not by zero")
        return context.tool("halve", halve, number=4)

    run, heard = await executed(chain({"node": node}))
    tools = [event for event in heard.of(run) if "tool" in event["event"]]
    assert brief(tools) == [
        ("start_tool", "node", "halve", None),
        ("end_tool", "node", "halve", "error"),
        ("start_tool", "node", "halve", None),
        ("end_tool", "node", "halve", "success"),
    ]
    assert tools[0]["tool_args"] == {"number": 0}
    assert (tools[1]["error"], tools[3]["result"]) == ("ZeroDivisionError: division by zero", 2.5)
    ids = [tool["tool_call_id"] for tool in tools]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert all(tools[number]["duration"] >= 0 for number in (1, 3))
    assert "not by zero" in [line["text"] for line in heard.lines(run)]


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
async def test_nothing_a_node_raises_ends_the_server(error: BaseException) -> None:
    """What would end the process ends only the run."""

    def leave(context: NodeContext, inputs: Inputs) -> None:
        raise error

    async def leave_too(context: NodeContext, inputs: Inputs) -> None:
        raise error

    for work in (leave, leave_too):
        _, events = await execute(chain({"leave": work}))
        assert events[-1]["status"] == "error" and type(error).__name__ in events[-1]["error"]


async def test_every_event_is_one_the_page_reads() -> None:
    """The page's decoder takes each of them, whatever the function returns."""

    def odd(context: NodeContext, inputs: Inputs) -> Any:
        context.say("half \ud83d")
        context.set("nan", float("nan"))
        return {1: {2}, "o": object(), "big": 10**400}

    backend = Backend({"chain": chain({"odd": odd})})
    heard, told = Heard(backend), list[Stamped]()
    backend.listen(told.append)
    await heard.end(backend.start("chain"))
    assert told[-1].text.count("run_end") == 1
    for event in told:
        (message,) = decode(event.text)
        assert isinstance(message, BaseEvent), message


@pytest.mark.parametrize(
    ("nodes", "edges", "works", "words"),
    [
        ([Node("a", "x"), Node("b", "x")], [Edge("a", "b"), Edge("b", "a")], "ab", "go in a circle"),
        ([Node("a", "x")], [], "", "either a function or children"),
        ([Node("a", "x"), Node("b", "x", parent="a")], [], "ab", "either a function or children"),
    ],
)
def test_a_graph_that_cannot_run_is_refused(nodes: list[Node], edges: list[Edge], works: str, words: str) -> None:
    """The mistake shows when the flow is made."""

    def work(context: NodeContext, inputs: Inputs) -> None: ...

    with pytest.raises(ValueError, match=words):
        GraphFlow("f", "F", nodes, edges, dict.fromkeys(works, work))
