"""Measures this project and shows the figures as a formatted report.
It needs no input; about 2 s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..engine.context import NodeContext, Output
from ..engine.engine import GraphFlow
from ..engine.flow import Edge, Flow, Node, Position
from . import words
from .corpus import OWN, list_folder

ID = "report"
LARGEST = 5


def flow(root: Path) -> Flow:
    """The report on the project at `root`."""
    nodes = [
        Node("measure", "devserver.nodes.files.Count", "Measure the project", position=Position(24, 60)),
        Node("write", "devserver.nodes.text.Html", "Write the report", position=Position(284, 60)),
    ]
    works = {"measure": lambda context, _: _measure(root, context), "write": _write}
    return GraphFlow("report", "Project report", nodes, [Edge("measure", "write")], works)


def _measure(root: Path, context: NodeContext) -> Output:
    """Files, lines and kinds of lines, folder by folder; the outline of the report stands in the chat meanwhile."""
    context.show("<h2>Report on the project</h2><p>The figures are being counted…</p>", ID)
    rows: list[dict[str, Any]] = []
    sizes: Counter[str] = Counter()
    for folder in OWN:
        sources = list_folder(root, folder, context.check)
        kinds: Counter[str] = Counter()
        lines = 0
        for source in sources:
            context.check()
            text = source.text()
            lines += text.count("\n")
            sizes[f"{folder}/{source.name}"] = text.count("\n")
            if source.name.endswith(".py"):
                kinds += words.kinds_of_lines(text)
        rows.append(
            {
                "folder": folder,
                "files": len(sources),
                "lines": lines,
                **{f"py {k}": v for k, v in sorted(kinds.items())},
            }
        )
    return Output((rows, sizes.most_common(LARGEST)), rows)


def _write(context: NodeContext, inputs: Mapping[str, Any]) -> Output:
    """The same report, filled in: it takes the place of the outline."""
    rows, largest = inputs["measure"]
    body = "".join(
        f"<tr><th scope='row'>{escape(row['folder'])}</th><td>{row['files']}</td><td>{row['lines']}</td></tr>"
        for row in rows
    )
    items = "".join(f"<li><code>{escape(name)}</code>, {number} lines</li>" for name, number in largest)
    files, lines = sum(row["files"] for row in rows), sum(row["lines"] for row in rows)
    html = (
        f"<h2>Report on the project</h2><p><strong>{files}</strong> files, <strong>{lines}</strong> lines.</p>"
        "<table><thead><tr><th scope='col'>Folder</th><th scope='col'>Files</th><th scope='col'>Lines</th></tr></thead>"
        f"<tbody>{body}</tbody></table><h3>The largest files</h3><ol>{items}</ol>"
        "<p>Made by the flow itself; see <a href='https://developer.mozilla.org/docs/Web/HTML'>how HTML works</a>.</p>"
    )
    context.show(html, ID)
    return Output(html, {"files": files, "lines": lines, "largest": [name for name, _ in largest]})
