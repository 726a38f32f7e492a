"""The flows in which agents speak and people decide, executed for real over the project itself."""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from devserver.app import create_app
from devserver.engine.backend import Backend
from devserver.engine.flow import Flow
from devserver.engine.runs import Run
from devserver.flows import approvals, assistant, report, sign_in, team
from flowglow.relay.answers import complaint
from tests.devserver.support import Heard, served

Json = dict[str, Any]
KINDS = ["output_review", "confirmation", "user_input", "user_feedback", "external_execution", "route_selection"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "README.md": "# Canvas\n\nThe canvas shows every node that the flow has, one beside the other.\n",
        "CHANGELOG.md": "# Changes\n\n- Lanes hold what is slow.\n- Gaps are filled.\n",
        "docs/lanes.md": "# Lanes\n\nEach handler has a lane. A lane that hangs costs only its own handler.\n",
        "pyapp/lane.py": '"""A lane for each handler."""\n\nlane = "lane"\n',
        "devserver/x.py": "gap = 1\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


class Execution:
    """One run of one flow, and what it told."""

    def __init__(self, flow: Flow, input: Any = None, origin: str = "") -> None:
        self.backend = Backend({flow.id: flow})
        self.heard = Heard(self.backend)
        self._asked = 0
        self.run: Run = self.backend.start(flow.id, input, origin)

    async def answer(self, kind: str, **answer: Any) -> Json:
        """Answer the next question once it is asked; it must be of this kind."""
        self._asked += 1
        event = await self.heard.until(self.run, self._asked, event="AgentPaused")
        (need,) = event["requirements"]
        assert need["kind"] == kind
        given = {"id": need["id"], **answer}
        assert complaint(self.run.picture.requirements[need["id"]], given) is None
        self.run.answers.give({need["id"]: given})
        return dict(need)

    async def end(self) -> Json:
        return await self.heard.end(self.run)

    @property
    def events(self) -> list[Json]:
        return self.heard.of(self.run)

    def of(self, name: str) -> list[Json]:
        return [event for event in self.events if event["event"] == name]

    def contents(self) -> Json:
        return {event["node_id"]: event.get("content") for event in self.of("end_node")}

    def texts(self, name: str = "RunContent") -> dict[str, str]:
        texts: dict[str, str] = {}
        for event in self.of(name):
            texts[event["name"]] = texts.get(event["name"], "") + event["content"]
        return texts


async def test_the_assistant_quotes_what_is_there(tree: Path) -> None:
    """It thinks in steps, calls tools under its own voice, one of which fails, and streams what it then gives out."""
    run = Execution(assistant.flow(tree), "What does a lane cost that hangs?")
    assert (await run.end())["status"] == "success"
    answer = run.contents()["assistant"]
    assert "A lane that hangs costs only its own handler." in answer and "docs" not in answer.split("\n")[0]
    assert run.texts() == {"Assistant": answer}
    assert run.contents()["check"] == {"quotations": answer.count("> — "), "not to be found": []}
    steps = [event["step"]["title"] for event in run.of("RunReasoningContent") if "step" in event]
    assert steps[0].startswith("Find out")
    tools = {event["tool_name"]: event["status"] for event in run.of("end_tool")}
    assert tools == {"search_documents": "success", "look_up": "error"}
    sources = {event["source_run_id"] for event in run.events if "source_run_id" in event}
    assert len(sources) == 1


async def test_the_assistant_says_when_it_knows_nothing(tree: Path) -> None:
    run = Execution(assistant.flow(tree), "Zebras?")
    assert (await run.end())["status"] == "success"
    assert "Nothing in the project's documents" in run.contents()["assistant"]


async def test_the_members_of_a_team_speak_at_the_same_time(tree: Path) -> None:
    """Each in a stream of its own, interleaved; the leader in the team's events."""
    run = Execution(team.flow(tree), "Where are lanes and gaps?")
    assert (await run.end())["status"] == "success"
    said = run.texts()
    assert set(said) == {"Documents", "Page", "Server"}
    assert "lane.py" in said["Page"] and "x.py" in said["Server"] and "lanes.md" in said["Documents"]
    order = [event["name"] for event in run.of("RunContent")]
    assert sum(one != other for one, other in itertools.pairwise(order)) > 3, "they take turns"
    assert len(run.of("TeamToolCallCompleted")) == 3
    assert "knows most" in run.texts("TeamRunContent")["Team leader"]


async def test_a_report_takes_the_place_of_its_outline(tree: Path) -> None:
    run = Execution(report.flow(tree))
    await run.end()
    first, second = run.of("ChatHTML")
    assert first["message_id"] == second["message_id"]
    assert "being counted" in first["html"] and "<td>1</td>" in second["html"]
    assert run.contents()["write"]["files"] == 4


async def test_people_are_asked_in_six_ways_and_heard(tree: Path) -> None:
    """What they answer is what happens: the edited text is released, and only the ways that were chosen are taken."""
    run = Execution(approvals.flow(tree))
    review = await run.answer("output_review", confirmed=True, result="- Better words.")
    assert review["kind"] == "output_review"
    approval = await run.answer("confirmation", confirmed=True, note="go")
    assert approval["expires_at"] > 0
    details = {"title": "News", "readers": 3, "price": None, "audience": "users", "tags": [], "urgent": False}
    await run.answer("user_input", values=details)
    await run.answer("user_feedback", values={"choices": ["It is short"]})
    await run.answer("external_execution", result="by the door")
    await run.answer("route_selection", choices=["mail", "archive"])
    assert (await run.end())["status"] == "success"
    given = run.contents()
    assert "page" not in given and "withdraw" not in given
    for way in ("mail", "archive"):
        assert given[way].startswith("# News") and "- Better words." in given[way] and "by the door" in given[way]
    asked = [need["kind"] for event in run.of("AgentPaused") for need in event["requirements"]]
    assert asked == KINDS
    assert [event["resolved"] for event in run.of("resume_start")] == [
        [need["id"] for need in event["requirements"]] for event in run.of("AgentPaused")
    ]
    assert run.run.picture.requirements == {}
    told = [answer for event in run.of("resume_start") for answer in event["answers"]]
    assert told[2]["values"] == details, "what was answered is told when the run goes on"


async def test_no_is_no(tree: Path) -> None:
    """A rejected note is withdrawn, with the reason; nothing behind the approval runs."""
    run = Execution(approvals.flow(tree), "- My own note")
    await run.answer("output_review", confirmed=True)
    await run.answer("confirmation", confirmed=False, note="Too early.")
    assert (await run.end())["status"] == "success"
    assert set(run.contents()) == {"draft", "review", "approve", "withdraw"}
    assert run.contents()["withdraw"] == "The note was withdrawn. Too early."


async def test_nobody_answers_in_time(tree: Path) -> None:
    """The flow goes on by itself, and says so."""
    run = Execution(approvals.flow(tree, within_s=0.0))
    await run.answer("output_review", confirmed=True)
    assert (await run.end())["status"] == "success"
    assert "Nobody answered in time." in run.contents()["withdraw"]


async def test_stop_ends_a_run_that_waits(tree: Path) -> None:
    run = Execution(approvals.flow(tree))
    await run.heard.until(run.run, event="AgentPaused")
    run.backend.stop(run.run.run_id)
    assert (await run.end())["status"] == "killed"
    assert run.run.picture.requirements == {}


def fetch(url: str, form: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The address one ends up at, and what stands there."""
    body = urlencode(form).encode() if form is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=10) as answer:
        return str(answer.url), answer.read().decode()


@pytest.mark.parametrize("decision", ["allow", "deny"])
async def test_signing_in_for_real(tree: Path, decision: str) -> None:
    """Over HTTP, as a browser does: the page, the button, the way back; then the token fetches the profile."""
    app = create_app(tree, flows={"sign_in": sign_in.flow(tree)})
    async with served(app) as netloc:
        backend: Backend = app.state.backend
        heard = Heard(backend)
        run = backend.start("sign_in", None, f"http://{netloc}")
        card = await heard.until(run, event="interaction_event")
        address, page = await asyncio.to_thread(fetch, card["auth_url"])
        assert "Allow" in page and netloc in page
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"decision": decision}
        where, words = await asyncio.to_thread(fetch, address.split("?")[0].replace("authorize", "decide"), fields)
        assert "close this window" in words and "/oauth/callback?" in where
        end = await heard.end(run)
        told = [event.get("status", "pending") for event in heard.of(run) if event["event"] == "interaction_event"]
        ends = {event["node_id"]: event for event in heard.of(run) if event["event"] == "end_node"}
        if decision == "allow":
            assert end["status"] == "success" and told == ["pending", "completed"]
            assert ends["profile"]["content"]["scope"] == "profile"
            again = dict(parse_qsl(urlsplit(where).query)) | {
                "redirect_uri": fields["redirect_uri"],
                "code_verifier": "x",
            }
            with pytest.raises(urllib.error.HTTPError) as refused:
                await asyncio.to_thread(fetch, f"http://{netloc}/oauth/token", again)
            assert json.loads(refused.value.read())["error"]["code"] == "invalid_grant"
            refused.value.close()
        else:
            assert end["status"] == "error" and told == ["pending", "failed"]


async def test_nobody_signs_in(tree: Path) -> None:
    run = Execution(sign_in.flow(tree, within_s=0.0), origin="http://127.0.0.1:1")
    assert "Nobody signed in" in (await run.end())["error"]
    assert [event.get("status") for event in run.of("interaction_event")] == [None, "expired"]


@pytest.mark.skipif(importlib.util.find_spec("agno") is None, reason="agno is not installed")
async def test_a_real_agno_agent_waits_for_people(tree: Path) -> None:
    """Paused and continued by Agno itself, with what people answered; a rejection reaches the agent."""
    from devserver.flows import agno_agent

    run = Execution(agno_agent.flow(tree), "Publish it")
    confirmation = await run.answer("confirmation", confirmed=True)
    assert confirmation["tool_name"] == "publish"
    assert "continue_run_id" not in run.of("AgentPaused")[0]
    await run.answer("user_input", values={"text": "Figures", "author": "Ann"})
    assert (await run.end())["status"] == "success"
    assert "“Publish it” is published." in run.contents()["clerk"] and "signed by Ann" in run.contents()["clerk"]
    run = Execution(agno_agent.flow(tree))
    await run.answer("confirmation", confirmed=False, note="Not today.")
    await run.answer("user_input", values={"author": "Ann"})
    assert (await run.end())["status"] == "success"
    assert "is published" not in run.contents()["clerk"]


@pytest.mark.skipif(importlib.util.find_spec("agno") is None, reason="agno is not installed")
async def test_a_real_agno_team_speaks(tree: Path) -> None:
    from devserver.flows import agno_team

    run = Execution(agno_team.flow(tree), "Who has a lane?")
    assert (await run.end())["status"] == "success"
    assert set(run.texts()) == {"Documents", "Sources"}
    assert "passages" in run.texts("TeamRunContent")["Project team"]
