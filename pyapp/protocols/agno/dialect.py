"""AgnoDialect: how an AgentOS is spoken to. Workflows go over its WebSocket, agents and teams over streams.

Of each message `event_index` says where it stands in its root run: what came is taken once, in that order, and what is
missing is asked for again from there. Facts as of Agno 3.1 (agno/os/routers); an older one without `event_index` has
nothing to resume by.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from ...contract.http import RunInfo
from ...errors import ApiError
from ...locale.catalogue import Sentence
from ..dialect import Dialect
from ..protocol import Dialogue, Frame, Heard, Json, Opening, Request, Send, aside
from ..runs import ForeignRun
from .answers import answered
from .asking import asked_in, flows_of, info_of, known_by
from .fields import reason_of, run_of
from .generation import Limits
from .listing import newest_runs
from .numbers import Places
from .requests import answer_of, behind, flow_path, names, posted, read, run_path, state_request
from .roots import Roots
from .translator import AgnoTranslator

HEARTBEAT_S = 10.0
"""An AgentOS promises none, but answers each ping: the link pings so often that this holds."""
META = ("replay", "catch_up", "subscribed")
"""What an AgentOS says before it tells a run again, or goes on with it."""
ERRORS = ("RunError", "TeamRunError")
QUIET = ("pong", "authenticated", *META)
"""What an AgentOS answers when it is asked to go on, or whether it lives: it is of the link, and of no run."""


class AgnoDialect(Dialect):
    """Owns what is known of the runs of one AgentOS, and which of them its socket tells of."""

    name = "agno"
    socket = "/workflows/ws"

    def __init__(self, new_id: Callable[[], str]) -> None:
        super().__init__(new_id)
        self._roots = Roots(self.runs, self._new_run)
        self._places = Places()
        self._told: set[str] = set()
        """Keys of workflow runs that the present socket tells of."""
        self._again: dict[str, int] = {}
        """Key → the index from which a run was asked for again; what is missing then is gone."""
        self._due: list[Opening] = []
        self._signs_in = False
        """A token was said on the present socket."""
        self._unplaced: list[str] = []
        """Refusals that name no run, while several starts and answers are unheard: the others show whose they are."""
        self._limits = Limits()
        self._pauses: dict[str, Json] = {}
        """Key → the message with which the run paused."""

    @classmethod
    def recognise(cls) -> Dialogue[bool]:
        """It has a name of its own in its `/config`."""
        reply = yield Request("GET", "/config")
        config = read(reply.text) if reply.status == 200 else None
        return config is not None and isinstance(config.get("os_id"), str)

    # -- what comes -------------------------------------------------------------------------------
    def heard(self, heard: Heard) -> list[Json]:
        event = read(heard.text)
        name = event.get("event") if event is not None else None
        if event is None or not isinstance(name, str):
            return [aside(heard.name or "message", "It is not JSON with an `event`.", {"text": heard.text[:500]})]
        if name == "connected":
            return [{"type": "hello", "heartbeat_s": HEARTBEAT_S, "server": "AgentOS"}, *self._connected(event)]
        if name == "queued":
            return self._queued(event)
        run = self.runs.find(heard.key) if heard.key else self._roots.of(event)
        if name in ("error", "auth_error", "auth_required"):
            return self._failed(event, run or self.runs.find(str(event.get("run_id"))))
        if name in ERRORS and run is not None and run_of(event) is None and (run.run_id is None or run.answering):
            self._refuse(run, str(reason_of(event) or "refused"))
            return [_error(name, run.refused)]
        if name in META and run is not None and run.key in self._again:
            self._again[run.key] = -1  # from here on what is missing is gone
        if name in QUIET:
            return []
        return self._event(event, run) if run is not None else [aside(name, event=event)]

    def due(self) -> list[Opening]:
        due, self._due = self._due, []
        return due

    # -- what is wanted ---------------------------------------------------------------------------
    def greeting(self) -> list[Frame]:
        """A new socket tells of no run yet."""
        self._told.clear()
        self._unplaced.clear()
        return []

    def signing_in(self, token: str | None) -> list[Frame]:
        self._signs_in = token is not None
        return [] if token is None else [Frame({"action": "authenticate", "token": token})]

    def ping(self) -> Frame:
        return Frame({"action": "ping"})

    def start(self, flow_id: str, given: Any) -> Opening:
        kind, _, name = flow_id.partition("/")
        message = given if isinstance(given, str) else "" if given is None else json.dumps(given)
        if kind != "workflows" and not message.strip():
            raise ApiError(Sentence("protocol.ask"))
        run = self.runs.add(self._new_run(self.new_id(), flow_id, given))
        run.session = run.key
        if kind == "workflows":
            self._told.add(run.key)
            asked = {"action": "start-workflow", "workflow_id": name, "message": message, "session_id": run.session}
            return Opening(run.key, Frame(asked))
        return Opening(run.key, posted(f"/{flow_path(flow_id)}/runs", {"message": message, "session_id": run.session}))

    def stop(self, run: ForeignRun) -> Send:
        query = urlencode({"session_id": run.session})
        return Request("POST", f"{run_path(run)}/cancel?{query}")

    def answer(self, run: ForeignRun, answer: Json) -> Opening | None:
        run.answers[str(answer.get("id"))] = answer
        if set(run.waiting) - set(run.answers):
            return None  # Agno wants those of one pause together
        field, resolved = answered(run, self._pauses.get(run.key, {}))
        if run.flow_id.startswith("workflows/"):
            self._told.add(run.key)
            asked = {"action": "continue-workflow", **names(run), field: resolved}
            return Opening(run.key, Frame(asked))
        fields = {field: json.dumps(resolved), "session_id": run.session}
        return Opening(run.key, posted(f"{run_path(run)}/continue", fields))

    def resume(self, run: ForeignRun) -> Opening | None:
        if run.run_id is None or (run.index < 0 and run.next_seq):
            return None  # it tells no index: what it said would come twice
        if run.flow_id.startswith("workflows/"):
            if run.key in self._told:
                return None
            self._told.add(run.key)
            return Opening(run.key, Frame({"action": "reconnect", **names(run), **behind(run)}))
        fields = {"session_id": run.session, **behind(run)}
        return Opening(run.key, posted(f"{run_path(run)}/resume", fields, again=True))

    # -- what is asked ----------------------------------------------------------------------------
    def flows(self) -> Dialogue[list[Json]]:
        request = Request("GET", "/config")
        return flows_of(answer_of(request, (yield request)))

    def listed(self) -> Dialogue[list[RunInfo]]:
        return newest_runs(self._know)

    def state(self, run: ForeignRun) -> Dialogue[RunInfo]:
        request = state_request(run)
        return info_of(run, answer_of(request, (yield request)))

    def still_asks(self, run: ForeignRun) -> Dialogue[bool]:
        """Agno takes any answer for what a run asks now: one to what another window has answered is for the next."""
        reply = yield state_request(run)
        asked = asked_in(run, read(reply.text)) if reply.status == 200 else []
        return not asked or not known_by(asked).isdisjoint(known_by(run.waiting.values()))

    # -- inside -----------------------------------------------------------------------------------
    def _new_run(self, key: str, flow_id: str, given: Any = None) -> ForeignRun:
        return ForeignRun(key, flow_id, lambda: AgnoTranslator(flow_id=flow_id, given=given, run_id=key))

    def _know(self, run_id: str, flow_id: str, session: str) -> ForeignRun:
        """A run that the server lists: it can be asked for from now on."""
        run = self.runs.find(run_id) or self.runs.add(self._new_run(run_id, flow_id))
        run.run_id, run.session = run_id, run.session or session
        return run

    def _event(self, event: Json, run: ForeignRun) -> list[Json]:
        index = self._places.of(event, run.index)
        self._roots.note(event, run)
        missing = index - run.index - 1 if index is not None else 0
        if missing > 0 and not self._gone(run):
            return []  # it comes once more, behind them
        if str(event["event"]).endswith("Paused"):
            self._pauses[run.key] = event
        lost = [aside("event_index", f"Told once more without the {missing} before {index}.")] if missing > 0 else []
        ours = [*lost, *run.take(event, index)]
        translator = cast(AgnoTranslator, run.translator)
        self.limits = self._limits.now(run.key, translator.limits, translator.stuck)
        if self._unplaced:
            self._place()
        return ours

    def _gone(self, run: ForeignRun) -> bool:
        """Whether the messages before one are lost: else they are asked for, and it comes once more."""
        asked = self._again.get(run.key)
        if asked == -1:
            self._again.pop(run.key)
            return True
        if asked != run.index + 1:
            self._again[run.key] = run.index + 1
            self._told.discard(run.key)
            opening = self.resume(run)
            self._due += [opening] if opening is not None else []
            return opening is None
        return False

    def _queued(self, event: Json) -> list[Json]:
        """An accepted run that has not begun: its id, so that it can be found again."""
        run = self._roots.of(event)
        if run is not None:
            run.run_id = str(event.get("run_id") or run.run_id)
            run.answering = False
        if self._unplaced:
            self._place()
        return [] if run is not None else [aside("queued", event=event)]

    def _failed(self, event: Json, run: ForeignRun | None) -> list[Json]:
        """What an AgentOS refuses is of the run that it names, else of a start or an answer that was not heard of."""
        words = str(event.get("error") or event.get("message") or "refused")
        if event["event"] != "error":
            self.refusal = Sentence("protocol.bad_token", server="AgentOS", why=words)
        asked = [each for each in self.runs if each.key in self._told and (each.answering or not each.settled)]
        run = run or next((each for each in asked if each.run_id is not None and each.run_id in words), None)
        if run is None:
            self._unplaced.append(words)
        elif run.run_id is None or run.answering:
            self._refuse(run, words)
        else:
            self._told.discard(run.key)
            if "not found" in words:
                self.lost.append(run.run_id)
        self._place()
        return [_error(str(event["event"]), words)]

    def _place(self) -> None:
        """Where no more are unheard than were refused, it is they; with which words, several are not told apart."""
        unheard = [each for each in self.runs if each.key in self._told and (each.run_id is None or each.answering)]
        if len(unheard) <= len(self._unplaced):
            words = " ".join(dict.fromkeys(self._unplaced))
            self._unplaced.clear()
            for run in unheard:
                self._refuse(run, words)

    def _refuse(self, run: ForeignRun, words: str) -> None:
        """What was sent for a run last came to nothing: it did not begin, or waits as before."""
        run.refused = words
        self._told.discard(run.key)

    def _connected(self, event: Json) -> list[Json]:
        """A token is said before this comes: where there is none, nothing that is asked here would be answered."""
        if event.get("requires_auth") is not True or self._signs_in:
            return []
        self.refusal = Sentence("protocol.no_token", server="AgentOS")
        return [_error("auth_required", str(self.refusal))]


def _error(name: str, words: str) -> Json:
    return {"type": "error", "code": f"agno.{name}", "message": words}
