"""An extractive summariser: the sentences of documents that bear most on a question. Pure.

Weight is by rarity: a word that few sentences have says more. What was picked makes its like worth less, so that
no two picked sentences say the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*`“(])")
WORD = re.compile(r"[a-z][a-z_]{2,}")
SHORTEST, LONGEST = 30, 320
_STOP_WORDS = (
    "the and for are but with not that this what how why who when where which does from has have had into its can one"
    " all any you your their there then than they them these those was were will would should about after before over"
    " under only also such may must more most been being because each other our out use used"
)
STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, and where it stands."""

    document: str
    heading: str
    text: str


def terms(text: str) -> list[str]:
    """The words that carry meaning, in lower case and cut to their stem as far as an `s` goes."""
    return [word.removesuffix("s") for word in WORD.findall(text.lower()) if word not in STOP]


def passages(document: str, markdown: str) -> list[Passage]:
    """The sentences of a Markdown document under their headings; code and tables are left out."""
    found: list[Passage] = []
    heading, code = "", False
    block: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("```"):
            code = not code
        plain = line.strip()
        ends = not plain or plain.startswith(("#", "|", "```", "- ", "* "))
        if ends and block:
            for sentence in SENTENCE.split(" ".join(block)):
                if SHORTEST <= len(sentence) <= LONGEST:
                    found.append(Passage(document, heading, sentence.strip()))
            block = []
        if code or plain.startswith(("|", "```")):
            continue
        if plain.startswith("#"):
            heading = plain.lstrip("# ")
        elif plain:
            block.append(plain.removeprefix("- ").removeprefix("* "))
    return found


def pick(
    question: str, found: Iterable[Passage], number: int, check: Callable[[], None]
) -> list[tuple[Passage, float]]:
    """The best passages and their weight (0 to 1), best first; fewer where little speaks of the question."""
    every = list(found)
    words = {passage: Counter(terms(passage.text)) for passage in every}
    spread = Counter(term for counted in words.values() for term in counted)
    wanted = {term: math.log(1 + len(every) / (1 + spread[term])) for term in terms(question)}
    whole = sum(wanted.values()) or 1.0
    picked: list[tuple[Passage, float]] = []
    told: set[str] = set()
    while len(picked) < number:
        check()
        best, most = None, 0.05
        for passage, counted in words.items():
            gain = sum(weight * (0.35 if term in told else 1.0) for term, weight in wanted.items() if term in counted)
            score = gain / whole / (1 + len(passage.text) / 600)
            if score > most:
                best, most = passage, score
        if best is None:
            break
        picked.append((best, most))
        told |= set(words.pop(best)) & set(wanted)
    return picked
