"""Real runs of Agno, told to a real relay: what they say and do, what they ask, and what people answer over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import flowglow
from flowglow.producer.agno import tell
from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import Served, relaying
from tests.flowglow.serving import PATIENCE_S

pytest.importorskip("agno")

from devserver.flows.agno_model import Call

from .agno_agents import agent, team, workflow

THOUGHT = {"title": "First", "thought": "Look it up.", "action": "look", "confidence": 0.9}
Json = dict[str, Any]


class Telling:
    """A run of Agno's that is told to a relay, and people who answer it there."""

    def __init__(self, relay: Served, client: httpx.AsyncClient) -> None:
        self._relay = relay
        self._client = client

    async def tell(self, agent: Any, input: Any = "Lanes") -> None:
        url = f"http://{self._relay.address}"
        async with asyncio.timeout(PATIENCE_S), flowglow.run("f", url=url, key="k", run_id="r") as run:
            await tell(run, agent, input)

    async def asked(self, telling: asyncio.Task[None], after: int = 0) -> list[Json]:
        """The pauses behind that many, once the run waits for something that it did not before."""
        while True:
            assert not telling.done() or telling.result(), "It is over, and asks nothing."
            pauses = [event for event in await self.events() if event["event"] == "AgentPaused"]
            if len(pauses) > after and (await self._client.get("/api/runs/r")).json()["status"] == "paused":
                return pauses[after:]
            await asyncio.sleep(0.005)

    async def answer(self, *answers: Json) -> int:
        return (await self._client.post("/api/runs/r/continue", json={"requirements": list(answers)})).status_code

    async def stop(self) -> None:
        assert (await self._client.post("/api/runs/r/stop")).status_code == 202

    async def events(self) -> list[Json]:
        answer = await self._client.get("/api/runs/r/events")
        return [json.loads(line) for line in answer.text.splitlines()] if answer.is_success else []


@contextlib.asynccontextmanager
async def told() -> AsyncIterator[Telling]:
    async with relaying(portal=Portal(keys=("k",))) as relay, relay.client() as client:
        yield Telling(relay, client)


def named(events: list[Json], name: str) -> list[Json]:
    return [event for event in events if event["event"] == name]


async def test_what_an_agent_thinks_does_and_says_is_told_under_the_run() -> None:
    """Also a tool that fails, and what the model spent."""
    async with told() as telling:
        await telling.tell(agent("clerk", Call("think", THOUGHT), Call("look_up", {"term": "lane"})))
        events = await telling.events()
    assert {event["run_id"] for event in events} == {"r"}
    assert [events[0]["event"], events[-1]["event"], events[-1]["status"]] == ["run_start", "run_end", "success"]
    assert any(event["step"]["title"] == "First" for event in named(events, "ReasoningContent") if "step" in event)
    assert [(each["tool_name"], each["status"]) for each in named(events, "end_tool")] == [
        ("think", "success"), ("look_up", "error"),
    ]  # fmt: skip
    assert "no glossary" in "".join(event["content"] for event in named(events, "RunContent"))
    (end,) = named(events, "end_node")
    assert end["usage"]["input_tokens"] > 0 and named(events, "start_node")[0]["input"] == "Lanes"


async def test_an_agent_that_asks_goes_on_with_what_people_answer() -> None:
    """Twice, without a database: answers come to the run, whatever Agno calls its own."""
    clerk = agent("clerk", Call("publish", {"title": "Lanes"}), Call("sign", {"text": "Lanes"}))
    async with told() as telling:
        running = asyncio.create_task(telling.tell(clerk))
        (leave,) = await telling.asked(running)
        assert (leave["node_id"], leave["requirements"][0]["kind"]) == ("clerk", "confirmation")
        assert "continue_run_id" not in leave
        yes = {"id": leave["requirements"][0]["id"], "confirmed": True}
        assert await telling.answer(yes) == 202
        (form,) = await telling.asked(running, 1)
        (need,) = form["requirements"]
        signed = {"id": need["id"], "values": {"author": "Ada"}}
        assert need["kind"] == "user_input" and await telling.answer(signed) == 202
        await running
        events = await telling.events()
    assert [each["answers"] for each in named(events, "resume_start")] == [[yes], [signed]]
    assert "".join(event["content"] for event in named(events, "RunContent")) == "Done: Lanes, by Ada"
    assert (events[-1]["event"], events[-1]["status"]) == ("run_end", "success")
    assert len(named(events, "start_node")) == len(named(events, "end_node")) == 1


async def test_what_is_refused_is_not_done() -> None:
    async with told() as telling:
        running = asyncio.create_task(telling.tell(agent("clerk", Call("publish", {"title": "Lanes"}))))
        (leave,) = await telling.asked(running)
        await telling.answer({"id": leave["requirements"][0]["id"], "confirmed": False, "note": "Not today."})
        await running
        events = await telling.events()
    assert "is published" not in json.dumps(events) and "Not today." in json.dumps(events)


async def test_members_of_a_team_ask_together_each_in_its_node() -> None:
    """The team goes on once all are answered; each answer comes by itself."""
    clerks = [agent(name, Call("publish", {"title": name})) for name in ("left", "right")]
    async with told() as telling:
        running = asyncio.create_task(telling.tell(team(*clerks)))
        pauses = await telling.asked(running)
        while len(pauses) < 2:
            pauses = await telling.asked(running)
        assert sorted(each["node_id"] for each in pauses) == ["left", "right"]
        for pause in pauses:
            assert await telling.answer({"id": pause["requirements"][0]["id"], "confirmed": True}) == 202
        await running
        events = await telling.events()
    assert [len(each["answers"]) for each in named(events, "resume_start")] == [2]
    done = [each["result"] for each in named(events, "end_tool") if each["tool_name"] == "publish"]
    assert sorted(done) == ["“left” is published.", "“right” is published."] and events[-1]["status"] == "success"


async def test_a_workflow_asks_for_leave_and_so_does_the_agent_in_it() -> None:
    async with told() as telling:
        running = asyncio.create_task(telling.tell(workflow(keeps=True)))
        for number in (0, 1):
            (pause,) = await telling.asked(running, number)
            assert pause["node_id"] == "work"
            assert await telling.answer({"id": pause["requirements"][0]["id"], "confirmed": True}) == 202
        await running
        events = await telling.events()
    assert len(named(events, "AgentPaused")) == 2 and "is published" in json.dumps(events[-1])


async def test_a_workflow_that_nobody_keeps_cannot_wait_and_says_so() -> None:
    async with told() as telling:
        with pytest.raises(ValueError, match="give it a `db`"):
            await telling.tell(workflow(keeps=False))
        assert (await telling.events())[-1]["status"] == "error"


async def test_a_stop_ends_an_agent_that_waits() -> None:
    async with told() as telling:
        running = asyncio.create_task(telling.tell(agent("clerk", Call("publish", {"title": "Lanes"}))))
        await telling.asked(running)
        await telling.stop()
        await running
        assert (await telling.events())[-1]["status"] == "killed"


async def test_a_stop_ends_an_agent_that_works() -> None:
    """Before it does anything more."""
    async with relaying(portal=Portal(keys=("k",))) as relay, relay.client() as client:
        telling, run = Telling(relay, client), flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r")

        async def halt() -> str:
            """Somebody stops the run meanwhile."""
            await run.flush()
            await telling.stop()
            await run.stopped.wait()
            return "Too late."

        async with asyncio.timeout(PATIENCE_S), run:
            await tell(run, agent("clerk", Call("halt"), tools=(halt,)), "Lanes")
        events = await telling.events()
    assert events[-1]["status"] == "killed" and not named(events, "RunContent")
