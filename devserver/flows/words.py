"""Plain text statistics, as pure functions: words, their weight, and how alike two texts are."""

from __future__ import annotations

import io
import math
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

WORD = re.compile(r"[a-z]{4,}")
LINE_CHARS = 120


def words_of(text: str) -> list[str]:
    """The words of four letters and more, in order, in lower case."""
    return WORD.findall(text.lower())


def kinds_of_lines(source: str) -> Counter[str]:
    """How many lines of a Python module are code, comment, docstring (or other bare text) and blank."""
    kinds: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT):
                continue
            first, last = token.start[0], token.end[0]
            bare = token.type == tokenize.STRING and not token.line[: token.start[1]].strip()
            kind = "comment" if token.type == tokenize.COMMENT else "docstring" if bare else "code"
            for number in range(first, last + 1):
                kinds.setdefault(number, kind)
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):  # the last one since Python 3.12, behind a lone \r
        pass  # an unfinished module: what was read so far counts
    counts = Counter(kinds.values())
    blank = sum(1 for number, line in enumerate(source.splitlines(), 1) if not line.strip() and number not in kinds)
    return counts + Counter(blank=blank)


def weighed(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """For each text the weight of its words (tf-idf), as a vector of length 1; words of all texts weigh 0."""
    spread = Counter(word for counter in counts.values() for word in counter)
    rarity = {word: math.log(len(counts) / number) for word, number in spread.items()}
    vectors: dict[str, dict[str, float]] = {}
    for name, counter in counts.items():
        vector = {word: (1 + math.log(number)) * rarity[word] for word, number in counter.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors[name] = {word: weight / length for word, weight in vector.items()}
    return vectors


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two vectors of length 1: 1 for the same, 0 for nothing in common."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def strongest(vector: Mapping[str, float], number: int) -> list[str]:
    """The words of most weight."""
    return sorted(vector, key=lambda word: (-vector[word], word))[:number]


def telling_line(texts: Iterable[str], themes: Iterable[str], check: Callable[[], None]) -> str:
    """The line in which most of the themes stand, the shortest of several; clipped."""
    wanted, best, most = list(themes), "", 0
    for text in texts:
        check()
        for line in text.splitlines():
            lower = line.lower()
            found = sum(theme in lower for theme in wanted)
            if found > most or (found == most and 0 < len(line.strip()) < len(best)):
                best, most = line.strip(), found
    return best[:LINE_CHARS]
