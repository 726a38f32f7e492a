"""Tools for the Agno agents: real work over the project's own files."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from .corpus import OWN, list_folder

MAX_HITS = 6
_STOP_WORDS = (
    "a an and are as at be but by can do does for from has have how i if in is it its my no not of on one or so"
    " that the their then there this to was what when where which who why will with you your"
)
STOP = frozenset(_STOP_WORDS.split())


def key_words(question: str, limit: int = 4) -> list[str]:
    """The words of a question that carry its meaning, longest first."""
    words = dict.fromkeys(word for word in re.findall(r"[a-z][a-z_]+", question.lower()) if word not in STOP)
    return sorted(words, key=len, reverse=True)[:limit]


class ProjectTools:
    """Looks into the project at `root`; each method is a tool an agent can call."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def survey(self) -> str:
        """How many files and lines each folder of the project has."""
        lines = []
        for folder in OWN:
            sources = list_folder(self._root, folder, _unchecked)
            if sources:
                count = sum(source.text().count("\n") for source in sources)
                lines.append(f"{folder}: {len(sources)} files, {count} lines")
        return "\n".join(lines)

    def search(self, words: str, folders: str) -> str:
        """The passages that speak most of the words: `folder/file:line: text`, best first."""
        wanted = words.lower().split()
        hits: Counter[str] = Counter()
        for folder in folders.split():
            for source in list_folder(self._root, folder, _unchecked):
                for number, line in enumerate(source.text().splitlines(), start=1):
                    low = line.lower()
                    score = sum(low.count(word) for word in wanted)
                    if score and len(line.strip()) > 12:
                        hits[f"{source.folder}/{source.name}:{number}: {_plain(line)[:160]}"] = score
        return "\n".join(hit for hit, _ in hits.most_common(MAX_HITS)) or "nothing found"


def _plain(line: str) -> str:
    """A line that can be quoted as code."""
    return line.strip().replace("`", "'")


def _unchecked() -> None:
    """An agent's tool is short; it is not asked whether it is still wanted."""
