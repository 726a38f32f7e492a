"""The picture of a watcher in a terminal: link, runs, nodes of the run in front, what is said, what waits. Pure.

What it costs to draw is bounded by the screen, however much there is: it is drawn many times a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from itertools import islice

from rich.console import ConsoleDimensions, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pyapp.run.record import Execution, Message
from pyapp.run.run import Run

from .glyphs import badge, colour, seconds, sign
from .pieces import brief, first_line, foreign, tail
from .watcher import Watcher

MAX_RUNS, MAX_NODES, MAX_SPEECH, MAX_LINES, MAX_CHARS = 6, 16, 6, 5, 600
MAX_TOOLS = 8
"""Calls under way that are named at one node."""


def picture(watcher: Watcher, now: float, size: ConsoleDimensions) -> RenderableType:
    """All of it, as it is `now` (seconds since the epoch), for a screen of that size."""
    run = in_front(watcher)
    parts: list[RenderableType] = [_head(watcher, size.width)]
    if run is None:
        parts.append(Text("Nothing has happened yet; a run shows as soon as it tells something.", style="bright_black"))
        return Group(*parts)
    if len(watcher.runs) > 1:
        parts.append(_runs(watcher, run, now, size.width))
    parts.append(_nodes(watcher, run, now, size))
    if waiting := _waiting(watcher, size):
        parts.append(Panel(Group(*waiting), title="waits for a person", title_align="left", border_style="yellow"))
    last = list(islice(reversed(run.record.messages.values()), MAX_SPEECH))
    if spoken := [_speech(each, size.width) for each in reversed(last)]:
        parts.append(Panel(Group(*spoken), title="chat", title_align="left", border_style="bright_black"))
    return Group(*parts)


def in_front(watcher: Watcher) -> Run | None:
    """The run that is shown whole: the first that was asked for, else the latest that lives, else the latest."""
    runs = watcher.runs
    named = [run for run in runs if run.run_id in watcher.target.runs]
    living = [run for run in runs if not run.over]
    return next(iter(named[:1] or living[-1:] or runs[-1:]), None)


def _head(watcher: Watcher, width: int) -> Text:
    link, counts = watcher.link_state.get(), watcher.counts
    state = (f"{sign(link.phase)} {link.phase}", colour(link.phase))
    line = Text.assemble(state, foreign(f"  {watcher.target.ws}", width))
    if link.reason:
        line.append_text(foreign(f"  {link.reason}", width, "yellow"))
    extra = [f"{counts.events:,} events"]
    if counts.opened > 1:
        extra.append(f"{counts.opened - 1} × reconnected")
    if lost := sum(run.log.lost for run in watcher.runs):
        extra.append(f"{lost} missing")
    if counts.malformed:
        extra.append(f"{counts.malformed} not readable")
    line.append("  " + " · ".join(extra), style="bright_black")
    return line


def _runs(watcher: Watcher, front: Run, now: float, width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    for run in watcher.runs[-MAX_RUNS:]:
        mark = "▸" if run is front else " "
        state = Text(f"{mark} {sign(run.status)} {run.status}", style=colour(run.status))
        name = foreign(run.record.name or run.flow_id or "", width)
        style = "" if run is front else "bright_black"
        table.add_row(state, foreign(run.run_id, width), name, seconds(_length(run, now)), style=style)
    return table


def _nodes(watcher: Watcher, run: Run, now: float, size: ConsoleDimensions) -> Panel:
    width = size.width
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(min_width=2, no_wrap=True)
    table.add_column(min_width=1, no_wrap=True)
    table.add_column(min_width=12, max_width=36, no_wrap=True, overflow="ellipsis")
    table.add_column(min_width=7, no_wrap=True, justify="right")
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    shown, before = _latest(run, min(MAX_NODES, size.height))
    if before:
        table.add_row("", "", Text(f"… {before} before", style="bright_black"))
    for each in shown:
        style = colour(each.status)
        name = foreign("  " * _depth(watcher, each.node_id) + _name(watcher, each), width, "bold" if each.open else "")
        since = max(0.0, now - each.started_at) if each.started_at is not None else None
        took = seconds(since if each.open else each.duration_s)
        signs = Text(badge(each.order), style=style), Text(sign(each.status), style=style)
        table.add_row(*signs, name, took, _remark(run, each, width))
    status = (f"{sign(run.status)} {run.status}", colour(run.status))
    title = Text.assemble(status, foreign(f"  {run.record.name or run.run_id}  ", width), seconds(_length(run, now)))
    end = foreign(brief(run.error, width), width) if run.error else None
    return Panel(
        table, title=title, title_align="left", subtitle=end, subtitle_align="left", border_style=colour(run.status)
    )


def _latest(run: Run, rows: int) -> tuple[list[Execution], int]:
    """The executions with the highest orders, and how many there are before them, which are not read."""
    heard: list[tuple[int, int, str]] = []
    for place, node_id in enumerate(run.node_ids()):
        node = run.record.nodes.get(node_id)
        orders = {*(node.executions if node is not None else ()), *run.word.told.get(node_id, ())}
        heard += [(order, place, node_id) for order in orders]
    latest = sorted(nlargest(rows, heard))
    shown = [run.execution(node_id, order) for order, _, node_id in latest]
    return [each for each in shown if each is not None], len(heard) - len(latest)


def _remark(run: Run, execution: Execution, width: int) -> Text:
    node = run.record.nodes.get(execution.node_id)
    if execution.error:
        return foreign(brief(execution.error, width), width, "red")
    if execution.open and node is not None and node.open_tools:
        keys = islice(node.open_tools, MAX_TOOLS)
        tools = [run.record.tools[key].name for key in keys if key in run.record.tools]
        return foreign(f"calls {', '.join(tools)}", width, "cyan")
    if run.is_waiting(execution.node_id) and execution.open:
        return Text("waits for a person", style="yellow")
    if execution.implied:
        return Text("not reported", style="bright_black")
    return foreign(brief(execution.content, width), width, "bright_black")


def _waiting(watcher: Watcher, size: ConsoleDimensions) -> list[Text]:
    """What people are asked for: as much as half of the screen holds, the only one with all that fits on it."""
    rows = max(1, size.height // 2)
    screen = size.width * size.height
    found = list(islice(_wishes(watcher, screen), rows + 1))
    room = max(size.width, screen // max(1, len(found)))
    texts = [
        Text.assemble(
            foreign(f"{kind}  ", size.width, "yellow"),
            foreign(words, room),
            foreign(f"  {run.run_id}", size.width, "bright_black"),
        )
        for run, kind, words in found[:rows]
    ]
    return [*texts, Text("… and more", style="bright_black")] if len(found) > rows else texts


def _wishes(watcher: Watcher, room: int) -> Iterator[tuple[Run, str, str]]:
    """What people are asked for: by which run, of what kind, in which words."""
    for run in watcher.runs:
        for requirement_id, wanted in run.cards():
            asked = wanted.requirement
            yield run, asked.kind, first_line(asked.prompt or asked.tool_name or requirement_id, room)
        for _, sign_in in run.sign_ins():
            if sign_in.status == "pending":
                yield run, "sign-in", sign_in.event.auth_url


def _speech(message: Message, width: int) -> Text:
    who = message.name or message.source
    if message.kind == "tool":
        how = "…" if message.status == "executing" else sign(message.status)
        where = f" in {message.node_id}" if message.node_id else ""
        return foreign(f"{how} {who}{where}", width, "bright_black")
    said = [line.strip() for line in tail(message.chunks, MAX_CHARS).splitlines() if line.strip()]
    style = "italic bright_black" if message.kind == "reasoning" else ""
    text = Text("\n").join(foreign(line, MAX_CHARS, style) for line in said[-MAX_LINES:])
    return Text.assemble(foreign(f"{who}  ", width, "bold cyan"), text, ("▌" if message.busy else "", "cyan"))


def _name(watcher: Watcher, execution: Execution) -> str:
    node = watcher.tracking.flow.node(execution.node_id)
    return node.title if node is not None else execution.node_name or execution.node_id


def _depth(watcher: Watcher, node_id: str) -> int:
    return sum(1 for _ in watcher.tracking.flow.ancestors(node_id))


def _length(run: Run, now: float) -> float | None:
    if run.started_at is None:
        return None
    return max(0.0, (run.ended_at if run.ended_at is not None else now) - run.started_at)
