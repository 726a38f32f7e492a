"""A guard: what it protects from, where it stands, what is left without it, and the test that sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """`guard` stands exactly once in `file`; with `without` in its place `test` fails."""

    fault: str
    file: str
    guard: str
    without: str
    test: str
