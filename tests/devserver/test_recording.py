"""A recorded run is what the page can replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from devserver.recording import main
from pyapp.link.replay import Recording
from tests.devserver.support import Scripted

START = {"event": "run_start"}


def test_the_page_reads_what_was_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The flow comes first, then every event with its time."""
    file = tmp_path / "run.ndjson"
    assert main(["f", str(file)], {"f": Scripted("f", START)}) == 0
    recording = Recording.parse(file.read_text(), "run.ndjson")
    assert (recording.flow.id, [node.id for node in recording.flow.nodes]) == ("f", ["a"])
    assert [event["event"] for event in recording.events] == ["run_start", "run_end"]
    assert all(event["ts"] > 0 for event in recording.events)
    assert "2 events of f" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["f"], ["none", "x"]])
def test_a_flow_that_is_not_there_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the names of those that are."""
    assert main(words, {"f": Scripted("f", START)}) == 1
    assert "f FILE" in capsys.readouterr().err
