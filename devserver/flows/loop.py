"""Which modules matter most? A loop follows their imports, round by round, until the ranks stand still.
The input is how strongly imports count, and the most rounds; about 4 s.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.flow import Edge, Flow, Node
from ..engine.runs import RunHandle
from .corpus import LIBRARIES, list_folder, list_libraries

DAMPING = 0.85
DAMPING_WORDS = "How strongly imports count, from 0 to 1."
STILL = 1e-4
MAX_ROUNDS = 25
LIBRARY_FILES = 1_500

Graph = dict[str, set[str]]
"""Module → the modules it imports."""


def flow(root: Path, libraries: Path = LIBRARIES) -> Flow:
    """The flow over the project at `root` and the libraries it stands on."""
    return RankFlow(root, libraries)


class RankFlow(Flow):
    """read → [spread → measure] again and again → report. The group's own end says when it is enough."""

    def __init__(self, root: Path, libraries: Path) -> None:
        self._root = root
        self._libraries = libraries
        nodes = [
            Node("read", "devserver.nodes.code.Parse", "Read the imports"),
            Node("rounds", "devserver.nodes.Loop", "Until it stands still"),
            Node("spread", "devserver.nodes.graph.Rank", "Spread the weight", parent="rounds"),
            Node("measure", "devserver.nodes.graph.Count", "Measure the change", parent="rounds"),
            Node("report", "devserver.nodes.text.Report", "Report"),
        ]
        edges = [
            Edge("read", "spread"),
            Edge("spread", "measure"),
            Edge("measure", "spread"),
            Edge("measure", "report"),
        ]
        super().__init__("loop", "PageRank until it converges", nodes, edges)
        optional = {"required": False}
        self.input_schema = [
            {**optional, "name": "damping", "type": "float", "value": DAMPING, "description": DAMPING_WORDS},
            {**optional, "name": "rounds", "type": "int", "value": MAX_ROUNDS, "description": "The most rounds."},
        ]

    async def run(self, run: RunHandle, input: Any) -> None:
        run.emit({"event": "run_start", "flow_id": self.id, "entity_kind": "flow", "entity_name": self.name})
        damping, most = wanted(input)
        steps = _Steps(run)
        graph: Graph = await steps.do("read", lambda context: self._read(context), given=input)
        weights = dict.fromkeys(graph, 1 / max(1, len(graph)))
        loop = steps.open("rounds")
        rounds, change = 0, 1.0
        while change > STILL and rounds < most:
            rounds += 1
            before = weights
            work = partial(_spread, graph, before, damping)
            weights = await steps.do("spread", work, "rounds", rounds, given=_top(before, 3))
            run.log("debug", f"Round {rounds} begins; the last change was {change:.6f}.", "rounds")
            given = {"before": _top(before, 3), "after": _top(weights, 3)}
            change = await steps.do("measure", partial(_change, before, weights), "rounds", rounds, given=given)
        run.log("info", f"After {rounds} rounds the ranks stand still.")
        loop.ended("success", content=f"{rounds} rounds; the last one changed {change:.6f}")
        await steps.do("report", lambda _: _report(graph, weights, rounds), given={"rounds": rounds})

    def _read(self, context: NodeContext) -> Output:
        sources = [
            *(each for folder in ("pyapp", "devserver") for each in list_folder(self._root, folder, context.check)),
            *list_libraries(self._libraries, LIBRARY_FILES, context.check),
        ]
        texts = {}
        for source in sources:
            context.check()
            if source.name.endswith(".py"):
                texts[f"{source.folder}/{source.name}".removesuffix(".py").replace("/", ".")] = source.text()
        tails = {name.rpartition(".")[2]: name for name in texts}
        graph: Graph = {}
        for name, text in texts.items():
            context.check()
            imported = re.findall(r"^(?:from|import) +\.*([\w.]*)", text, re.M)
            graph[name] = {tails[tail] for each in imported if (tail := each.rpartition(".")[2]) in tails} - {name}
        return Output(graph, {"modules": len(graph), "imports": sum(map(len, graph.values()))})


class _Steps:
    """Runs single steps in a thread each, told as nodes with order, group and round."""

    def __init__(self, run: RunHandle) -> None:
        self._run = run
        self._order = -1

    def open(
        self, node_id: str, parent: str | None = None, iteration: int | None = None, given: Any = None
    ) -> NodeContext:
        """Start a node that the caller ends; `given` is what goes in."""
        self._order += 1
        context = NodeContext(self._run, node_id, self._order, None, parent)
        told = {"iteration": iteration, "input": given}
        context.started({key: value for key, value in told.items() if value is not None})
        return context

    async def do(
        self,
        node_id: str,
        work: Callable[[NodeContext], Any],
        parent: str | None = None,
        iteration: int | None = None,
        *,
        given: Any = None,
    ) -> Any:
        """One node from start to end; its value."""
        context = self.open(node_id, parent, iteration, given)
        output = Output.of(await asyncio.to_thread(work, context))
        context.ended("success", content=output.content)
        return output.value


def wanted(input: Any) -> tuple[float, int]:
    """How strongly imports count, and the most rounds; what the input does not say, or wrongly, is as usual."""
    given = input if isinstance(input, dict) else {}
    damping, most = given.get("damping"), given.get("rounds")
    if isinstance(damping, bool) or not isinstance(damping, int | float) or not 0 <= damping <= 1:
        damping = DAMPING
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= 100:
        most = MAX_ROUNDS
    return float(damping), most


def _spread(graph: Graph, weights: dict[str, float], damping: float, _: NodeContext) -> Output:
    """One round: every module hands its weight on to what it imports."""
    new = dict.fromkeys(graph, (1 - damping) / max(1, len(graph)))
    for name, imported in graph.items():
        for each in imported or graph:
            new[each] += damping * weights[name] / len(imported or graph)
    return Output(new, _top(new, 3))


def _change(before: dict[str, float], after: dict[str, float], _: NodeContext) -> Output:
    change = sum(abs(after[name] - before[name]) for name in after)
    return Output(change, f"{change:.6f}")


def _top(weights: dict[str, float], count: int) -> list[dict[str, Any]]:
    ranked = sorted(weights.items(), key=lambda item: -item[1])[:count]
    return [{"module": name, "weight": round(weight, 5)} for name, weight in ranked]


def _report(graph: Graph, weights: dict[str, float], rounds: int) -> Output:
    top = _top(weights, 10)
    return Output(top, top)
