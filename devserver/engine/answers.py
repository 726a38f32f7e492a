"""Answers that people give to a paused run (docs/contract.md §2, `continue`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any


class Answers:
    """The answers of one run, by requirement. Each is answered once, unless it is asked anew."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, Any]] = {}
        self._changed = asyncio.Event()
        self.awaited: set[str] = set()
        """What somebody waits for just now."""

    def give(self, answers: Mapping[str, dict[str, Any]]) -> None:
        """Take answers in and wake whoever waits."""
        self._given.update(answers)
        self._changed.set()
        self._changed = asyncio.Event()

    def forget(self, requirement_ids: Iterable[str]) -> None:
        """These are asked anew: what was answered before answers nothing any more."""
        for each in requirement_ids:
            self._given.pop(each, None)

    async def wait(self, requirement_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The answers to all of these, once they are there."""
        wanted = list(requirement_ids)
        self.awaited.update(wanted)
        try:
            while any(each not in self._given for each in wanted):
                await self._changed.wait()
        finally:
            self.awaited.difference_update(wanted)
        return {each: self._given[each] for each in wanted}
