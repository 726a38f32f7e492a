from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.contract.usage import Usage
from pyapp.run.record import Message, Wanted
from pyapp.run.spent import Spent
from pyapp.stores.rows import LogLine, MockNode
from pyapp.testing.dom import FakeElement
from pyapp.views.details.boxes import Boxes
from pyapp.views.details.sections import Sections
from tests.views.support import Gallery

USAGE = Usage(input_tokens=3, model="m")


class Desk(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.sections = Sections(self.context.parts, Boxes(self.context.parts))

    def put(self, made: Any) -> FakeElement:
        self.document.region("details").replaceChildren(made)
        return self.document.region("details")

    def execution(self, status: Any = "success", **fields: Any) -> FakeElement:
        return self.put(self.sections.execution(MockNode("n-4", "n", "n", "r", 4, status, True, **fields)))


def test_input_and_output_stand_side_by_side() -> None:
    made = Desk().execution(
        input={"q": "why"}, output="because", usage=USAGE, spent=Spent.of(USAGE), started_at=1.0, ended_at=2.5
    )
    given, out = made.find(".pair").children
    assert "why" in given.textContent and "because" in out.textContent
    head = made.find(".execution-head").textContent
    assert all(each in head for each in ("Step 5", "Succeeded", "1.5 s", "3 tokens in, 0 out", "m"))


def test_what_is_not_there_is_said() -> None:
    desk = Desk()
    assert "did not say what went in" in desk.execution().textContent
    assert "Nothing yet." in desk.execution("executing").textContent
    assert "No output." in desk.execution().textContent
    assert "too large" in desk.execution(cut=True).textContent


def test_a_node_that_waits_for_a_person_does_not_run() -> None:
    """As long as a wait of it is open; a wait that is over, or one that its end left open, says nothing."""
    desk = Desk()
    waits = ((1.0, 2.0), (3.0, None))
    head = desk.execution("executing", waits=waits).find(".execution-head")
    assert "Waiting for you" in head.textContent and "Running" not in head.textContent
    assert head.find(".entry-status").classList.contains("status-paused") and not head.find_all(".turning")
    assert "Running" in desk.execution("executing", waits=waits[:1]).textContent
    assert "Stopped" in desk.execution("killed", waits=waits).textContent


def test_of_a_trace_the_last_line_comes_first_and_the_rest_is_folded() -> None:
    made = Desk().execution("error", error="Traceback:\n  File x\nValueError: no", variables={"v": 1})
    trace = made.find(".error-trace")
    assert trace.find("summary").textContent == "ValueError: no" and "open" not in trace.attributes
    assert "File x" in trace.find("pre").textContent
    assert "v1" in made.textContent
    assert not Desk().execution("error", error="one line").find_all(".error-trace")


def test_a_tool_call_holds_its_arguments_and_its_result() -> None:
    desk = Desk()
    fields: dict[str, Any] = {"name": "search", "args": {"q": 1}, "started_at": 1.0, "ended_at": 3.0, "usage": USAGE}
    call = Message("tool/t", "t", "r", "s", "tool", status="success", result=[1], **fields)
    made = desk.put(desk.sections.tool(call)).find(".tool-call")
    summary = made.find("summary").textContent
    assert "search" in summary and "q: 1" in summary and "2.0 s" in summary and "3 tokens" in summary
    assert [each.textContent for each in made.find_all(".box-title")] == ["Arguments", "Result"]
    failed = desk.put(desk.sections.tool(Message("tool/u", "u", "r", "s", "tool", status="error", error="no")))
    assert "Tool" in failed.textContent and "no" in failed.textContent and not failed.find_all(".box-title")


def test_a_call_that_failed_says_so_while_it_is_folded() -> None:
    """In words beside its icon; what went well need not be said."""
    desk = Desk()
    said = {}
    for status in ("success", "executing", "error", "killed", "unknown"):
        made = desk.put(desk.sections.tool(Message("tool/t", "t", "r", "s", "tool", name="look", status=status)))
        said[status] = made.find("summary").textContent
    assert said == {
        "success": "look",
        "executing": "lookRunning",
        "error": "lookFailed",
        "killed": "lookStopped",
        "unknown": "lookNot reported",
    }


def test_who_answered_what_when_and_with_which_note() -> None:
    desk = Desk()
    requirement = Requirement.model_validate({"id": "q", "kind": "confirmation", "prompt": "Go **on**?"})
    answer = {"id": "q", "confirmed": False, "note": "Not now.", "by": "Ada"}
    made = desk.put(desk.sections.asked(Wanted(requirement, answer=answer, answered_at=0.0)))
    assert all(each in made.textContent for each in ("Go on?", "Rejected", "by Ada", "Not now.")) and not made.find_all(
        ".box-title"
    )
    made = desk.put(desk.sections.asked(Wanted(requirement, answer={"id": "q", "values": {"name": "x"}})))
    assert "name" in made.textContent and "Rejected" not in made.textContent
    assert "did not say" in desk.put(desk.sections.asked(Wanted(requirement))).textContent


def test_a_line_of_many_lines_is_folded() -> None:
    desk = Desk()
    made = desk.put(desk.sections.line(LogLine(1.0, "ERROR", "Traceback:\n  x\nKeyError: 1", "n")))
    line = made.find(".detail-line")
    assert line.attributes["data-level"] == "error" and line.find("summary").textContent == "KeyError: 1"
    assert desk.put(desk.sections.line(LogLine(None, "info", "plain"))).textContent == "plain"
