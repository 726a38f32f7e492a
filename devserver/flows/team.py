"""A leader hands a question about this project to three members, who search side by side and report back.
The input is the question; about 3 s.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node, Position
from .corpus import list_folder
from .summary import terms

QUESTION = "Where are lanes, journals and gaps spoken of?"
MEMBERS = {"docs": "Documents", "pyapp": "Page", "devserver": "Server"}
"""Folder → the member who knows it."""
TOP = 4


def flow(root: Path) -> Flow:
    """The team over the project at `root`."""
    nodes = [
        Node("lead", "devserver.nodes.agent.Team", "Team leader", position=Position(24, 170)),
        Node("members", "devserver.nodes.agent.Members", "Members", position=Position(284, 24)),
        *(
            Node(folder, "devserver.nodes.agent.Agent", name, position=Position(20, 50 + 110 * row), parent="members")
            for row, (folder, name) in enumerate(MEMBERS.items())
        ),
        Node("summary", "devserver.nodes.agent.Team", "Sum it up", position=Position(584, 170)),
    ]
    edges = [Edge("lead", folder) for folder in MEMBERS] + [Edge(folder, "summary") for folder in MEMBERS]
    works: dict[str, Work] = {"lead": _lead, "summary": _sum_up}
    works |= {folder: _member(root, folder) for folder in MEMBERS}
    return GraphFlow("team", "Research team", nodes, edges, works)


async def _lead(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    question = str(context.input or QUESTION)[:500]
    voice = context.voice("Team leader", team=True)
    wanted = list(dict.fromkeys(terms(question)))
    voice.think(f"Three members can look at the same time for {', '.join(wanted)}.", title="Divide the work")
    await voice.speak("I ask all three members to look in what they know. ")
    for folder, name in MEMBERS.items():
        call = {"tool_call_id": f"{context.run_id}-delegate-{folder}", "tool_name": "delegate_task_to_member"}
        context.tell("start_tool", **call, **voice.source, tool_args={"member": name, "task": question})
        context.tell("TeamToolCallCompleted", **call, **voice.source, result=f"{name} has begun.", status="success")
    return Output(wanted, f"Asked {', '.join(MEMBERS.values())}: {question}")


def _member(root: Path, folder: str) -> Callable[[NodeContext, Mapping[str, Any]], Coroutine[Any, Any, Output]]:
    async def look(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        voice, wanted = context.voice(MEMBERS[folder]), list(inputs["lead"])

        def search(folder: str, words: list[str]) -> Output:
            counts: Counter[str] = Counter()
            for source in list_folder(root, folder, context.check):
                found = Counter(terms(source.text()))
                counts[source.name] = sum(found[word] for word in words)
            best = [(name, number) for name, number in counts.most_common(TOP) if number]
            return Output(best, [{"file": name, "times": number} for name, number in best])

        best: list[tuple[str, int]] = await asyncio.to_thread(
            lambda: voice.tool("search", search, folder=folder, words=wanted)
        )
        if not best:
            await voice.speak(f"Nothing in `{folder}` speaks of it.")
        else:
            await voice.speak(f"In `{folder}` these say most:\n\n")
            for name, number in best:
                await voice.speak(f"- **{name}**, {_times(number)}\n")
        return Output(best, [{"file": name, "times": number} for name, number in best])

    return look


async def _sum_up(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    voice = context.voice("Team leader", team=True)
    found = {MEMBERS[folder]: inputs[folder] for folder in MEMBERS}
    ranked = sorted(((number, name, who) for who, best in found.items() for name, number in best), reverse=True)
    if not ranked:
        await voice.speak("None of us found anything.")
        return Output(None, "None of us found anything.")
    number, name, who = ranked[0]
    lines = "\n".join(f"| {each} | {file} | {times} |" for times, file, each in ranked[:6])
    table = f"| member | file | times |\n|---|---|---|\n{lines}\n"
    text = f"**{who}** knows most of it: `{name}` speaks of it {_times(number)}.\n\n{table}"
    await voice.speak(text)
    return Output(ranked, text)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
