"""Streams nobody would write by hand: what runs may tell, as plain choices that hypothesis draws and shrinks.

`build` turns choices into the events of one run, so that the same choices always give the same stream and a soak in a
browser can draw them from a seed. Every word of a stream is distinct: order, loss and mixing can be seen.
"""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st

from .choices import ENDINGS, KINDS, Choice, Picker, words
from .flow import FLOW, GROUPS, NODES, PARENTS, STEPS
from .run_stream import CARDS, build

__all__ = [
    "CARDS", "ENDINGS", "FLOW", "GROUPS", "KINDS", "NODES", "NUMBERS", "PARENTS", "STEPS", "Choice", "Picker", "build",
    "interleavings", "of_any_length", "runs", "words",
]  # fmt: skip

Json = dict[str, Any]
T = TypeVar("T")
NUMBERS = st.integers(0, 99_999)


def of_any_length(each: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    """Lists that are not mostly short, as hypothesis likes them."""
    return st.integers(0, 30).flatmap(lambda length: st.lists(each, min_size=length, max_size=length))


CHOICES = of_any_length(st.tuples(st.sampled_from(KINDS), NUMBERS))
ENDS = st.tuples(st.sampled_from(ENDINGS), NUMBERS)


def runs(run_id: str, *, words: int = 0) -> st.SearchStrategy[list[Json]]:
    """The numbered events of one run."""
    return st.builds(build, st.just(run_id), CHOICES, ENDS, started=st.booleans(), words=st.just(words))


@st.composite
def interleavings(draw: st.DrawFn, max_runs: int = 3, shake: int = 4) -> list[Json]:
    """Events of several runs as they may arrive: interleaved, some twice, some a few places early or late."""
    queues = [draw(runs(f"r{index}")) for index in range(draw(st.integers(1, max_runs)))]
    arrived: list[Json] = []
    while any(queues):
        queue = draw(st.sampled_from([each for each in queues if each]))
        arrived.append(queue.pop(0))
    for _ in range(draw(st.integers(0, shake))):
        place = draw(st.integers(0, len(arrived) - 1))
        event = arrived[place]
        if draw(st.booleans()):
            arrived.pop(place)
        arrived.insert(min(len(arrived), max(0, place + draw(st.integers(-4, 4)))), event)
    return arrived
