"""pyapp.protocols.agno.dialect: what is said to an AgentOS, and what is made of what it says."""

from __future__ import annotations

import json
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyapp.errors import ApiError
from pyapp.locale.catalogue import Sentence
from pyapp.protocols.agno import AgnoTranslator
from pyapp.protocols.agno.dialect import AgnoDialect
from pyapp.protocols.protocol import ASIDE, Dialogue, Frame, Heard, Json, Opening, Reply, Request, decoded
from pyapp.protocols.runs import ForeignRun

from .support import at, needs_recordings


def dialect() -> AgnoDialect:
    numbers = count(1)
    return AgnoDialect(lambda: f"id{next(numbers)}")


def said(one: AgnoDialect, *events: Json, key: str = "") -> list[Json]:
    return [item for event in events for item in one.heard(Heard(json.dumps(event), key))]


def form(opening: Opening | None) -> tuple[str, dict[str, str]]:
    """The path of a request, and the fields of its form."""
    assert opening is not None and isinstance(opening.send, Request)
    return opening.send.path, {name: values[0] for name, values in parse_qs(opening.send.body or "").items()}


def frame(opening: Opening | None) -> Json:
    assert opening is not None and isinstance(opening.send, Frame)
    return opening.send.item


def content(index: int, run_id: str = "r", text: str = "x", **fields: Any) -> Json:
    who = {"agent_id": "ada", "agent_name": "Ada"}
    return {"event": "RunContent", "run_id": run_id, "content": text, "event_index": index, **who, **fields}


def _need(id: str, *, call: str | None = None, confirmed: bool | None = None) -> Json:
    """A requirement of a run that asks for leave, as events and the run itself have it."""
    tool = {"tool_call_id": call or id, "tool_name": "publish", "requires_confirmation": True, "confirmed": confirmed}
    return {"id": id, "tool_execution": tool}


def _state(*needs: Json, status: str = "PAUSED") -> str:
    return json.dumps({"status": status, "requirements": needs})


def reviewed(one: AgnoDialect) -> ForeignRun:
    """A workflow of which a step asks for a look at its output, as Agno 2.9 tells it."""
    key = one.start("workflows/w", "Go").key
    review = {"event": "StepOutputReview", "step_id": "s", "step_name": "draft", "requires_output_review": True}
    said(one, *[{**each, "run_id": "r", "session_id": key} for each in ({"event": "WorkflowStarted"}, review)])
    run = one.runs.find(key)
    assert run is not None
    return run


def outcome(dialogue: Dialogue[Any], reply: Reply) -> Any:
    """What a dialogue comes to with its last reply."""
    with pytest.raises(StopIteration) as ended:
        dialogue.send(reply)
    return ended.value.value


def begun(one: AgnoDialect, run_id: str = "r") -> str:
    """An agent's run whose first message came; its key."""
    opening = one.start("agents/ada", "hi")
    started = {"event": "RunStarted", "run_id": run_id, "agent_id": "ada", "event_index": 0}
    assert said(one, started, key=opening.key)
    return opening.key


def test_agents_and_teams_are_started_by_a_form_and_answered_by_a_stream() -> None:
    """In the background, so that the run outlives the stream; in a session of its own."""
    one = dialect()
    path, fields = form(one.start("teams/a b", {"deep": [1]}))
    assert path == "/teams/a%20b/runs"
    assert fields == {"message": '{"deep": [1]}', "session_id": "id1", "stream": "true", "background": "true"}
    with pytest.raises(ApiError, match="what it is to do"):
        one.start("agents/ada", " ")


def test_workflows_are_started_over_the_socket() -> None:
    one = dialect()
    opening = one.start("workflows/w", None)
    asked = {"action": "start-workflow", "workflow_id": "w", "message": "", "session_id": opening.key}
    assert frame(opening) == asked
    assert one.ping().item == {"action": "ping"}
    assert one.signing_in("t") == [Frame({"action": "authenticate", "token": "t"})]
    assert one.signing_in(None) == []


