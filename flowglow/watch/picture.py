"""The picture of a watcher in a terminal: link, runs, nodes of the run in front, what is said, what waits. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pyapp.contract.text import text_of
from pyapp.run.record import Execution, Message
from pyapp.run.run import Run

from ..terminal import one_line
from .glyphs import badge, colour, seconds, sign
from .watcher import Watcher

MAX_RUNS, MAX_NODES, MAX_SPEECH, MAX_LINES, MAX_CHARS = 6, 16, 6, 5, 600


def picture(watcher: Watcher, now: float) -> RenderableType:
    """All of it, as it is `now` (seconds since the epoch)."""
    run = in_front(watcher)
    parts: list[RenderableType] = [_head(watcher)]
    if run is None:
        parts.append(Text("Nothing has happened yet; a run shows as soon as it tells something.", style="bright_black"))
        return Group(*parts)
    if len(watcher.runs) > 1:
        parts.append(_runs(watcher, run, now))
    parts.append(_nodes(watcher, run, now))
    if waiting := list(_waiting(watcher)):
        parts.append(Panel(Group(*waiting), title="waits for a person", title_align="left", border_style="yellow"))
    if spoken := [_speech(each) for each in list(run.record.messages.values())[-MAX_SPEECH:]]:
        parts.append(Panel(Group(*spoken), title="chat", title_align="left", border_style="bright_black"))
    return Group(*parts)


def in_front(watcher: Watcher) -> Run | None:
    """The run that is shown whole: the first that was asked for, else the latest that lives, else the latest."""
    runs = watcher.runs
    named = [run for run in runs if run.run_id in watcher.target.runs]
    living = [run for run in runs if not run.over]
    return next(iter(named[:1] or living[-1:] or runs[-1:]), None)


def _head(watcher: Watcher) -> Text:
    link, counts = watcher.link_state.get(), watcher.counts
    line = Text.assemble((f"{sign(link.phase)} {link.phase}", colour(link.phase)), f"  {watcher.target.ws}")
    if link.reason:
        line.append_text(foreign(f"  {link.reason}", "yellow"))
    extra = [f"{counts.events:,} events"]
    if counts.opened > 1:
        extra.append(f"{counts.opened - 1} × reconnected")
    if lost := sum(run.log.lost for run in watcher.runs):
        extra.append(f"{lost} missing")
    if counts.malformed:
        extra.append(f"{counts.malformed} not readable")
    line.append("  " + " · ".join(extra), style="bright_black")
    return line


def _runs(watcher: Watcher, front: Run, now: float) -> Table:
    table = Table.grid(padding=(0, 2))
    for run in watcher.runs[-MAX_RUNS:]:
        mark = "▸" if run is front else " "
        state = Text(f"{mark} {sign(run.status)} {run.status}", style=colour(run.status))
        name = foreign(run.record.name or run.flow_id or "")
        style = "" if run is front else "bright_black"
        table.add_row(state, foreign(run.run_id), name, seconds(_length(run, now)), style=style)
    return table


def _nodes(watcher: Watcher, run: Run, now: float) -> Panel:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(min_width=2, no_wrap=True)
    table.add_column(min_width=1, no_wrap=True)
    table.add_column(min_width=12, max_width=36, no_wrap=True, overflow="ellipsis")
    table.add_column(min_width=7, no_wrap=True, justify="right")
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    found = [each for node_id in run.node_ids() for each in run.executions(node_id)]
    shown = sorted(found, key=lambda each: each.order)[-MAX_NODES:]
    if len(found) > len(shown):
        table.add_row("", "", Text(f"… {len(found) - len(shown)} before", style="bright_black"))
    for each in shown:
        style = colour(each.status)
        name = foreign("  " * _depth(watcher, each.node_id) + _name(watcher, each), "bold" if each.open else "")
        since = max(0.0, now - each.started_at) if each.started_at is not None else None
        took = seconds(since if each.open else each.duration_s)
        table.add_row(
            Text(badge(each.order), style=style), Text(sign(each.status), style=style), name, took, _remark(run, each)
        )
    status = (f"{sign(run.status)} {run.status}", colour(run.status))
    title = Text.assemble(status, foreign(f"  {run.record.name or run.run_id}  "), seconds(_length(run, now)))
    end = foreign(_first_line(text_of(run.error))) if run.error else None
    return Panel(
        table, title=title, title_align="left", subtitle=end, subtitle_align="left", border_style=colour(run.status)
    )


def _remark(run: Run, execution: Execution) -> Text:
    node = run.record.nodes.get(execution.node_id)
    if execution.error:
        return foreign(_first_line(text_of(execution.error)), "red")
    if execution.open and node is not None and node.open_tools:
        tools = [run.record.tools[key].name for key in node.open_tools if key in run.record.tools]
        return foreign(f"calls {', '.join(tools)}", "cyan")
    if run.is_waiting(execution.node_id) and execution.open:
        return Text("waits for a person", style="yellow")
    if execution.implied:
        return Text("not reported", style="bright_black")
    content = execution.content
    words = content if isinstance(content, str) else "" if content is None else json.dumps(content, ensure_ascii=False)
    return foreign(_first_line(words), "bright_black")


def _waiting(watcher: Watcher) -> Iterator[Text]:
    for run in watcher.runs:
        for requirement_id, wanted in run.cards():
            asked = wanted.requirement
            words = asked.prompt or asked.tool_name or requirement_id
            yield _wish(run, asked.kind, _first_line(words))
        for _, sign_in in run.sign_ins():
            if sign_in.status == "pending":
                yield _wish(run, "sign-in", sign_in.event.auth_url)


def _wish(run: Run, kind: str, words: str) -> Text:
    return Text.assemble(foreign(f"{kind}  ", "yellow"), foreign(words), foreign(f"  {run.run_id}", "bright_black"))


def _speech(message: Message) -> Text:
    who = message.name or message.source
    if message.kind == "tool":
        how = "…" if message.status == "executing" else sign(message.status)
        where = f" in {message.node_id}" if message.node_id else ""
        return foreign(f"{how} {who}{where}", "bright_black")
    said = [line.strip() for line in message.text[-MAX_CHARS:].splitlines() if line.strip()]
    style = "italic bright_black" if message.kind == "reasoning" else ""
    text = Text("\n").join(foreign(line, style) for line in said[-MAX_LINES:])
    return Text.assemble(foreign(f"{who}  ", "bold cyan"), text, ("▌" if message.busy else "", "cyan"))


def foreign(text: str, style: str = "") -> Text:
    """What others wrote, on one line. They go to Rich in this way alone: a plain text would be read as markup."""
    return Text(one_line(text), style)


def _name(watcher: Watcher, execution: Execution) -> str:
    node = watcher.tracking.flow.node(execution.node_id)
    return node.title if node is not None else execution.node_name or execution.node_id


def _depth(watcher: Watcher, node_id: str) -> int:
    return sum(1 for _ in watcher.tracking.flow.ancestors(node_id))


def _length(run: Run, now: float) -> float | None:
    if run.started_at is None:
        return None
    return max(0.0, (run.ended_at if run.ended_at is not None else now) - run.started_at)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
