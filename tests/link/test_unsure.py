"""pyapp.link.unsure: a backend that nobody named gives itself away, and is spoken to in its own protocol then."""

from __future__ import annotations

from pyapp.contract.addresses import origin_of
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.host import ORIGIN
from pyapp.testing.page import FakePage

CONFIG = {"os_id": "os", "agents": [{"id": "ada", "name": "Ada"}]}
CONNECTED = {"event": "connected", "message": "Connected to AgentOS.", "requires_auth": False}


def page(**settings: str) -> FakePage:
    """A page that was told an address, and no protocol."""
    made = FakePage(Settings(api="http://os.test", **settings))  # type: ignore[arg-type]
    made.http.base = "http://os.test"
    made.http._answers.clear()
    return made


def agentos(made: FakePage) -> None:
    made.http.answer("GET", "/config", CONFIG)
    made.http.answer("GET", "/sessions", {"data": []})


def flows(made: FakePage) -> list[str]:
    return [flow.id for flow in made.app.stores.flows.get() or ()]


async def test_a_portal_stays_one() -> None:
    """From its first frame on nothing else is looked for."""
    made = FakePage()
    await made.open()
    made.receive({"type": "hello", "heartbeat_s": 5}, CONNECTED)
    assert (len(made.sockets.opened), flows(made)) == (1, ["demo"])
    assert made.socket.sent_of("resume")
    assert made.http.asked("GET", "/config") == 0


async def test_an_agentos_is_known_by_what_it_has_over_http() -> None:
    made = page()
    agentos(made)
    made.app.start()
    await made.settle()
    assert flows(made) == ["agents/ada"]
    assert made.socket.url == "ws://os.test/workflows/ws"
    made.socket.accept()
    assert made.app.stores.link.get().phase == "open"


async def test_an_agentos_is_known_by_its_first_frame() -> None:
    """A browser fails a link whose subprotocol is not taken: the third attempt offers none."""
    made = page(ws="ws://os.test/workflows/ws")
    made.http.then("GET", "/flows", HttpResponse(500, ""))
    made.app.start()
    await made.settle()
    for _ in range(2):
        made.socket.die()
        await made.advance(1.0)
    assert [socket.protocols for socket in made.sockets.opened] == [["flowglow.1"], ["flowglow.1"], []]
    agentos(made)
    bare = made.socket
    bare.accept()
    made.receive(CONNECTED)
    assert bare.closed and made.socket is not bare
    made.socket.accept()
    made.receive(CONNECTED)
    await made.advance(5.0)
    assert flows(made) == ["agents/ada"]
    assert made.sockets.live == 1


async def test_what_knows_neither_is_asked_again() -> None:
    """Also where it does not answer at all."""
    made = page()
    made.http.then("GET", "/config", OSError("no route"), HttpResponse(404, ""), HttpResponse(200, '{"os_id": "os"}'))
    made.app.start()
    await made.settle()
    assert "nothing at /flows" in made.app.stores.notices.get("choice").text  # type: ignore[union-attr]
    await made.advance(1.0)
    assert made.sockets.opened == []
    await made.advance(2.0)
    assert made.socket.url == "ws://os.test/workflows/ws"


async def test_a_page_may_forget_its_runs_whatever_the_backend_is() -> None:
    made = FakePage()
    await made.open()
    made.receive({"event": "run_start", "run_id": "r", "seq": 0})
    made.app.reset()
    await made.settle()
    assert made.row("r") is None


def agent(made: FakePage, *answers: HttpResponse | OSError) -> None:
    """An end point of AG-UI: it takes no GET, and answers what is posted with these."""
    made.http.answer("GET", "", {}, 405)
    made.http.then("POST", "", *answers)


MISSES = HttpResponse(422, '[{"loc":["threadId"]},{"loc":["runId"]},{"loc":["messages"]}]')


async def test_an_agent_of_ag_ui_is_known_by_what_it_misses() -> None:
    """An empty input is put to it once, and begins nothing; then it is spoken to as what it is."""
    made = page()
    agent(made, MISSES)
    made.app.start()
    await made.settle()
    assert flows(made) == ["agent"]
    assert made.app.stores.link.get().phase == "open"
    posted = [body for method, _, body in made.http.requests if method == "POST"]
    assert (posted, made.http.streams, made.sockets.opened) == ([{}], [], [])
    assert made.document.region("notices").textContent == ""
    made.app.stop()


async def test_what_gives_no_sign_is_posted_to_once_and_that_is_said() -> None:
    """Whatever was not answered is put again: the server was not there, or was not well."""
    made = page()
    agent(made, OSError("no route"), HttpResponse(503, ""), HttpResponse(400, '{"detail": "what?"}'))
    made.app.start()
    await made.settle()
    for _ in range(30):
        await made.advance(10.0)
    assert made.http.asked("POST", "") == 3
    assert made.http.asked("GET", "") > 3
    notices = made.document.region("notices").textContent
    assert "http://os.test does not show which protocol it speaks" in notices
    assert "name the protocol in the setting `protocol`" in notices
    made.app.stop()


async def test_who_wants_a_token_is_asked_with_it() -> None:
    made = FakePage(
        Settings(api="http://os.test", auth="token", embed=True, speaks=True, frames=frozenset({origin_of(ORIGIN)}))
    )
    made.http.base = "http://os.test"
    made.http._answers.clear()
    agentos(made)
    made.app.start()
    channel = made.host.knock()
    await made.settle()
    channel.say({"type": "token", "token": "s3cret"})
    await made.settle()
    assert flows(made) == ["agents/ada"]
    assert set(made.http.tokens) == {"s3cret"}
    made.app.stop()
