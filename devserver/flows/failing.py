"""Checks modules for copied and overlong code, and fails at one that nobody finished: see how a failure looks.
It needs no input; about 3 s.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow, Work
from ..engine.flow import Edge, Flow, Node, Position
from .corpus import LIBRARIES, Source, list_folder, list_libraries

LIBRARY_FILES = 400
"""A bound on the work: about half a second for each node."""
LIBRARY_BYTES = 40_000
"""Larger modules are left out: while Python's own parser is at one, nothing else of the server can go on."""
SAMPLES = Path(__file__).parent / "samples"
FOLDERS = ("pyapp", "devserver", "tests")
WINDOW = 3

Code = dict[Source, str]


def flow(
    root: Path,
    libraries: Path = LIBRARIES,
    library_files: int = LIBRARY_FILES,
    samples: Path = SAMPLES,
) -> Flow:
    """The flow over the project at `root`, and the sample that cannot be parsed."""

    def collect(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
        return _collect(root, libraries, library_files, samples, context)

    works: dict[str, Work] = {
        "collect": collect,
        "compare": _compare,
        "parse": _parse,
        "measure": _measure,
        "advise": _advise,
    }
    kinds = {
        "collect": ("Collect modules", "files.List"),
        "compare": ("Find copied code", "code.Compare"),
        "parse": ("Parse them", "code.Parse"),
        "measure": ("Measure functions", "code.Measure"),
        "advise": ("Give advice", "text.Report"),
    }
    nodes = [
        Node(id, f"devserver.nodes.{path}", label, position=Position(24 + 180 * column, 40 + 108 * column))
        for column, (id, (label, path)) in enumerate(kinds.items())
    ]
    edges = [Edge(one, other) for one, other in itertools.pairwise(kinds)]
    return GraphFlow("failing", "Code review that fails", nodes, edges, works)


def _collect(root: Path, libraries: Path, limit: int, samples: Path, context: NodeContext) -> Output:
    """Read the Python modules: the project's, some of the libraries', and last the sample."""
    sources = [source for folder in FOLDERS for source in list_folder(root, folder, context.check)]
    for source in list_libraries(libraries, limit, context.check, LIBRARY_BYTES):
        sources.append(replace(source, folder="libraries", name=f"{source.folder}: {source.name}"))
    sources += [Source("samples", path.name, path, path.stat().st_size) for path in sorted(samples.iterdir())]
    code: Code = {}
    for source in sources:
        context.check()
        if source.name.endswith((".py", ".py.txt")):
            code[source] = source.text()
    return Output(code, {"modules": len(code), "characters": sum(map(len, code.values()))})


def _compare(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Find the two modules that share most of their code, by windows of a few lines."""
    code: Code = inputs["collect"]
    windows: dict[str, set[int]] = {}
    for source, text in code.items():
        context.check()
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        slices = (tuple(lines[start : start + WINDOW]) for start in range(len(lines) - WINDOW + 1))
        windows[f"{source.folder}/{source.name}"] = set(map(hash, slices))
    shared, pair = 0, ("", "")
    for one, other in itertools.combinations(windows, 2):
        context.check()
        common = len(windows[one] & windows[other])
        if common > shared:
            shared, pair = common, (one, other)
    context.log("info", f"{pair[0]} and {pair[1]} share {shared} windows of {WINDOW} lines.")
    return Output(code, {"most alike": list(pair), "windows in common": shared})


def _parse(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Parse the modules, folder by folder."""
    code: Code = inputs["compare"]
    folders = list(dict.fromkeys(source.folder for source in code))

    def parse_folder(folder: str) -> Output:
        trees: dict[Source, ast.Module] = {}
        for source, text in code.items():
            if source.folder == folder:
                context.check()
                trees[source] = ast.parse(text, filename=f"{folder}/{source.name}")
        return Output(trees, f"{len(trees)} modules")

    trees: dict[Source, ast.Module] = {}
    for folder in folders:
        trees |= context.tool("parse_folder", parse_folder, folder=folder)
    return Output(trees, {"modules": len(trees)})


def _measure(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """Count how long the functions are."""
    lengths: dict[str, int] = {}
    for source, tree in inputs["parse"].items():
        context.check()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                lengths[f"{source.folder}/{source.name}: {node.name}"] = node.end_lineno - node.lineno + 1
    return Output(lengths, {"functions": len(lengths)})


def _advise(context: NodeContext, inputs: Mapping[str, Any]) -> str:
    """Name the functions that could be shorter."""
    lengths: dict[str, int] = inputs["measure"]
    longest = sorted(lengths, key=lambda name: -lengths[name])[:5]
    return "\n".join(f"- {name} has {lengths[name]} lines" for name in longest)
