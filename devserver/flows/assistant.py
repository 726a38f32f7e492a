"""An agent answers a question from the project's documents: it thinks, uses tools, and streams its answer.
The input is the question; about 5 s.

No language model is asked: the answer is made of the sentences that bear most on the question, and says where
each of them stands. A second node checks that every quotation is really there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow
from ..engine.flow import Edge, Flow, Node, Position
from .corpus import Source, list_folder
from .summary import Passage, passages, pick, terms

QUESTION = "How does the page go on when a handler fails or hangs?"
MOST = 4
FENCE = "```"


def flow(root: Path) -> Flow:
    """The assistant over the project at `root`."""

    async def answer(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        return await _answer(context, inputs["documents"])

    nodes = [
        Node("documents", "devserver.nodes.files.Read", "Read the documents", position=Position(24, 110)),
        Node("assistant", "devserver.nodes.agent.Agent", "Assistant", position=Position(284, 24)),
        Node("check", "devserver.nodes.text.Check", "Check quotations", position=Position(544, 150)),
    ]
    edges = [Edge("documents", "assistant"), Edge("documents", "check"), Edge("assistant", "check")]
    works = {"documents": lambda context, _: _read(root, context), "assistant": answer, "check": _check}
    return GraphFlow("assistant", "Documentation assistant", nodes, edges, works)


def _read(root: Path, context: NodeContext) -> Output:
    """Every Markdown document of the project."""
    sources: list[Source] = list_folder(root, "docs", context.check)
    texts = {source.name: source.text() for source in sources if source.name.endswith(".md")}
    if not texts:
        raise FileNotFoundError("The project has no documents to read.")
    table = [
        {"document": name, "characters": len(text), "sentences": len(passages(name, text))}
        for name, text in texts.items()
    ]
    return Output(texts, table)


async def _answer(context: NodeContext, texts: dict[str, str]) -> Output:
    question = str(context.input or QUESTION)[:500]
    voice = context.voice("Assistant")
    wanted = list(dict.fromkeys(terms(question)))
    voice.think(f"The question is about {', '.join(wanted) or 'nothing I know a word of'}. ")
    voice.think(
        "I look in the documents first, then I see in which of them most is said.",
        title="Find out where it is spoken of",
        action="search_documents",
        next_action="read the best section",
        confidence=0.6,
    )

    def search_documents(query: str) -> Output:
        every = [passage for name, text in texts.items() for passage in passages(name, text)]
        found = pick(query, every, MOST, context.check)
        shown = [
            {"document": each.document, "section": each.heading, "weight": round(weight, 2)} for each, weight in found
        ]
        return Output(found, shown)

    def look_up(term: str) -> str:
        for text in texts.values():
            for line in text.splitlines():
                if line.lower().startswith((f"**{term}", f"| {term}", f"| `{term}")):
                    return line
        raise LookupError(f"No document defines “{term}”.")

    found: list[tuple[Passage, float]] = voice.tool("search_documents", search_documents, query=question)
    definition = None
    if wanted:
        try:
            definition = voice.tool("look_up", look_up, term=max(wanted, key=len))
        except LookupError:
            voice.think("There is no definition of it; the sentences have to do.", title="Go on without a definition")
    if not found:
        text = f"Nothing in the project's documents speaks of **{question}**."
        await voice.speak(text)
        return Output([], text)
    voice.think(
        "These sentences say it best.",
        title="Put the answer together",
        result=f"{len(found)} sentences of {len({each.document for each, _ in found})} documents",
        confidence=round(found[0][1], 2),
    )
    text = _written(question, found, definition)
    await voice.speak(text)
    return Output(found, text)


def _written(question: str, found: list[tuple[Passage, float]], definition: str | None) -> str:
    """The answer in Markdown."""
    quotes = "\n".join(f"> {each.text}\n> — *{each.document}, {each.heading or 'at the top'}*\n" for each, _ in found)
    rows = "\n".join(f"| {each.document} | {each.heading or '–'} | {weight:.2f} |" for each, weight in found)
    table = f"| document | section | weight |\n|---|---|---|\n{rows}"
    command = f'{FENCE}bash\ngrep -rn "{max(terms(question), key=len, default="flow")}" docs README.md\n{FENCE}'
    parts = [f"## {question}", quotes, table, "Look further with:", command]
    if definition:
        parts.append(f"Defined as: `` {definition.strip()[:200]} ``")  # it may hold a ` itself
    return "\n\n".join(parts) + "\n"


def _check(context: NodeContext, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Every sentence that was quoted must stand in its document."""
    texts: dict[str, str] = {name: " ".join(text.split()) for name, text in inputs["documents"].items()}
    quoted: list[tuple[Passage, float]] = inputs["assistant"]
    wrong = [each.text for each, _ in quoted if " ".join(each.text.split()) not in texts.get(each.document, "")]
    context.log("info", f"{len(quoted) - len(wrong)} of {len(quoted)} quotations are in the documents.")
    return {"quotations": len(quoted), "not to be found": wrong}
