"""Cycles: which edges of a flow go back. Pure."""

from __future__ import annotations

from collections.abc import Iterable

Edge = tuple[str, str]
"""From where, and to where."""


def back_edges(edges: Iterable[Edge]) -> set[Edge]:
    """The edges that lead to where the flow has come from, when it is followed from its beginnings."""
    following: dict[str, list[str]] = {}
    entered: set[str] = set()
    for source, target in edges:
        following.setdefault(source, []).append(target)
        entered.add(target)
    found: set[Edge] = set()
    done: set[str] = set()
    for first in sorted(following, key=lambda each: each in entered):
        if first in done:
            continue
        trail, ways = {first}, [(first, iter(following[first]))]
        while ways:
            here, rest = ways[-1]
            for target in rest:
                if target in trail:
                    found.add((here, target))
                elif target not in done:
                    trail.add(target)
                    ways.append((target, iter(following.get(target, ()))))
                    break
            else:
                done.add(here)
                trail.discard(here)
                ways.pop()
    return found
