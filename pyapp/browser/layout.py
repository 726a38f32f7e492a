"""dagre_layout: the browser's graph layout library, as a GraphLayout."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import to_js

from ..ports import Box


def dagre_layout(sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]) -> dict[str, Box]:
    """Left to right. web/js/layout.mjs holds the library; boot.js has loaded it before Python runs.

    The library is given numbers for names: it keeps them as keys of objects, where `__proto__` is none.
    """
    numbers = {name: number for number, name in enumerate(sizes)}
    nodes = [[numbers[name], width, height] for name, (width, height) in sizes.items()]
    pairs = [[numbers[source], numbers[target]] for source, target in edges]
    placed: Any = js.flowglow.layout(to_js(nodes), to_js(pairs))
    names = list(sizes)
    return {names[int(number)]: Box(x, y, *sizes[names[int(number)]]) for number, x, y in placed.to_py()}