def test_a_run_goes_on_behind_the_last_message_that_came() -> None:
    one = dialect()
    key = begun(one)
    run = one.runs.find(key)
    assert run is not None and run.run_id == "r"
    said(one, content(1), key=key)
    path, fields = form(one.resume(run))
    assert (path, fields["last_event_index"], fields["session_id"]) == ("/agents/ada/runs/r/resume", "1", key)
    run.anew()
    assert "last_event_index" not in form(one.resume(run))[1]


def test_without_an_index_nothing_can_be_told_again() -> None:
    """As with an older Agno, or a run that is not in the background."""
    one = dialect()
    opening = one.start("agents/ada", "hi")
    assert said(one, {"event": "RunStarted", "run_id": "r", "agent_id": "ada"}, key=opening.key)
    run = one.runs.find("r")
    assert run is not None and one.resume(run) is None


def test_a_socket_that_is_new_tells_of_no_run_yet() -> None:
    """A workflow is asked for once on each socket, behind what came."""
    one = dialect()
    key = one.start("workflows/w", "go").key
    said(one, {"event": "WorkflowStarted", "run_id": "wr", "workflow_id": "w", "session_id": key, "event_index": 0})
    run = one.runs.find("wr")
    assert run is not None and one.resume(run) is None
    assert one.greeting() == []
    names = {"workflow_id": "w", "run_id": "wr", "session_id": key}
    assert frame(one.resume(run)) == {"action": "reconnect", **names, "last_event_index": 0}
    assert one.resume(run) is None


def test_what_is_missing_is_asked_for_and_taken_in_order() -> None:
    """A message beyond it waits for its turn: it is told again behind what was missing."""
    one = dialect()
    key = begun(one)
    assert said(one, content(3, text="late"), content(4), key=key) == []
    (due,) = one.due()
    assert form(due)[1]["last_event_index"] == "0"
    assert one.due() == []
    missed = [content(1, text="a"), content(2, text="b"), content(3, text="late")]
    told = said(one, {"event": "catch_up", "run_id": "r"}, *missed, key=key)
    assert [each["content"] for each in told] == ["a", "b", "late"]


def test_what_a_server_cannot_tell_again_is_named_once() -> None:
    """And holds nothing up."""
    one = dialect()
    key = begun(one)
    assert said(one, content(5), key=key) == []
    one.due()
    replay = {"event": "replay", "run_id": "r", "status": "RUNNING"}
    gone, on = said(one, replay, content(5, text="on"), key=key)
    assert (gone[ASIDE], gone["reason"]) == ("event_index", "Told once more without the 4 before 5.")
    assert on["content"] == "on" and said(one, content(4), key=key) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["s1", "s2"]), st.integers(1, 3)), max_size=30), st.randoms())
def test_two_runs_on_one_socket_never_mix(steps: list[tuple[str, int]], random: Any) -> None:
    """However their messages interleave, and whatever comes twice: each run says its own words, in order."""
    one, told = dialect(), {"s1": [], "s2": []}  # type: ignore[var-annotated]
    keys = {name: one.start("workflows/w", "go").key for name in told}
    index = dict.fromkeys(told, 0)
    ours: list[Json] = []
    for name, key in keys.items():
        ours += said(
            one, {"event": "WorkflowStarted", "run_id": name, "workflow_id": "w", "session_id": key, "event_index": 0}
        )
    for name, often in steps:
        index[name] += 1
        words = f"{name}:{index[name]}"
        message = content(index[name], f"agent of {name}", words, workflow_run_id=name)
        told[name].append(words)
        for _ in range(often):
            ours += said(one, message)
    for name in told:
        texts = [each["content"] for each in ours if each["run_id"] == name and each["event"] == "RunContent"]
        assert texts == told[name]
        numbers = [each["seq"] for each in ours if each["run_id"] == name]
        assert numbers == list(range(len(numbers)))


def test_answers_are_kept_until_all_of_a_pause_are_there() -> None:
    one = dialect()
    key = begun(one)
    asked = [{"id": id, "tool_execution": {"tool_name": id, "requires_confirmation": True}} for id in ("q1", "q2")]
    paused = {"event": "RunPaused", "run_id": "r", "agent_id": "ada", "event_index": 1, "requirements": asked}
    said(one, paused, key=key)
    run = one.runs.find(key)
    assert run is not None and set(run.waiting) == {"q1", "q2"}
    assert one.answer(run, {"id": "q1", "confirmed": True}) is None
    path, fields = form(one.answer(run, {"id": "q2", "confirmed": False}))
    assert path == "/agents/ada/runs/r/continue"
    assert [each["confirmed"] for each in json.loads(fields["tools"])] == [True, False]


