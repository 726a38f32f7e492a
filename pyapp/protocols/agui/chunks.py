"""Chunks: messages, thoughts and calls that are told without a start and an end, and what a piece goes on with."""

from __future__ import annotations

from typing import NamedTuple

from .fields import Unreadable


class Place(NamedTuple):
    """Where a piece belongs: `item` is "" where none is open; `over` is what has ended with it; `opened`: it was not
    open before.
    """

    item: str
    over: str | None = None
    opened: bool = False


class Chunks:
    """Owns which item of each kind the agent and each subagent have open; knows nothing of the items themselves."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], str] = {}
        """The ids of the items, by kind and owner; "" is the agent."""

    def of(self, kind: str, owner: str | None, item_id: str | None) -> Place:
        """The item that a piece belongs to; it is open from now on.

        A piece that names neither its item nor its owner goes on with the agent's own, else with the only one.
        Raises Unreadable where it could be of several.
        """
        before = self._open.get((kind, owner or ""))
        if item_id is None:
            return Place(before or (self._only(kind) if owner is None else ""))
        self._open[kind, owner or ""] = item_id
        return Place(item_id) if before == item_id else Place(item_id, before, opened=True)

    def close(self, owner: str | None = None) -> list[tuple[str, str]]:
        """What was open, as kind and id: of one subagent, or of all."""
        closed = {key: item for key, item in self._open.items() if owner in (None, key[1])}
        for key in closed:
            del self._open[key]
        return [(kind, item) for (kind, _), item in closed.items()]

    def _only(self, kind: str) -> str:
        found = {item for (each, _), item in self._open.items() if each == kind}
        if len(found) > 1:
            raise Unreadable("it does not say what it goes on with, and several are open.")
        return found.pop() if found else ""
