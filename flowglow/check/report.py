"""The report: what was found, in words for people, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import fill

from ..terminal import safe
from .findings import Outcome
from .rules import LEVELS

MARKS = {"must": "✗", "should": "!", "note": "·"}
WIDTH = 110
ESSENTIAL = {"hello": "a socket", "flows": "the flows", "start": "a start"}
"""The checks of what no page can do without, and what that is. Where one could not be tried, nothing is a pass."""


def line(outcome: Outcome) -> str:
    """One check, and everything it found."""
    worst = next((level for level in LEVELS if any(each.level == level for each in outcome.findings)), None)
    mark = MARKS[worst] if worst else "✓" if outcome.done else "–"
    parts = [f"{mark} {outcome.name:<12} {outcome.about}"]
    for each in sorted(outcome.findings, key=lambda finding: LEVELS.index(finding.level)):
        parts.append(_wrapped(f"{each.level} {each.code} ({each.section})", "    "))
        parts.append(_wrapped(f"expected: {each.expected}", "      "))
        parts.append(_wrapped(f"seen:     {each.seen}", "      "))
        parts.append(_wrapped(f"to do:    {each.advice}", "      "))
    parts += [_wrapped(f"not tried: {each}", "    ") for each in outcome.untried]
    return safe("\n".join(parts))  # what was seen is a backend's own words


def summary(outcomes: Sequence[Outcome]) -> str:
    """How it went, in one sentence or two."""
    count = _counts(outcomes)
    untried = sum(len(each.untried) for each in outcomes)
    if count["must"]:
        verdict = f"This backend falls short of the contract in {_things(count['must'])} that it must do."
    elif not asked(outcomes):
        return "Nothing could be asked: is this where the backend is?"
    elif lacking := untried_essentials(outcomes):
        verdict = f"This says nothing of the backend yet: {', '.join(lacking)} could not be tried."
    else:
        verdict = "This backend does all that was tried of what it must do."
    rest = f"{count['should']} that it should do, {_notes(count['note'])}, {untried} not tried."
    return f"{verdict} {len(outcomes)} checks: {count['must']} that it must do, {rest}"


def asked(outcomes: Sequence[Outcome]) -> bool:
    """Whether anything at all was answered."""
    return any(each.findings or not each.untried for each in outcomes)


def untried_essentials(outcomes: Sequence[Outcome]) -> list[str]:
    """What no page can do without and no check got through, in words."""
    return [ESSENTIAL[each.name] for each in outcomes if each.name in ESSENTIAL and not each.done]


def status(outcomes: Sequence[Outcome]) -> int:
    """The exit status: 0 passed, 1 falls short, 2 not enough could be asked to say either."""
    if _counts(outcomes)["must"]:
        return 1
    return 2 if not asked(outcomes) or untried_essentials(outcomes) else 0


def as_json(outcomes: Sequence[Outcome]) -> str:
    """The same for programs."""
    checks = [each.json() for each in outcomes]
    return json.dumps({"ok": status(outcomes) == 0, **_counts(outcomes), "checks": checks}, indent=2)


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many findings there are of each level."""
    return {level: sum(each.level == level for outcome in outcomes for each in outcome.findings) for level in LEVELS}


def _things(number: int) -> str:
    return "one thing" if number == 1 else f"{number} things"


def _notes(number: int) -> str:
    return "1 note" if number == 1 else f"{number} notes"


def _wrapped(text: str, indent: str) -> str:
    further = indent + ("          " if ": " in text[:11] else "  ")
    return fill(text, WIDTH, initial_indent=indent, subsequent_indent=further, break_long_words=False)
