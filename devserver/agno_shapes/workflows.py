"""Workflows: groups of every kind, one in another, teams in steps, failures, cancels, each way to wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agno.db.in_memory import InMemoryDb
from agno.workflow import Condition, Loop, Parallel, Router, Step, StepInput, StepOutput, Steps, Workflow

from .shape import Shape, broken, scripted, speaker
from .teams import cautious, team


def flow(name: str, *steps: Any) -> Workflow:
    return Workflow(name=name.title(), id=name, steps=list(steps), db=InMemoryDb(), telemetry=False)


def says(name: str) -> Step:
    """A step that is a function."""

    def work(step_input: StepInput) -> StepOutput:
        return StepOutput(content=f"{name} is done.")

    return Step(name=name, executor=work)


def asks(name: str, **options: Any) -> Step:
    """A step that is an agent."""
    return Step(name=name, agent=speaker(f"{name}_agent"), max_retries=0, **options)


def groups() -> Workflow:
    """Parallel, loop, condition, router and steps, with agents and functions in them."""

    def choose(step_input: StepInput) -> list[Step]:
        return [right]

    def enough(outputs: Sequence[StepOutput]) -> bool:
        return False

    left, right = says("left"), says("right")
    return flow(
        "flow_groups",
        asks("plan"),
        Parallel(asks("north"), says("south"), name="both"),
        Loop(name="rounds", steps=[says("round")], max_iterations=2, end_condition=enough),
        Condition(name="whether", evaluator=lambda step_input: True, steps=[says("yes")]),
        Condition(name="never", evaluator=lambda step_input: False, steps=[says("no")]),
        Router(name="which", selector=choose, choices=[left, right]),
        Steps(name="series", steps=[says("one"), says("two")]),
    )


def nested() -> Workflow:
    """A workflow that is a step of another, with one more step behind it."""
    inner = flow("inner", asks("deep"), says("deeper"))
    return flow("flow_nested", says("before"), Step(name="inside", workflow=inner), asks("after"))


def fails(name: str) -> Step:
    """A step whose function fails."""

    def work(step_input: StepInput) -> StepOutput:
        raise RuntimeError("The step cannot work.")

    return Step(name=name, executor=work, max_retries=0, skip_on_failure=True)


def stuck() -> Workflow:
    """A step fails, and its workflow waits to be told whether it is tried again or passed over."""
    from agno.workflow.types import HumanReview

    bad = Step(name="bad", executor=fails("bad").executor, max_retries=0, human_review=HumanReview(on_error="pause"))
    return flow("flow_error_pause", says("before"), bad, says("after"))


def review(name: str) -> Workflow:
    """Leave before a step, a form before one, a look at what one gave, and a choice of routes."""
    from agno.workflow.types import HumanReview

    schema = [{"name": "city", "field_type": "str", "description": "Where to", "required": True}]
    form = HumanReview(requires_user_input=True, user_input_message="Where to?", user_input_schema=schema)
    choice = HumanReview(requires_user_input=True, user_input_message="Which way?")
    return flow(
        name,
        asks("greet", human_review=HumanReview(requires_confirmation=True, confirmation_message="Greet?")),
        Step(name="travel", executor=says("travel").executor, human_review=form),
        asks("draft", human_review=HumanReview(requires_output_review=True, output_review_message="Good?")),
        Router(name="route", choices=[says("east"), says("west")], human_review=choice),
        says("end"),
    )


def nested_pause() -> Workflow:
    """An agent in a nested workflow asks for leave."""
    inner = flow("inner_pause", says("deep"), Step(name="deeper", agent=cautious("careful"), max_retries=0))
    return flow("flow_nested_pause", Step(name="inside", workflow=inner), says("after"))


def parallel_pause() -> Workflow:
    """Two agents at the same time ask for leave."""
    both = Parallel(
        Step(name="left", agent=cautious("one"), max_retries=0),
        Step(name="right", agent=cautious("two"), max_retries=0),
        name="both",
    )
    return flow("flow_parallel_pause", both, says("after"))


def retried() -> Workflow:
    """An agent that cannot reach its model at first."""
    calls: list[str] = []

    def script(asked: str, results: list[str]) -> str:
        calls.append(asked)
        if len(calls) % 2:
            raise ConnectionError("upstream 503")
        return "At last."

    agent = scripted("stubborn", script)
    return flow("flow_retry", Step(name="work", agent=agent, max_retries=1), says("after"))


def cancelled(name: str, think_s: float, text: str) -> Workflow:
    """A step that is done, and an agent that is not."""
    agent = scripted("talker", lambda asked, results: text, think_s=think_s)
    return flow(name, says("before"), Step(name="talk", agent=agent, max_retries=0), says("after"))


def in_step(name: str, **executor: Any) -> Workflow:
    return flow(name, says("before"), Step(name="work", max_retries=0, **executor), says("after"))


WORKFLOWS = [
    shape
    for shape in (
        Shape("flow_groups", "workflows", groups),
        Shape("flow_sync", "workflows", groups, sync=True),
        Shape("flow_nested", "workflows", nested, since=(2, 9)),
        Shape("flow_team", "workflows", lambda: in_step("flow_team", team=team("duo", speaker("a"), speaker("b")))),
        Shape(
            "flow_member_error", "workflows",
            lambda: in_step("flow_member_error", team=team("duo", broken("ill"), speaker("well"))),
        ),
        Shape("flow_agent_error", "workflows", lambda: in_step("flow_agent_error", agent=broken("ill"))),
        Shape("flow_step_error", "workflows", lambda: flow("flow_step_error", says("before"), fails("bad"), says("x"))),
        Shape(
            "flow_agent_pause", "workflows", lambda: in_step("flow_agent_pause", agent=cautious("careful")),
            since=(2, 9),
        ),
        Shape(
            "flow_team_pause", "workflows",
            lambda: in_step("flow_team_pause", team=team("duo", cautious("first"), speaker("b"))), since=(2, 9),
        ),
        Shape("flow_nested_pause", "workflows", nested_pause, since=(2, 9)),
        Shape("flow_parallel_pause", "workflows", parallel_pause, since=(2, 9)),
        Shape("flow_error_pause", "workflows", stuck, since=(2, 9)),
        Shape("flow_retry", "workflows", retried, since=(2, 9)),
        Shape("flow_pauses", "workflows", lambda: review("flow_pauses"), since=(2, 9)),
        Shape(
            "flow_cancel_first", "workflows", lambda: cancelled("flow_cancel_first", 3, "Never said."), cancel="at once"
        ),
        Shape(
            "flow_cancel_middle", "workflows", lambda: cancelled("flow_cancel_middle", 0, "Blah. " * 20_000),
            cancel="in the middle",
        ),
    )
    if shape.available
]  # fmt: skip
