"""pyapp.protocols.agno.requests: where runs are asked for, and the JSON of what is said."""

from __future__ import annotations

import pytest

from pyapp.errors import ApiError
from pyapp.protocols.agno.requests import answer_of, behind, flow_path, names, posted, read, run_path
from pyapp.protocols.agno.translator import AgnoTranslator
from pyapp.protocols.protocol import Reply, Request
from pyapp.protocols.runs import ForeignRun


def test_paths_are_by_kind_and_hold_whatever_an_id_is() -> None:
    run = ForeignRun("k", "teams/a/b ?", AgnoTranslator, run_id="r/1", session="s", index=4)
    assert flow_path(run.flow_id) == "teams/a%2Fb%20%3F"
    assert run_path(run) == "/teams/a%2Fb%20%3F/runs/r%2F1"
    assert names(run) == {"workflow_id": "a/b ?", "run_id": "r/1", "session_id": "s"}
    assert behind(run) == {"last_event_index": 4}
    run.index = -1
    assert behind(run) == {}


def test_a_form_is_answered_by_a_stream_of_a_run_in_the_background() -> None:
    request = posted("/x", {"message": "é&="}, again=True)
    assert request.body == "message=%C3%A9%26%3D&stream=true&background=true"
    assert (request.stream, request.again) == (True, True)


@pytest.mark.parametrize("text", ['{"a": 1}', 'data: {"a": 1}\n\n', 'event: X\nid: 3\ndata: {"a":\ndata: 1}\n\n'])
def test_a_message_is_json_or_the_text_of_a_stream(text: str) -> None:
    assert read(text) == {"a": 1}
    assert read(text[:-4]) is None


def test_an_answer_is_json_or_an_error_in_words() -> None:
    asked = Request("GET", "/config")
    assert answer_of(asked, Reply(200, "[1]")) == [1]
    with pytest.raises(ApiError, match=r"GET /config gave status 500"):
        answer_of(asked, Reply(500, "<html>"))
    with pytest.raises(ApiError, match="could not be used"):
        answer_of(asked, Reply(200, "<html>"))