@pytest.mark.parametrize(
    ("reply", "still"),
    [
        (Reply(200, _state(_need("q1"))), True),
        (Reply(200, _state(_need("anew", call="q1"))), True),
        (
            Reply(200, _state(_need("q1", confirmed=True), _need("q2"))),
            False,
        ),
        (Reply(200, json.dumps({"status": "PAUSED"})), True),
        (Reply(200, _state(_need("q2"), status="RUNNING")), True),
        (Reply(200, "[]"), True),
        (Reply(404, "{}"), True),
    ],
)
def test_an_answer_to_what_the_server_asks_no_more_is_none(reply: Reply, still: bool) -> None:
    """Agno takes any answer for what it asks now. Where it does not say what that is, the answer goes out."""
    one = dialect()
    key = begun(one)
    paused = {"event": "RunPaused", "run_id": "r", "agent_id": "ada", "event_index": 1, "requirements": [_need("q1")]}
    said(one, paused, key=key)
    run = one.runs.find(key)
    assert run is not None
    dialogue = one.still_asks(run)
    assert next(dialogue).path.startswith("/agents/ada/runs/r?session_id=")
    assert outcome(dialogue, reply) is still


@pytest.mark.parametrize(("step", "still"), [("draft", True), ("publish", False)])
def test_an_answer_to_a_step_that_asks_no_more_is_none(step: str, still: bool) -> None:
    one = dialect()
    dialogue, asked = (
        one.still_asks(reviewed(one)),
        {"step_id": "s2", "step_name": step, "requires_output_review": True},
    )
    next(dialogue)
    assert outcome(dialogue, Reply(200, json.dumps({"status": "PAUSED", "step_requirements": [asked]}))) is still


def test_a_workflow_is_continued_over_the_socket() -> None:
    one = dialect()
    key = one.start("workflows/w", "go").key
    said(one, {"event": "WorkflowStarted", "run_id": "wr", "workflow_id": "w", "session_id": key, "event_index": 0})
    run = one.runs.find("wr")
    assert run is not None
    run.waiting = {"s": {"id": "s", "raw": {"step_id": "s"}}}
    item = frame(one.answer(run, {"id": "s", "confirmed": True}))
    assert (item["action"], item["run_id"], item["step_requirements"][0]["confirmed"]) == (
        "continue-workflow",
        "wr",
        True,
    )


def test_a_run_is_cancelled_by_its_kind() -> None:
    one = dialect()
    run = one.runs.find(begun(one))
    assert run is not None
    assert one.stop(run) == Request("POST", f"/agents/ada/runs/r/cancel?session_id={run.key}")


def test_control_frames_of_the_socket_are_none_of_a_run() -> None:
    one = dialect()
    hello = said(one, {"event": "connected", "message": "Connected to AgentOS.", "requires_auth": False})
    assert hello == [{"type": "hello", "heartbeat_s": 10.0, "server": "AgentOS"}]
    assert said(one, {"event": "pong"}, {"event": "authenticated"}, {"event": "replay", "run_id": "?"}) == []


def test_an_agentos_that_wants_a_token_lets_nobody_in_without() -> None:
    """With one said first, whether it is good is heard behind that; each refusal is said in words, once."""
    one = dialect()
    one.signing_in(None)
    connected = {"event": "connected", "requires_auth": True}
    assert said(one, connected)[1]["code"] == "agno.auth_required"
    assert "without a token" in one.refusal
    one.refusal = ""
    one.signing_in("t")
    assert len(said(one, connected, {"event": "authenticated"})) == 1 and not one.refusal
    said(one, {"event": "auth_error", "error": "Invalid token"})
    assert "does not accept the token of this page (Invalid token)" in one.refusal
    one.refusal = ""
    said(one, {"event": "error", "error": "Insufficient permissions"})
    assert not one.refusal, "it lets one in, and refuses one thing"


