"""dagre_layout: the browser's graph layout library, as a GraphLayout."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import to_js

from ..ports import Box


def dagre_layout(sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]) -> dict[str, Box]:
    """Left to right. web/js/layout.mjs holds the library; boot.js has loaded it before Python runs."""
    nodes = [[name, width, height] for name, (width, height) in sizes.items()]
    placed: Any = js.flowglow.layout(to_js(nodes), to_js([list(edge) for edge in edges]))
    return {str(name): Box(x, y, *sizes[str(name)]) for name, x, y in placed.to_py()}
