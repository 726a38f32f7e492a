"""pyapp.link.backend: which backend the settings name, and that an AgentOS is one to the whole page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.link.api import Api
from pyapp.link.backend import backend_of
from pyapp.link.foreign_api import ForeignApi
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.stores.link import LinkState
from pyapp.stores.store import Batch, Store
from pyapp.testing.page import FakePage

API = "http://os.test"
CONFIG = {"os_id": "os", "agents": [{"id": "ada", "name": "Ada"}], "workflows": [{"id": "w", "name": "W"}]}


def page() -> FakePage:
    """A page that talks to an AgentOS."""
    made = FakePage(Settings(api=API, protocol="agno"))
    made.http.base = API
    made.http.answer("GET", "/config", CONFIG)
    made.http.answer("GET", "/sessions", {"data": []})
    return made


def agent(event: str, index: int | None = None, **fields: Any) -> dict[str, Any]:
    number = {} if index is None else {"event_index": index}
    return {
        "event": event,
        "run_id": "r",
        "agent_id": "ada",
        "agent_name": "Ada",
        "session_id": "s",
        **number,
        **fields,
    }


def test_the_settings_name_the_backend() -> None:
    made = page()
    state = Store(Batch(lambda source, error: None), LinkState())
    platform = made.platform
    assert isinstance(backend_of(Settings(api=API, protocol="agno"), platform, state).api, ForeignApi)
    assert isinstance(backend_of(Settings(api=API, protocol="portal"), platform, state).api, Api)


async def test_a_run_of_an_agent_is_shown_from_its_start_to_its_end() -> None:
    """With a cut in the middle: what comes again is told once."""
    made = page()
    await made.open()
    assert made.socket.url == "ws://os.test/workflows/ws"
    made.receive({"event": "connected", "requires_auth": False})
    assert [flow.id for flow in made.app.stores.flows.get() or ()] == ["agents/ada", "workflows/w"]
    made.app.commands.play("Hello?")
    await made.settle()
    stream = made.http.streams[-1]
    assert (stream.path, stream.body["message"], stream.body["background"]) == ("/agents/ada/runs", "Hello?", "true")
    stream.answer()
    stream.say(agent("RunStarted", 0), agent("RunContent", 1, content="One "))
    await made.settle()
    assert made.app.shown() == ("agents/ada", "r")
    assert made.row("r") == "executing"
    stream.end("broke")
    await made.advance(1.0)
    again = made.http.streams[-1]
    assert (again.path, again.body["last_event_index"]) == ("/agents/ada/runs/r/resume", "1")
    again.answer()
    again.say(agent("RunContent", 1, content="One "), agent("RunContent", 2, content="two"), agent("RunCompleted", 3))
    await made.settle()
    assert made.row("r") == "success"
    texts = [message.text for message in made.app.stores.chat.of_run("r").values()]
    assert texts == ["One two"]


async def test_a_workflow_goes_over_the_socket_and_a_person_answers_it() -> None:
    made = page()
    await made.open()
    made.app.commands.choose_flow("workflows/w")
    await made.settle()
    made.app.commands.play("Go")
    await made.settle()
    sent = made.socket.sent[-1]
    assert (sent["action"], sent["workflow_id"], sent["message"]) == ("start-workflow", "w", "Go")
    started = {"event": "WorkflowStarted", "run_id": "wr", "workflow_id": "w", "session_id": sent["session_id"]}
    made.receive(f"event: WorkflowStarted\ndata: {json.dumps({**started, 'event_index': 0})}\n\n")
    await made.settle()
    assert made.app.shown() == ("workflows/w", "wr")
    await made.reconnect()
    assert made.socket.sent[-1]["action"] == "reconnect"
    assert made.socket.sent[-1]["last_event_index"] == 0
    made.http.answer("POST", "/workflows/w/runs/wr/cancel", "")
    made.app.commands.stop()
    await made.settle()
    assert made.http.asked("POST", "/workflows/w/runs/wr/cancel") == 1
    made.receive({**started, "event": "WorkflowCancelled", "event_index": 1})
    assert made.row("wr") == "killed"


async def test_a_page_that_forgets_its_runs_lets_go_of_their_streams() -> None:
    made = page()
    await made.open()
    made.app.commands.play("Hello?")
    await made.settle()
    made.http.streams[-1].answer()
    made.http.streams[-1].say(agent("RunStarted", 0))
    await made.settle()
    made.app.reset()
    assert made.http.streams[-1].closed


@pytest.mark.parametrize("end", ["/agents/7/", "/agents/7", "/ask?key=1&x=2"])
@pytest.mark.parametrize("protocol", ["ag-ui", "auto"])
async def test_an_end_point_of_ag_ui_is_asked_as_it_was_given(end: str, protocol: str) -> None:
    """With its slash, and with what stands behind a question mark."""
    made = FakePage(Settings(api=API + end, protocol=protocol))
    made.http.base = API
    made.http.answer("GET", end, {}, 405)
    made.http.then("POST", end, HttpResponse(422, "threadId, runId, messages"))
    made.app.start()
    await made.settle()
    made.app.commands.play("Hello?")
    await made.settle()
    assert made.http.streams[-1].path == end
    made.app.stop()


async def test_what_an_agentos_has_is_behind_its_address_with_one_slash() -> None:
    made = FakePage(Settings(api=API + "/os/", protocol="agno"))
    made.http.base = API
    made.http.answer("GET", "/os/config", CONFIG)
    made.http.answer("GET", "/os/sessions", {"data": []})
    await made.open()
    assert made.socket.url == "ws://os.test/os/workflows/ws"
    assert [flow.id for flow in made.app.stores.flows.get() or ()] == ["agents/ada", "workflows/w"]