def test_a_refusal_is_that_of_the_start_which_was_not_heard_of() -> None:
    one = dialect()
    key = one.start("workflows/nope", "go").key
    (error,) = said(one, {"event": "error", "error": "Workflow nope not found"})
    assert error == {"type": "error", "code": "agno.error", "message": "Workflow nope not found"}
    run = one.runs.find(key)
    assert run is not None and run.refused == "Workflow nope not found"
    assert said(one, {"event": "error"})[0]["message"] == "refused"


def test_of_two_starts_the_one_that_stays_unheard_was_refused() -> None:
    """The refusal names neither. Where both are refused, nobody knows with which words."""
    one = dialect()
    begins, refused = (one.start(f"workflows/{each}", "go").key for each in ("plain", "form"))
    runs = [one.runs.find(key) for key in (begins, refused)]
    (error,) = said(one, {"event": "error", "error": "Invalid input"})
    assert error["message"] == "Invalid input"
    assert [run.refused for run in runs if run] == ["", ""]
    said(one, {"event": "queued", "run_id": "wr", "session_id": begins})
    assert [run.refused for run in runs if run] == ["", "Invalid input"]
    keys = [one.start("workflows/form", "go").key for _ in range(2)]
    said(one, {"event": "error", "error": "No."}, {"event": "error", "error": "Never."})
    assert {run.refused for run in map(one.runs.find, keys) if run} == {"No. Never."}


def test_of_two_answers_the_one_that_stays_unheard_was_refused() -> None:
    one = dialect()
    asked = [{"step_id": "s", "step_name": "s", "requires_confirmation": True}]
    runs = []
    for name in ("one", "two"):
        who = {"run_id": name, "workflow_id": "w", "session_id": one.start("workflows/w", "go").key}
        said(one, {"event": "WorkflowStarted", "event_index": 0, **who})
        said(one, {"event": "WorkflowPaused", "event_index": 1, "step_requirements": asked, **who})
        runs.append(one.runs.find(name))
    for run in filter(None, runs):
        assert one.answer(run, {"id": "s/confirmation", "confirmed": True}) is not None
        run.answering = True
    said(one, {"event": "error", "error": "unresolved"})
    said(one, {"event": "StepContinued", "run_id": "one", "workflow_id": "w", "step_name": "s", "event_index": 2})
    assert [run.refused for run in runs if run] == ["", "unresolved"]


@pytest.mark.parametrize("name", ["RunError", "TeamRunError"])
def test_a_run_that_fails_before_it_has_an_id_did_not_begin(name: str) -> None:
    """What AgentOS says of it names no run, and has no index: that says nothing of what AgentOS can do."""
    one = dialect()
    for words in ("no quota", "the model is gone"):
        key = one.start("agents/ada", "hi").key
        items = said(one, {"event": name, "content": words, "nested_depth": 0}, key=key)
        assert items == [{"type": "error", "code": f"agno.{name}", "message": words}]
        run = one.runs.find(key)
        assert run is not None and (run.refused, run.run_id, one.limits) == (words, None, ())


def test_a_run_that_breaks_while_it_goes_on_has_failed_and_an_answer_that_breaks_has_not() -> None:
    one = dialect()
    key = begun(one)
    asked = [{"id": "q", "tool_execution": {"tool_name": "mail", "requires_confirmation": True}}]
    said(one, {"event": "RunPaused", "run_id": "r", "event_index": 1, "requirements": asked}, key=key)
    run = one.runs.find(key)
    assert run is not None
    run.answering = True
    broken = {"event": "RunError", "content": "no such tool"}
    assert said(one, broken, key=key)[0]["type"] == "error"
    assert (run.refused, run.over) == ("no such tool", False)
    run.answering = False
    assert said(one, broken, key=key)[-1]["event"] == "run_end" and run.over


