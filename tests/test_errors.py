from __future__ import annotations

import pytest

from pyapp.errors import ApiError, ErrorReporter, Failure, describe, frames_of, trace_of
from pyapp.testing.console import ListConsole


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text for you")


def test_a_failure_is_one_line_with_its_traceback() -> None:
    """Source, what it was doing, error and trace stand in one console line."""
    console = ListConsole()
    reporter = ErrorReporter(console)
    try:
        raise ValueError("broken")
    except ValueError as error:
        reporter.failed("Handler", "start_node", error)
    (line,) = console.texts("error")
    assert "[Handler] failed on start_node: ValueError: broken" in line
    assert "Traceback" in line
    assert [failure.doing for failure in reporter.recent] == ["start_node"]


def test_an_error_without_a_text_is_reported_all_the_same() -> None:
    """An error whose __str__ raises still has a name."""
    assert "Mute" in describe(Mute())
    assert "Mute" in trace_of(Mute())
    assert describe(ValueError()) == "ValueError"
    console = ListConsole()
    ErrorReporter(console).failed("Handler", "x", Mute())
    assert "Mute" in console.texts("error")[0]


def test_a_console_that_fails_stops_nobody() -> None:
    """Logging never raises."""

    class Broken:
        def write(self, level: str, text: str) -> None:
            raise OSError("full")

    reporter = ErrorReporter(Broken())
    reporter.record(Failure("a", "b", "c", "d"))
    assert [failure.source for failure in reporter.recent] == ["a"]


def test_only_the_last_failures_are_kept() -> None:
    """The record is bounded."""
    reporter = ErrorReporter(ListConsole(), limit=3)
    for number in range(5):
        reporter.record(Failure("s", str(number), "", ""))
    assert [failure.doing for failure in reporter.recent] == ["2", "3", "4"]


@pytest.mark.parametrize(("status", "temporary"), [(0, True), (408, True), (429, True), (503, True), (404, False)])
def test_an_api_error_knows_whether_it_passes(status: int, temporary: bool) -> None:
    """No answer, a time-out, too many requests and 5xx may pass; the rest is final."""
    assert ApiError("x", status=status).temporary is temporary


def test_whoever_listens_hears_of_each_failure_with_its_run_and_place() -> None:
    """What may leave the page says where it was, and not a word of what it was raised on."""
    reporter, heard = ErrorReporter(ListConsole()), list[Failure]()
    off = reporter.listen(heard.append)
    try:
        raise ValueError("the secret")
    except ValueError as error:
        reporter.failed("ChatStream", "RunContent", error, "run-1")
    off()
    reporter.record(Failure("page", "error", "x", "x"))
    (failure,) = heard
    assert (failure.source, failure.doing, failure.run_id, failure.error) == (
        "ChatStream", "RunContent", "run-1", "ValueError",
    )  # fmt: skip
    (frame,) = failure.frames
    assert frame.startswith("test_errors.py:") and frame.endswith(
        "test_whoever_listens_hears_of_each_failure_with_its_run_and_place"
    )
    assert "secret" in failure.summary and "secret" not in "".join(failure.frames)


def test_a_listener_that_fails_is_logged_and_costs_only_itself() -> None:
    console, heard = ListConsole(), list[Failure]()
    reporter = ErrorReporter(console)

    def broken(failure: Failure) -> None:
        raise RuntimeError("no line to Sentry")

    reporter.listen(broken)
    reporter.listen(heard.append)
    reporter.record(Failure("a", "b", "c", "d"))
    assert len(heard) == 1
    assert "no line to Sentry" in console.texts("error")[-1]
    assert len(reporter.recent) == 1, "the failure of a listener is no failure of the page"


def test_where_an_error_was_raised_is_told_by_places_in_the_page() -> None:
    assert frames_of(ValueError()) == ()
    try:
        ErrorReporter(None, limit="x")  # type: ignore[arg-type]
    except TypeError as error:
        assert frames_of(error)[-1].startswith("pyapp/errors.py:")
