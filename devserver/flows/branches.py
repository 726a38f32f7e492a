"""Checks links while another branch parses a module that nobody finished: one branch fails, the other succeeds.
It needs no input; about 2 s.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node
from .corpus import LIBRARIES, Source, list_folder, list_libraries

SAMPLE = Path(__file__).parent / "samples" / "unfinished.py.txt"
LIBRARY_FILES = 5_000


def flow(root: Path, libraries: Path = LIBRARIES, sample: Path = SAMPLE) -> Flow:
    """The flow over the project at `root`, and the sample that cannot be parsed."""

    def collect(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        found = [*list_folder(root, "docs", context.check), *list_libraries(libraries, LIBRARY_FILES, context.check)]
        return Output(found, f"{len(found)} files")

    def parse(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        tree = ast.parse(sample.read_text(), sample.name)
        return Output(tree, f"{len(tree.body)} statements")

    works: dict[str, Work] = {
        "collect": collect,
        "links": _links,
        "words": _words,
        "parse": parse,
        "advise": lambda context, inputs: f"Advice on {len(inputs['parse'].body)} statements",
    }
    nodes = [
        Node("collect", "devserver.nodes.files.List", "Collect"),
        Node("links", "devserver.nodes.text.Search", "Check the links"),
        Node("words", "devserver.nodes.text.Count", "Count the words"),
        Node("parse", "devserver.nodes.code.Parse", "Parse a module"),
        Node("advise", "devserver.nodes.text.Report", "Give advice"),
    ]
    pairs = [("collect", "links"), ("links", "words"), ("collect", "parse"), ("parse", "advise")]
    edges = [Edge(*pair) for pair in pairs]
    return GraphFlow("branches", "Two checks, one of them fails", nodes, edges, works, keep_going=True)


def _links(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Every link of every file: how many there are, and to which kind of place."""
    kinds: dict[str, int] = {}
    for source in inputs["collect"]:
        context.check()
        for target in re.findall(r"\]\(([^)\s]+)\)|(https?://[\w./-]+)", source.text()):
            kind = "web" if "://" in "".join(target) else "file"
            kinds[kind] = kinds.get(kind, 0) + 1
    return Output({"files": inputs["collect"], "kinds": kinds}, kinds)


def _words(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    files: list[Source] = inputs["links"]["files"]
    rows: list[dict[str, Any]] = []
    for source in files:
        context.check()
        rows.append({"file": source.name, "words": len(source.text().split())})
    return Output(rows, sorted(rows, key=_most_words)[:12])


def _most_words(row: dict[str, Any]) -> int:
    return -int(row["words"])
