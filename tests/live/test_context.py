from __future__ import annotations

from tests.live.support import World


def test_a_run_is_drawn_live_while_it_is_in_front_and_not_over() -> None:
    """Neither in the background, nor while it catches up, nor after its end."""
    world = World()
    world.hear("run_start")
    world.hear("run_start", "back")
    run, back = world.run, world.tracking.run("back")
    assert world.context.is_front("r") and not world.context.is_front("back")
    assert world.context.is_drawn_live(run) and not world.context.is_drawn_live(back)
    run.catching_up = True
    assert not world.context.is_drawn_live(run)
    run.catching_up = False
    world.hear("run_end")
    assert not world.context.is_drawn_live(run)


def test_a_group_is_one_by_the_flow_or_by_what_the_run_told() -> None:
    world = World()
    world.flow("g", "a", a="g")
    world.hear("start_node", node_id="told", child_count=2)
    world.hear("start_node", node_id="b", parent_node_id="parent")
    groups = {each for each in ("g", "a", "told", "b", "parent") if world.context.is_group(world.run, each)}
    assert groups == {"g", "told", "parent"}
