"""Items: all that the palette can find: commands, nodes, runs, flows; each with the text it is found by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..context import ViewContext
from .table import COMMANDS, NOT_LISTED, Command


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `name` is what it is, `hint` what is said beside it, `kind` and `key` what to do with it."""

    kind: str
    key: str
    name: str
    hint: str = ""
    icon: str = "circle"

    @property
    def text(self) -> str:
        return f"{self.name} {self.hint}"


Found = tuple[Item, str]


def commands(context: ViewContext, may: Callable[[Command], bool]) -> Iterator[Found]:
    """What can be done, with its key."""
    for command in COMMANDS:
        if command.name not in NOT_LISTED and may(command):
            name = context.words(f"command.{command.name}")
            yield Item("command", command.name, name, shown_key(context, command.key), command.icon), name


def nodes(context: ViewContext) -> Iterator[Found]:
    """The nodes of the flow on the canvas, by name and type."""
    graph = context.stores.graph.get()
    for node in graph.nodes.values() if graph is not None else ():
        symbol = "layers" if graph is not None and graph.is_group(node.id) else "box"
        item = Item("node", node.id, node.title, node.type, symbol)
        yield item, f"{node.title} {node.type} {node.id}"


def runs(context: ViewContext) -> Iterator[Found]:
    """The runs that are listed, the newest first: when they began, how they are, what they were given."""
    rows = [row for _, row in context.stores.runs.items()]
    for row in sorted(rows, key=lambda row: -(row.started_at or float("inf"))):
        status = context.asked_of(row.run_id) or context.words(f"status.{row.status}")
        said = (context.parts.when(row.started_at), status, (row.input or "")[:60])
        item = Item("run", row.run_id, context.run_name(row.run_id), " · ".join(filter(None, said)), "activity")
        yield item, f"{item.text} {row.run_id}"


def flows(context: ViewContext) -> Iterator[Found]:
    """The flows that the server offers."""
    for flow in context.stores.flows.get() or ():
        item = Item("flow", flow.id, flow.name or flow.id, "", "workflow")
        yield item, f"{item.name} {flow.id}"


def shown_key(context: ViewContext, key: str) -> str:
    """A key as people write it."""
    names = {"Mod+k": context.words("keys.mod_k"), "Escape": context.words("keys.escape")}
    return names.get(key, key.upper() if key.isalpha() else key)
