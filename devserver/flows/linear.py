"""Finds what this project's files, and the libraries it stands on, speak of: five steps in a row.
The input is the title of the report; about 3 s.

Each node does its work on real files: find → read → count → rank → report.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node, Position
from . import words
from .corpus import LIBRARIES, OWN, Source, list_folder, list_libraries

LIBRARY_FILES = 2_000
"""A bound on the work: about half a second for each node."""
TOP = 6
LARGEST = 10


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known so far; each node hands on a fuller one."""

    sources: list[Source]
    texts: dict[Source, str] = field(default_factory=dict)
    lines: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """By folder: how often each word stands there."""
    themes: dict[str, list[str]] = field(default_factory=dict)
    """By folder: the words that mark it out, the strongest first."""
    kin: dict[str, str] = field(default_factory=dict)
    """By folder: the folder that speaks of the same things."""

    @property
    def own(self) -> list[str]:
        """The project's folders among those that were counted."""
        return [folder for folder in OWN if folder in self.counts]


def flow(root: Path, libraries: Path = LIBRARIES, library_files: int = LIBRARY_FILES) -> Flow:
    """The flow over the project at `root`."""

    def find(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        return _find(root, libraries, library_files, context)

    works: dict[str, Work] = {"find": find, "read": _read, "count": _count, "rank": _rank, "report": _report}
    kinds = {
        "find": ("Find files", "files.List"),
        "read": ("Read them", "files.Read"),
        "count": ("Count words", "text.Count"),
        "rank": ("Rank themes", "text.Rank"),
        "report": ("Write a report", "text.Report"),
    }
    nodes = [
        Node(id, f"devserver.nodes.{path}", label, position=Position(24 + 180 * column, 40 + 108 * column))
        for column, (id, (label, path)) in enumerate(kinds.items())
    ]
    edges = [Edge(one, other) for one, other in itertools.pairwise(kinds)]
    return GraphFlow("linear", "Summarise a codebase", nodes, edges, works)


def _find(root: Path, libraries: Path, limit: int, context: NodeContext) -> Output:
    """List the project's files folder by folder, then the libraries'."""

    def list_own(folder: str) -> Output:
        found = list_folder(root, folder, context.check)
        return Output(found, f"{len(found)} files")

    def list_beneath(limit: int) -> Output:
        found = list_libraries(libraries, limit, context.check)
        return Output(found, f"{len(found)} files")

    sources: list[Source] = []
    for folder in OWN:
        sources += context.tool("list_folder", list_own, folder=folder)
    if not sources:
        raise FileNotFoundError("The project has no files to read.")
    sources += context.tool("list_libraries", list_beneath, limit=limit)
    digests: set[str] = set()
    for source in sources:
        context.check()
        digests.add(source.digest())
    context.log("info", f"{len(sources)} files found, {len(sources) - len(digests)} are copies of another one.")
    context.set("copies", len(sources) - len(digests))
    folders = Counter(source.folder for source in sources)
    return Output(Survey(sources), {"files": len(sources), "largest folders": dict(folders.most_common(TOP))})


def _read(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Read every file; of the project's own Python, tell code, comments and docstrings apart."""
    survey: Survey = inputs["find"]
    texts: dict[Source, str] = {}
    for source in survey.sources:
        context.check()
        texts[source] = source.text()

    def classify_lines(folder: str) -> Output:
        lines: Counter[str] = Counter()
        for source, text in texts.items():
            if source.folder == folder and source.name.endswith(".py"):
                context.check()
                lines += words.kinds_of_lines(text)
        return Output(lines, dict(lines))

    lines: Counter[str] = Counter()
    for folder in OWN:
        lines += context.tool("classify_lines", classify_lines, folder=folder)
    characters = sum(map(len, texts.values()))
    context.log("info", f"{characters:,} characters read.")
    return Output(replace(survey, texts=texts, lines=lines), {"characters": characters, "own lines": dict(lines)})


def _count(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Count the words of each folder, and the pairs of words that stand side by side."""
    survey: Survey = inputs["read"]
    counts: dict[str, Counter[str]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    for source, text in survey.texts.items():
        context.check()
        found = words.words_of(text)
        counts.setdefault(source.folder, Counter()).update(found)
        pairs.update(itertools.pairwise(found))
    context.set("different_pairs", len(pairs))
    top = [{"pair": " ".join(pair), "times": number} for pair, number in pairs.most_common(TOP)]
    total = sum(counter.total() for counter in counts.values())
    return Output(replace(survey, counts=counts), {"words": total, "pairs most often": top})


def _rank(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Find what marks each folder out from the others, and its nearest kin."""
    survey: Survey = inputs["count"]

    def weigh_words() -> Output:
        vectors = words.weighed(survey.counts)
        return Output(vectors, f"{len(vectors)} folders weighed")

    vectors: dict[str, dict[str, float]] = context.tool("weigh_words", weigh_words)
    kin: dict[str, str] = {}
    for folder, vector in vectors.items():
        context.check()
        others = (other for other in vectors if other != folder)
        kin[folder] = max(others, key=lambda other: words.likeness(vector, vectors[other]), default="")
    themes = {folder: words.strongest(vector, TOP) for folder, vector in vectors.items()}
    ranked = replace(survey, themes=themes, kin=kin)
    return Output(ranked, {name: {"themes": themes[name], "nearest kin": kin[name]} for name in ranked.own})


def _report(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    """Put it into words, with the line that says most of each own folder's themes."""
    survey: Survey = inputs["rank"]
    libraries = sorted(survey.themes.keys() - set(survey.own), key=lambda name: -survey.counts[name].total())
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        context.say(f"{line}\n")

    say(f"# {str(context.input or 'What the sources speak of')[:200]}\n")
    say(f"{len(survey.sources):,} files; {survey.lines.total():,} lines of Python are the project's own.\n")
    for folder in survey.own:
        texts = [text for source, text in survey.texts.items() if source.folder == folder]
        line = words.telling_line(texts, survey.themes[folder], context.check)
        say(f"- **{folder}** speaks of {', '.join(survey.themes[folder])}. The line that says most: “{line}”")
    say("\nThe largest libraries beneath:\n")
    for folder in libraries[:LARGEST]:
        say(f"- **{folder}** (nearest kin: {survey.kin[folder]}) speaks of {', '.join(survey.themes[folder])}.")
    return "\n".join(said)
