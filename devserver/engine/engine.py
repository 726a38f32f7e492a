"""The engine: runs a graph whose nodes are Python functions. Edges carry their values.

A node runs once everything before it has succeeded; nodes that are ready at the same time run side by side,
each plain function in a thread. The first failure ends the run: what runs is killed, the rest never starts;
unless the flow keeps going.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from flowglow.wire import to_text

from ..errors import FlowFailed, describe
from .context import NodeContext, Output
from .flow import Edge, Flow, Node
from .runs import RunHandle

MAX_INPUT_CHARS = 2_000
"""JSON of the longest input that a `start_node` tells."""

Work = Callable[[NodeContext, Mapping[str, Any]], Any]
"""What a node does: from its context and its predecessors' values (by node id) to its own value, or an
Output when the page is to show something else than the value. Plain or async."""


class GraphFlow(Flow):
    """A flow of functions. Nodes without a function are groups. Raises ValueError for a circle of edges."""

    def __init__(
        self,
        id: str,
        name: str,
        nodes: Sequence[Node],
        edges: Iterable[Edge],
        works: Mapping[str, Work],
        *,
        keep_going: bool = False,
    ) -> None:
        super().__init__(id, name, nodes, edges)
        self.keep_going = keep_going
        """A failure stops only what is behind it; the run fails when all the rest has ended."""
        self.works = dict(works)
        self.by_id = {node.id: node for node in self.nodes}
        groups = {node.parent for node in self.nodes}
        for node_id in self.by_id:
            if (node_id in self.works) == (node_id in groups):
                raise ValueError(f"In the flow {id!r}, {node_id!r} must have either a function or children.")
        try:
            self.sorter().prepare()
        except CycleError as error:
            raise ValueError(f"The edges of the flow {id!r} go in a circle: {error.args[1]}.") from None

    def sorter(self) -> TopologicalSorter[str]:
        """The nodes that have work to do, and what each must wait for."""
        sorter: TopologicalSorter[str] = TopologicalSorter({node_id: [] for node_id in self.works})
        for edge in self.edges:
            sorter.add(edge.target, edge.source)
        return sorter

    async def run(self, run: RunHandle, input: Any) -> None:
        run.emit({"event": "run_start", "flow_id": self.id, "entity_kind": "flow", "entity_name": self.name})
        run.log("info", f"{self.name} starts with {len(self.works)} nodes.")
        await _Execution(self, run, input).go()


class _Execution:
    """One run of a GraphFlow."""

    def __init__(self, flow: GraphFlow, run: RunHandle, input: Any) -> None:
        self._flow = flow
        self._run = run
        self._input = input
        self._orders = itertools.count()
        self._values: dict[str, Any] = {}
        self._shown: dict[str, Any] = {}
        """What the page shows of each value."""
        self._only: dict[str, frozenset[str]] = {}
        """Nodes that chose which way it goes on, and what they chose."""
        self._left_out: set[str] = set()

    async def go(self) -> None:
        """Run every node. Raises FlowFailed; leaves no task behind, whatever happens."""
        sorter = self._flow.sorter()
        sorter.prepare()
        tasks: dict[asyncio.Task[Any], str] = {}
        failures: list[asyncio.Task[Any]] = []
        try:
            while sorter.is_active():
                skipped = False
                for node_id in sorter.get_ready():
                    if not self._is_wanted(node_id):
                        skipped = True
                        self._left_out.add(node_id)
                        sorter.done(node_id)
                        continue
                    tasks[asyncio.create_task(self._node(node_id))] = node_id
                if skipped and not tasks:
                    continue
                if not tasks:
                    break  # what is left is behind a failure
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    node_id = tasks.pop(task)
                    if self._flow.keep_going and isinstance(task.exception(), FlowFailed):
                        failures.append(task)
                        continue
                    self._values[node_id] = task.result()
                    sorter.done(node_id)
            for task in failures:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _is_wanted(self, node_id: str) -> bool:
        """Whether a way that was taken leads to this node."""
        sources = [edge.source for edge in self._flow.edges if edge.target == node_id]
        return not sources or any(
            source not in self._left_out and node_id in self._only.get(source, (node_id,)) for source in sources
        )

    async def _node(self, node_id: str) -> Any:
        node = self._flow.by_id[node_id]
        sources = [edge.source for edge in self._flow.edges if edge.target == node_id]
        inputs = {source: self._values[source] for source in sources if source in self._values}
        context = NodeContext(self._run, node_id, next(self._orders), self._input, node.parent)
        told = _brief({source: self._shown[source] for source in inputs} or self._input)
        context.started({"node_name": node.label or node_id, "node_type": node.type} | told)
        began = time.perf_counter()
        try:
            output = Output.of(await _call(self._flow.works[node_id], context, inputs))
        except asyncio.CancelledError:
            context.log("warning", f"{node.label or node_id} was stopped.")
            context.ended("killed")
            raise
        except Exception as error:
            context.log("error", "".join(traceback.format_exception(error)).rstrip())
            context.ended("error", error=describe(error))
            raise FlowFailed(f"{node.label or node_id} failed: {describe(error)}") from error
        context.log("info", f"{node.label or node_id} took {time.perf_counter() - began:.2f} s.")
        context.ended("success", content=output.content)
        self._shown[node_id] = output.content
        if output.only is not None:
            self._only[node_id] = output.only
        return output.value


def _brief(input: Any) -> dict[str, Any]:
    """What a node starts with, as its `start_node` tells it: nothing where it is much, or none."""
    return {} if input is None or len(to_text(input)) > MAX_INPUT_CHARS else {"input": input}


async def _call(work: Work, context: NodeContext, inputs: Mapping[str, Any]) -> Any:
    """Call the function. What would end the whole server (SystemExit and its like) becomes a plain error."""
    try:
        if inspect.iscoroutinefunction(work):
            return await work(context, inputs)
        return await asyncio.to_thread(work, context, inputs)
    except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise RuntimeError(describe(error)) from error
