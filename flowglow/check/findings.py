"""Findings: where a backend falls short, how much that matters, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .rules import RULES, Level

MAX_SEEN_CHARS = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that falls short. `code` names it for programs; the rest is for people."""

    code: str
    level: Level
    section: str
    """Where docs/contract.md says so."""
    expected: str
    seen: str
    advice: str

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Outcome:
    """What one check found. `untried` says, in words, what of it could not be tried."""

    name: str
    about: str
    findings: list[Finding] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    took_s: float = 0.0
    done: bool = False
    """It was gone through, though maybe not all of it."""

    def find(self, code: str, seen: object) -> None:
        """The rule of this code is broken; of several times the first one counts."""
        if all(each.code != code for each in self.findings):
            words, rule = str(seen), RULES[code]
            clipped = words if len(words) <= MAX_SEEN_CHARS else words[:MAX_SEEN_CHARS] + "…"
            self.findings.append(Finding(code, rule.level, rule.section, rule.expected, clipped, rule.advice))

    def could_not(self, why: str) -> None:
        if why not in self.untried:
            self.untried.append(why)

    def json(self) -> dict[str, Any]:
        return {
            "check": self.name,
            "about": self.about,
            "findings": [each.json() for each in self.findings],
            "untried": self.untried,
            "took_s": round(self.took_s, 3),
        }


class Untried(Exception):
    """A check cannot go on; `str()` says why, in a sentence.

    With the `code` of a rule the backend is to blame: the first check that meets it finds so, the others are untried.
    """

    def __init__(self, why: str, code: str | None = None) -> None:
        super().__init__(why)
        self.code = code