@pytest.mark.parametrize("says", [{}, {"run_id": "wr"}])
def test_a_refusal_is_that_of_the_answer_which_was_not_heard_of(says: Json) -> None:
    one = dialect()
    key = one.start("workflows/w", "go").key
    who = {"run_id": "wr", "workflow_id": "w", "session_id": key}
    asked = [{"step_id": "s", "step_name": "s", "requires_confirmation": True}]
    said(one, {"event": "WorkflowStarted", "event_index": 0, **who})
    said(one, {"event": "WorkflowPaused", "event_index": 1, "step_requirements": asked, **who})
    run = one.runs.find("wr")
    assert run is not None and run.waiting
    assert one.answer(run, {"id": next(iter(run.waiting)), "confirmed": True}) is not None
    run.answering = True
    said(one, {"event": "error", "error": "The database is away.", **says})
    assert (run.refused, run.waiting != {}) == ("The database is away.", True)
    said(one, {"event": "queued", "run_id": "wr", "session_id": key})
    assert not run.answering, "it was taken"


def test_a_run_that_the_server_forgot_is_lost() -> None:
    """It names the run in its words alone."""
    one = dialect()
    key = one.start("workflows/w", "go").key
    said(one, {"event": "WorkflowStarted", "run_id": "wr", "workflow_id": "w", "session_id": key, "event_index": 0})
    assert one.lost == []
    said(one, {"event": "error", "error": "Run wr not found in buffer or database"})
    assert one.lost == ["wr"]


def test_an_accepted_run_that_waits_is_known_by_its_id() -> None:
    one = dialect()
    key = one.start("workflows/w", "go").key
    assert said(one, {"event": "queued", "run_id": "wr", "session_id": key}) == []
    run = one.runs.find("wr")
    assert run is not None and run.key == key
    assert said(one, {"event": "queued"})[0][ASIDE] == "queued", "of a run of nobody here"


def test_live_frames_are_the_text_of_a_stream() -> None:
    one = dialect()
    key = one.start("workflows/w", "go").key
    started = {"event": "WorkflowStarted", "run_id": "wr", "workflow_id": "w", "session_id": key, "event_index": 0}
    (start,) = one.heard(Heard(f"event: WorkflowStarted\ndata: {json.dumps(started)}\n\n"))
    assert (start["event"], start["run_id"], start["seq"]) == ("run_start", "wr", 0)


@pytest.mark.parametrize("text", ["", "{", "[]", "data: x", '{"event": 3}', '{"no": 1}'])
def test_what_cannot_be_read_is_put_aside(text: str) -> None:
    (item,) = dialect().heard(Heard(text))
    assert item[ASIDE]
    assert type(decoded(item)).__name__ == "Malformed"


def test_an_event_of_no_run_is_put_aside() -> None:
    (item,) = said(dialect(), {"event": "RunContent", "run_id": "?", "content": "x"})
    assert type(decoded(item)).__name__ == "Unknown"


def test_what_is_asked_over_http() -> None:
    """What can be run; the runs of the newest sessions; how one is."""
    one = dialect()
    flows = one.flows()
    assert next(flows) == Request("GET", "/config")
    with pytest.raises(StopIteration) as done:
        flows.send(Reply(200, '{"agents": [{"id": "ada"}]}'))
    assert [each["id"] for each in done.value.value] == ["agents/ada"]
    listed = one.listed()
    assert next(listed).path.startswith("/sessions?limit=")
    sessions = [{"session_id": "s/1", "session_type": "agent", "agent_id": "ada"}, {"session_id": "s2"}]
    assert listed.send(Reply(200, json.dumps({"data": sessions}))).path == "/sessions/s%2F1/runs"
    runs = [{"run_id": "r", "status": "PAUSED", "created_at": 5}]
    listed.send(Reply(200, json.dumps(runs)))
    with pytest.raises(StopIteration) as done:
        listed.send(Reply(500, ""))
    assert [(info.run_id, info.status) for info in done.value.value] == [("r", "paused")]
    run = one.runs.find("r")
    assert run is not None and run.session == "s/1"
    state = one.state(run)
    assert next(state).path == "/agents/ada/runs/r?session_id=s%2F1"
    with pytest.raises(ApiError, match="Run not found"):
        state.send(Reply(404, '{"detail": "Run not found"}'))
    broken = one.flows()
    next(broken)
    with pytest.raises(ApiError, match="could not be used"):
        broken.send(Reply(200, "<html>"))


