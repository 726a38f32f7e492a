"""A planner, two searchers side by side and a writer answer a question about this project (a real Agno workflow).
The input is the question; about 5 s.

Only the model is scripted (agno_model). Agno's own events go through the page's translator.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.agent import Agent
from agno.workflow import Parallel, Step, Workflow

from pyapp.protocols.agno import AgnoTranslator

from ..engine.flow import Edge, Flow, Node, Position
from ..engine.runs import RunHandle
from .agno_emit import emit
from .agno_model import Call, Script, ScriptedModel, Turn
from .agno_tools import ProjectTools, key_words

QUESTION = "How does the router keep a failing handler from stopping the others?"
COLUMN, ROW = 240, 110


def flow(root: Path) -> Flow:
    """The workflow over the project at `root`."""
    return AgnoFlow("agno", "Research workflow (Agno)", make_workflow(ProjectTools(root)))


def make_workflow(tools: ProjectTools) -> Workflow:
    """Plan, search documents and sources in parallel, write an answer."""

    def plan(asked: str, results: list[str]) -> Turn:
        if not results:
            return [Call("survey")]
        words = " ".join(key_words(asked))
        return f"The project has\n\n{results[0]}\n\nLook for: **{words}**"

    def searcher(folders: str) -> Script:
        def search(asked: str, results: list[str]) -> Turn:
            if not results:
                words = asked.rpartition("Look for: **")[2].rpartition("**")[0] or " ".join(key_words(asked))
                return [Call("search", {"words": words, "folders": folders})]
            return f"In {folders}:\n\n" + "\n".join(f"- `{hit}`" for hit in results[0].splitlines())

        return search

    def write(asked: str, results: list[str]) -> Turn:
        passages = [line for line in asked.splitlines() if line.startswith("- `")]
        if not passages:
            return "Nothing in the project speaks of that."
        return f"**{len(passages)} passages** bear on the question.\n\n" + "\n".join(passages)

    def step(name: str, script: Script, *functions: Any) -> Step:
        agent = Agent(
            name=name.replace("_", " ").title(),
            id=name,
            model=ScriptedModel(f"scripted-{name}", script),
            tools=list(functions),
            telemetry=False,
        )
        return Step(name=name, agent=agent, max_retries=0)

    return Workflow(
        name="Ask the project",
        id="agno",
        telemetry=False,
        steps=[
            step("plan", plan, tools.survey),
            Parallel(
                step("search_documents", searcher("docs"), tools.search),
                step("search_sources", searcher("pyapp devserver"), tools.search),
                name="search",
            ),
            step("write", write),
        ],
    )


class AgnoFlow(Flow):
    """An Agno workflow as a flow: its graph read off the workflow, its events translated."""

    def __init__(self, id: str, name: str, workflow: Workflow) -> None:
        self._workflow = workflow
        nodes, edges = graph_of(workflow)
        super().__init__(id, name, nodes, edges)

    async def run(self, run: RunHandle, input: Any) -> None:
        """Run the workflow; every event of Agno's that means something to the page is emitted."""
        question = input if isinstance(input, str) and input.strip() else QUESTION
        translator = AgnoTranslator(flow_id=self.id, given=question)
        run.log("info", f"Question: {question}")
        async for event in self._workflow.arun(input=question, stream=True, stream_events=True):
            emit(run, translator.translate(event.to_dict()))


def graph_of(workflow: Workflow) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges as the workflow has them: one after the other, what is parallel in a group."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    before: str | None = None
    x = 24.0
    steps = workflow.steps if isinstance(workflow.steps, Sequence) else []
    for item in steps:
        name = str(getattr(item, "name", ""))
        inner = list(getattr(item, "steps", None) or [])
        kind = type(item).__name__ if inner else "Agent"
        middle = 40.0 + (ROW * 0.75 if not inner else 0.0)
        nodes.append(Node(name, f"agno.workflow.{kind}", _label(name), position=Position(x, middle)))
        for row, each in enumerate(inner):
            inside = Position(20.0, 50.0 + ROW * row)
            nodes.append(
                Node(str(each.name), "agno.workflow.Agent", _label(str(each.name)), position=inside, parent=name)
            )
        if before is not None:
            edges.append(Edge(before, name))
        before = name
        x += COLUMN + (60 if inner else 0)
    return nodes, edges


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
