"""What is shown in a terminal: the picture, the lines, and the exit status."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console, ConsoleDimensions

from flowglow.__main__ import main
from flowglow.terminal import safe
from flowglow.watch.glyphs import badge, seconds, sign
from flowglow.watch.lines import Lines
from flowglow.watch.picture import picture
from flowglow.watch.screen import outcome, refused
from pyapp.contract.flow import Flow, FlowGraph
from tests.flowglow.watch.test_watcher import Bench, happened

NOW = 1_700_000_010.0


def drawn(bench: Bench) -> str:
    console = Console(file=io.StringIO(), width=100, record=True, force_terminal=False)
    console.print(picture(bench.watcher, NOW, ConsoleDimensions(100, 50)))
    return console.export_text()


def opened(**target: Any) -> Bench:
    bench = Bench(**target)
    bench.open()
    return bench


async def test_before_anything_happens_it_says_so() -> None:
    assert "Nothing has happened yet" in drawn(opened())


async def test_a_run_shows_its_nodes_what_is_said_and_how_long_it_takes() -> None:
    bench = opened()
    nodes = [{"id": "g", "path": "x.Group"}, {"id": "a", "path": "x.Step", "label": "First", "parent": "g"}]
    bench.watcher.tracking.set_flow(FlowGraph(Flow.model_validate({"id": "demo", "nodes": nodes})))
    bench.tell(*happened()[:4])
    said = drawn(bench)
    assert "● open" in said and "● executing" in said
    assert "①" in said and "  First" in said and "9.00 s" in said
    assert "one two▌" in said
    bench.tell(*happened()[4:])
    assert "✓ success" in drawn(bench) and "▌" not in drawn(bench)


async def test_tools_failures_and_what_waits_are_told() -> None:
    bench = opened()
    asks = {
        "event": "AgentPaused",
        "node_id": "b",
        "requirements": [{"id": "q", "kind": "confirmation", "prompt": "Go?"}],
    }
    events: list[dict[str, Any]] = [
        {"event": "start_node", "node_id": "a", "order": 0},
        {"event": "start_tool", "node_id": "a", "tool_call_id": "t", "tool_name": "search"},
        {"event": "start_node", "node_id": "b", "order": 1},
        {"event": "end_node", "node_id": "c", "order": 2, "status": "error", "error": "It broke.\nTrace"},
        asks,
    ]  # fmt: skip
    bench.tell([{**each, "run_id": "r", "seq": seq} for seq, each in enumerate(events)])
    said = drawn(bench)
    assert "calls search" in said and "It broke." in said and "Trace" not in said
    assert "waits for a person" in said and "confirmation  Go?" in said


async def test_two_runs_are_listed_and_the_one_that_lives_is_in_front() -> None:
    bench = opened()
    bench.tell(happened("old"), *happened("new")[:2])
    lines = drawn(bench).splitlines()
    assert any("✓ success" in each and "old" in each and "▸" not in each for each in lines)
    assert any("▸ ● executing" in each and "new" in each for each in lines)


async def test_a_break_and_what_is_missing_are_said() -> None:
    bench = opened()
    bench.tell(happened()[0], happened()[2])
    bench.clock.advance(2.0)
    assert "1 missing" in drawn(bench)
    bench.sockets.last.die(1006, "cut")
    assert "◌ waiting" in drawn(bench) and "cut" in drawn(bench)


async def test_lines_tell_each_thing_once_and_what_is_said_when_it_is_whole() -> None:
    said: list[str] = []
    bench = opened()
    lines = Lines(said.append)
    bench.watcher.on_taken(lines.taken)
    bench.tell(*happened(), happened()[2])
    words = [each.split(" ", 1)[1] for each in said]
    assert words == [
        "r ● started (demo)",
        "r ● ① a executing",
        "r ✓ ① a success after 3.00 s",
        "r “ r: one two",
        "r ✓ success",
    ]


def test_what_could_steer_a_terminal_is_shown_instead() -> None:
    assert safe("a\x1b[31mb\x9b\r\n\u202e") == "a�[31mb��\n�"
    assert (badge(0), badge(19), badge(20)) == ("①", "⑳", "(21)")
    assert [seconds(each) for each in (None, 0.345, 12.4, 185)] == ["", "0.34 s", "12 s", "3:05"]
    assert (sign("success"), sign(None)) == ("✓", " ")


def told_of_everything(run_id: str, evil: str, *, ends: bool) -> list[dict[str, Any]]:
    """A run; in each place where a producer can put text stands the same."""
    asked = {"id": evil, "kind": "confirmation", "prompt": evil}
    sign_in = {"interaction": "oauth", "interaction_id": evil, "auth_url": f"https://x/{evil}"}
    events: list[dict[str, Any]] = [
        {"event": "run_start", "flow_id": evil, "entity_name": evil},
        {"event": "start_node", "node_id": evil, "node_name": evil, "order": 0},
        {"event": "start_tool", "node_id": evil, "tool_call_id": evil, "tool_name": evil},
        {"event": "RunContent", "node_id": evil, "agent_name": evil, "content": evil},
        {"event": "start_node", "node_id": f"b{evil}", "order": 1},
        {"event": "end_node", "node_id": f"b{evil}", "order": 1, "status": "error", "error": evil},
        {"event": "start_node", "node_id": f"c{evil}", "order": 2},
        {"event": "end_node", "node_id": f"c{evil}", "order": 2, "status": "success", "content": evil},
        {"event": "interaction_event", **sign_in},
        {"event": "AgentPaused", "node_id": evil, "requirements": [asked]},
    ]
    ended: list[dict[str, Any]] = [
        {"event": "end_tool", "node_id": evil, "tool_call_id": evil, "tool_name": evil},
        {"event": "end_node", "node_id": evil, "order": 0, "status": "success"},
        {"event": "run_end", "status": "error", "error": evil},
    ]
    return [{**each, "run_id": run_id, "seq": seq} for seq, each in enumerate(events + ended * ends)]


@pytest.mark.parametrize("ends", [True, False], ids=["over", "under way"])
@pytest.mark.parametrize("evil", ["[/b]", "[bold red]x[/bold red] [a-z]", "\x1b[31m\x07", "a\nb"])
async def test_foreign_text_is_shown_as_it_is_and_steers_nothing(evil: str, ends: bool) -> None:
    """It is neither markup, nor anything a terminal would obey, nor a line of its own."""
    said: list[str] = []
    bench = opened()
    bench.watcher.on_taken(Lines(said.append).taken)
    for run_id in (f"old{evil}", f"new{evil}"):
        bench.tell(told_of_everything(run_id, evil, ends=ends))
    seen, shown = drawn(bench), safe(evil).replace("\n", " ")
    for words in (f"old{shown}", f"new{shown}", f"b{shown}", f"c{shown}", *([] if ends else [f"https://x/{shown}"])):
        assert words in seen
    assert not ends or any(each.startswith("╰─ ") and safe(evil.split("\n")[0]) in each for each in seen.splitlines())
    assert said and all(safe(each) == each and "\n" not in each and shown in each for each in said)


async def test_the_end_of_what_was_asked_for_counts() -> None:
    bench = opened(runs=("r", "s"))
    bench.tell(*happened())
    assert outcome(bench.watcher) is None
    bench.tell({"event": "run_end", "run_id": "s", "seq": 0, "status": "killed"})
    assert outcome(bench.watcher) == "killed"


async def test_a_server_that_wants_a_sign_in_ends_it() -> None:
    bench = opened()
    for _ in range(2):
        bench.sockets.last.die(4401)
        assert refused(bench.watcher) == (
            len(bench.sockets.opened) == 2 and bench.watcher.link_state.get().phase == "closed"
        )
    assert refused(bench.watcher)


def test_an_address_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "http://127.0.0.1/ws"]) == 2
    assert "ws://" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_no_end_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "ws://127.0.0.1:9/ws", "--once", "--plain", "--for", "0.2"]) == 4
    assert "link connecting" in capsys.readouterr().out