def heard_whole(version: str, name: str) -> tuple[AgnoDialect, str, list[Json]]:
    """What a dialect makes of a recorded run that was started by it."""
    one, raw = dialect(), at(version, name)
    kind = {"agent": "agents", "team": "teams"}.get(name.split("_")[0], "workflows")
    key = one.start(f"{kind}/{name}", "Go").key
    told = said(one, *[{**event, "session_id": key} for event in raw], key="" if kind == "workflows" else key)
    return one, key, [item for item in told if ASIDE not in item and "event" in item]


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
@pytest.mark.parametrize("name", ["flow_nested", "flow_team_pause", "team_pause"])
def test_of_a_recorded_run_nothing_is_lost(version: str, name: str) -> None:
    """Also where a nested workflow counts for itself."""
    one, key, told = heard_whole(version, name)
    translator = AgnoTranslator()
    ours = [each for event in at(version, name) for each in translator.translate(event) if "aside" not in each]
    assert [each["event"] for each in told] == [each["event"] for each in ours]
    run = one.runs.find(key)
    assert run is not None and run.over


@needs_recordings
def test_what_agno_2_9_does_not_tell_of_a_review_is_asked_for() -> None:
    """It keeps the pause of the workflow, and does not send it."""
    one, _, _ = heard_whole("2.9", "flow_pauses")
    asked = [frame(opening) for opening in one.due()]
    assert [(each["action"], each["last_event_index"]) for each in asked] == [("reconnect", 27)]


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_the_answers_of_a_teams_members_go_together(version: str) -> None:
    """Each member asks in an event of its own; the team is continued with both."""
    raw = at(version, "team_pause")
    pause = next(number for number, each in enumerate(raw) if each["event"] == "TeamRunPaused")
    one = dialect()
    key = one.start("teams/t", "Go").key
    said(one, *raw[: pause + 1], key=key)
    run = one.runs.find(key)
    assert run is not None and len(run.waiting) == 2
    first, second = run.waiting
    assert one.answer(run, {"id": first, "confirmed": True}) is None
    path, fields = form(one.answer(run, {"id": second, "confirmed": False}))
    assert path.endswith("/continue")
    needs = json.loads(fields["requirements"])
    assert [(each["id"], each["confirmation"]) for each in needs] == [(first, True), (second, False)]
    said(one, raw[pause + 1], key=key)
    assert not run.waiting and not run.answers


def test_a_review_that_nothing_else_tells_of_is_answered() -> None:
    """As in Agno 2.9: no WorkflowPaused comes behind it."""
    one = dialect()
    asked = frame(one.answer(reviewed(one), {"id": "draft/output_review", "confirmed": True}))
    assert [(each["step_id"], each["confirmed"]) for each in asked["step_requirements"]] == [("s", True)]


@needs_recordings
def test_what_it_cannot_do_is_told_by_what_was_heard_last() -> None:
    """An AgentOS may be replaced by a newer or an older one while the page lives."""
    one = dialect()
    old = Sentence("agno.no_index"), Sentence("agno.old")
    assert one.limits == ()
    for version, limits in (("2.2", old), ("3.1", ()), ("2.2", old)):
        key = one.start("agents/agent_tools", "Go").key
        told = {one.limits for event in at(version, "agent_tools") if said(one, {**event, "run_id": key}, key=key)}
        assert told == {limits}


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_a_run_that_waits_for_what_nobody_here_can_tell_says_so(version: str) -> None:
    """As long as it waits, whatever other runs say meanwhile; of many the last ones."""
    one = dialect()
    raw = at(version, "flow_error_pause")
    keys = [one.start("workflows/flow_error_pause", "Go").key for _ in range(5)]

    def stuck() -> list[object]:
        return [each.values["why"] for each in one.limits if each.key == "agno.stuck"]

    for key in keys:
        said(one, *({**each, "run_id": key, "session_id": key, "error": f"No: {key}."} for each in raw))
    assert stuck() == [f"No: {key}." for key in keys[-3:]]
    said(one, content(0, run_id="r2"), key=one.start("agents/ada", "hi").key)
    assert stuck() == [f"No: {key}." for key in keys[-3:]]
    for key in keys:
        works = {"event": "StepStarted", "run_id": key, "session_id": key, "step_name": "x", "event_index": len(raw)}
        said(one, works)
    assert stuck() == []
