"""Reads two hundred files in a grid of parallel steps, then sums all of it up.
It needs no input; about 5 s.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node, Position
from .corpus import LIBRARIES, Source, list_libraries

ROWS, COLUMNS = 11, 18
FILES_EACH = 25
"""One node to begin, 11 × 18 in rows, one to end: 200."""


def flow(root: Path, libraries: Path = LIBRARIES) -> Flow:
    """The flow over the libraries that are installed here."""

    def find(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        found = list_libraries(libraries, ROWS * COLUMNS * FILES_EACH, context.check)
        return Output(found, f"{len(found)} files")

    works: dict[str, Work] = {"find": find, "sum": _sum}
    nodes = [Node("find", "devserver.nodes.files.List", "Find files", position=Position(0, ROWS * 50))]
    edges: list[Edge] = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            node_id = f"r{row}c{column}"
            before = "find" if column == 0 else f"r{row}c{column - 1}"
            works[node_id] = _reader(row * COLUMNS + column, before)
            place = Position(240 + column * 230, row * 104)
            nodes.append(Node(node_id, "devserver.nodes.files.Read", f"Read {row + 1}.{column + 1}", position=place))
            edges.append(Edge(before, node_id))
        edges.append(Edge(f"r{row}c{COLUMNS - 1}", "sum"))
    nodes.append(
        Node("sum", "devserver.nodes.text.Report", "Sum up", position=Position(240 + COLUMNS * 230, ROWS * 50))
    )
    return GraphFlow("wide", "Two hundred files in parallel", nodes, edges, works)


def _reader(number: int, before: str) -> Work:
    """Reads its share of the files; hands on the files and what the row has come to so far."""

    def read(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        taken = inputs[before]
        files: list[Source] = taken if before == "find" else taken["files"]
        so_far: int = 0 if before == "find" else taken["lines"]
        lines, digest = 0, hashlib.sha256()
        words: Counter[str] = Counter()
        for source in files[number :: ROWS * COLUMNS]:
            context.check()
            text = source.text()
            lines += text.count("\n")
            digest.update(text.encode())
            words.update(re.findall(r"[A-Za-z_]{4,}", text))
        content = {"lines": lines, "most": dict(words.most_common(3)), "sha256": digest.hexdigest()[:16]}
        return Output({"files": files, "lines": so_far + lines}, content)

    return read


def _sum(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    total = sum(each["lines"] for each in inputs.values())
    return Output(total, f"{total} lines in all rows together")
