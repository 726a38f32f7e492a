"""The picture is bounded by the screen, however much there is to show."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console, ConsoleDimensions

from flowglow.watch.picture import picture
from tests.flowglow.watch.test_screen import NOW, opened
from tests.flowglow.watch.test_watcher import Bench

SIZE = ConsoleDimensions(80, 24)
BIG = 200_000


def told(*events: dict[str, Any]) -> Bench:
    bench = opened()
    bench.tell(*({**each, "run_id": "r", "seq": seq} for seq, each in enumerate(events)))
    return bench


def lines(bench: Bench, size: ConsoleDimensions = SIZE) -> list[str]:
    """As they are drawn before the screen is too small for them."""
    console = Console(file=io.StringIO(), width=size.width, record=True, force_terminal=False)
    console.print(picture(bench.watcher, NOW, size))
    return console.export_text().splitlines()


async def test_of_thousands_of_cards_half_a_screen_is_shown() -> None:
    asked = [{"id": f"q{number}", "kind": "confirmation", "prompt": f"Go? {number}"} for number in range(3_000)]
    seen = lines(told({"event": "AgentPaused", "requirements": asked}))
    assert sum("Go?" in each for each in seen) == SIZE.height // 2 and any("… and more" in each for each in seen)


async def test_an_address_to_sign_in_at_is_shown_whole_where_it_fits() -> None:
    url = f"https://portal.example/{'x' * 1_000}/end"
    sign_in = {"event": "interaction_event", "interaction": "oauth", "interaction_id": "i", "auth_url": url}
    seen = "".join(each.strip("│ ") for each in lines(told(sign_in)))
    assert url in seen


async def test_of_many_nodes_the_last_are_shown() -> None:
    started = [{"event": "start_node", "node_id": f"n{number % 70}", "order": number} for number in range(300)]
    seen = lines(told(*started))
    assert any("… 284 before" in each for each in seen)
    assert [each.split()[3] for each in seen if "(" in each] == [f"n{number % 70}" for number in range(284, 300)]


async def test_words_without_end_are_no_more_than_the_screen_holds() -> None:
    long = "z" * BIG
    asked = [{"id": "q", "kind": "confirmation", "prompt": long}]
    seen = lines(
        told(
            {"event": "run_start", "flow_id": long, "entity_name": long},
            {"event": "start_node", "node_id": "a", "node_name": long, "order": 0},
            {"event": "start_tool", "node_id": "a", "tool_call_id": "t", "tool_name": long},
            {"event": "RunContent", "node_id": "a", "agent_name": long, "content": long},
            {"event": "start_node", "node_id": "b", "order": 1},
            {"event": "end_node", "node_id": "b", "order": 1, "status": "error", "error": long},
            {"event": "start_node", "node_id": "c", "order": 2},
            {"event": "end_node", "node_id": "c", "order": 2, "status": "success", "content": [long] * 3},
            {"event": "AgentPaused", "node_id": "a", "requirements": asked},
        )
    )
    assert 10 < len(seen) < 4 * SIZE.height
