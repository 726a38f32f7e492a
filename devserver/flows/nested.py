"""Weighs this project's folders side by side, in groups within groups.
It needs no input; about 2 s.

Scan → (documents: prose, headings | sources: (python: lines, names), web) → compare.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node
from .corpus import LIBRARIES, Source, list_folder, list_libraries

LIBRARY_FILES = 5_000


def flow(root: Path, libraries: Path = LIBRARIES) -> Flow:
    """The flow over the project at `root`."""

    def scan(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        folders = ("docs", "pyapp", "devserver", "tests", "web")

        def listed(folder: str) -> Output:
            sources = list_folder(root, folder, context.check)
            return Output(sources, f"{len(sources)} files")

        found: dict[str, list[Source]] = {name: context.tool("list_folder", listed, folder=name) for name in folders}
        found["libraries"] = list_libraries(libraries, LIBRARY_FILES, context.check)
        return Output(found, {folder: len(sources) for folder, sources in found.items()})

    works: dict[str, Work] = {
        "scan": scan,
        "prose": _words,
        "headings": _headings,
        "lines": _lines,
        "names": _names,
        "styles": _styles,
        "compare": _compare,
    }
    nodes = [
        Node("scan", "devserver.nodes.files.List", "Scan"),
        Node("documents", "devserver.nodes.Parallel", "Documents"),
        Node("prose", "devserver.nodes.text.Count", "Count the words", parent="documents"),
        Node("headings", "devserver.nodes.text.Search", "Find the headings", parent="documents"),
        Node("sources", "devserver.nodes.Parallel", "Sources"),
        Node("python", "devserver.nodes.Group", "Python", parent="sources"),
        Node("lines", "devserver.nodes.code.Count", "Count the lines", parent="python"),
        Node("names", "devserver.nodes.code.Parse", "Rank the names", parent="python"),
        Node("styles", "devserver.nodes.code.Read", "Read the styles", parent="sources"),
        Node("compare", "devserver.nodes.text.Report", "Compare"),
    ]
    edges = [
        *(Edge("scan", each) for each in ("prose", "headings", "lines", "styles")),
        Edge("lines", "names"),
        *(Edge(each, "compare") for each in ("prose", "headings", "names", "styles")),
    ]
    return GraphFlow("nested", "Compare folders in parallel", nodes, edges, works)


def _sources(inputs: Mapping[str, Any], *folders: str) -> list[Source]:
    return [source for folder in folders for source in inputs["scan"][folder]]


def _words(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    count: Counter[str] = Counter()
    for source in _sources(inputs, "docs", "libraries"):
        context.check()
        count.update(re.findall(r"[a-z]{4,}", source.text().lower()))
    return Output(count, dict(count.most_common(8)))


def _headings(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    found = [
        f"{source.name}: {line.lstrip('# ')}"
        for source in _sources(inputs, "docs")
        for line in source.text().splitlines()
        if line.startswith("#")
    ]
    return Output(found, found[:30])


def _lines(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    lines = {}
    for folder in ("pyapp", "devserver", "tests", "libraries"):
        context.check()
        lines[folder] = sum(source.text().count("\n") for source in _sources(inputs, folder))
    return Output({"scan": inputs["scan"], "lines": lines}, lines)


def _names(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    names: Counter[str] = Counter()
    scanned = inputs["lines"]["scan"]
    for source in [*scanned["pyapp"], *scanned["devserver"], *scanned["libraries"]]:
        context.check()
        names.update(re.findall(r"^\s*(?:class|def|async def) (\w+)", source.text(), re.M))
    ranked = [{"name": name, "times": times} for name, times in names.most_common(12)]
    return Output({"lines": inputs["lines"]["lines"], "names": ranked}, ranked)


def _styles(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    sheets = [source for source in _sources(inputs, "web") if source.name.endswith(".css")]
    rules = {source.name: source.text().count("{") for source in sheets}
    return Output(rules, rules)


def _compare(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    rows = [
        f"- {sum(inputs['prose'].values())} words of prose and comment",
        f"- {len(inputs['headings'])} headings in the documents",
        *(f"- {count} lines in {folder}" for folder, count in inputs["names"]["lines"].items()),
        f"- {sum(inputs['styles'].values())} rules in {len(inputs['styles'])} style sheets",
    ]
    return Output("\n".join(rows), "# The project, weighed\n\n" + "\n".join(rows))
