"""A server in memory: numbers what happens, keeps it, answers `resume` and HTTP as the contract says.

`Manners` say which of the contract's optional parts it has. It can be started anew with its history kept or gone.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pyapp.clock import Clock
from pyapp.ports import HttpResponse
from pyapp.testing.socket import FakeSocket
from tests.faulty_http import FaultyHttp
from tests.oracle import TERMINAL, Told, tell
from tests.streams import FLOW, PARENTS

Json = dict[str, Any]
STARTED_AT = 1_700_000_000.0
STEP_S = 7.0
"""Server time between two events of a run, as `ts` tells it."""
BEHIND = "13"
"""Last characters of nodes whose clock is three steps behind."""


@dataclass(frozen=True)
class Manners:
    """What kind of server it is."""

    numbered: bool = True
    sparse: bool = False
    """Numbers rise, but not by one, and `hello` says so."""
    event_ids: str = "none"
    """none, same (an event keeps its id when it is told again), or fresh (another id, and a mark, each time)."""
    ts: bool = True
    clocks: bool = False
    """Some nodes run where the clock is behind that of the others."""
    hello: bool = True
    resumes: bool = True
    catch_up: bool = True
    """Announces what it tells again."""
    batches: bool = False
    """Tells it again in one frame."""
    results: bool = True
    """`GET /runs/{id}` has results, requirements and interactions."""
    lag_s: float = 0.0
    """Its database is behind its stream: `GET /runs` and `GET /runs/{id}` answer what was true so long ago."""
    by_http: bool = False
    """What some nodes gave is told over HTTP alone, once the run is over: events marked `by_http` have no content."""


class MemoryServer(FaultyHttp):
    """Knows every event since its history began."""

    def __init__(self, manners: Manners, clock: Clock) -> None:
        super().__init__(clock)
        self.manners = manners
        self.log: list[Json] = []
        self._moments: list[float] = []
        """When each of it happened, by the monotonic clock."""
        self.life = 0
        """How often its history began anew."""
        self._starts = 0
        self._sent = 0
        self._answered: dict[int, int] = {}
        """By socket: how many `resume` frames were answered."""
        self.given: dict[str, int] = {}
        """run id → the highest number of it that anybody was told in answer to a question."""

    # -- what happens
    def happen(self, event: Json) -> Json:
        """Keep an event under its number; what was kept."""
        before = [each for each in self.log if each["run_id"] == event["run_id"]]
        seq = before[-1]["seq"] + (3 if self.manners.sparse and len(before) % 2 else 1) if before else 0
        kept = {**event, "seq": seq}
        if self.manners.ts:
            behind = self.manners.clocks and str(event.get("node_id"))[-1] in BEHIND
            kept["ts"] = STARTED_AT + STEP_S * (len(before) - 3 * behind)
        self.log.append(kept)
        self._moments.append(self._clock.now())
        return kept

    def restart(self, *, forget: bool, word: bool) -> None:
        """Start anew: with the history kept or gone, and with another `instance` to say so, or without."""
        self._starts += word
        if forget:
            self.life += 1
            self.log.clear()
            self._moments.clear()

    def told(self, log: list[Json] | None = None) -> dict[str, Told]:
        """What is true of every run it knows, or of this part of its history, as far as anybody may know it by now."""
        log = self.log if log is None else log
        known = tell(log, PARENTS)
        if self.manners.by_http:
            known |= {name: each for name, each in tell(list(map(_sent, log)), PARENTS).items() if not each.over}
        return known

    # -- over the socket
    def frame(self, event: Json) -> Json:
        """An event as it is sent just now."""
        self._sent += 1
        sent = _sent(event)
        if not self.manners.numbered:
            del sent["seq"]
        if self.manners.event_ids == "same":
            sent["event_id"] = f"{self.life}/{event['run_id']}/{event['seq']}"
        elif self.manners.event_ids == "fresh":
            sent["event_id"] = f"sent {self._sent}"
            sent["sent"] = self._sent
        return sent

    def greet(self, socket: FakeSocket) -> None:
        if self.manners.hello:
            instance = {"instance": f"i{self._starts}"}
            socket.deliver({"type": "hello", "protocol": 1, "sparse": self.manners.sparse, **instance})

    def resume(self, socket: FakeSocket, *, most: int | None = None, say_gone: bool = True) -> bool:
        """Answer each `resume` that came over a socket once, with at most `most` frames; False when there was none."""
        wanted = socket.sent_of("resume")
        done = self._answered.get(id(socket), 0)
        self._answered[id(socket)] = len(wanted)
        if self.manners.resumes and self.manners.numbered:
            frames = [frame for each in wanted[done:] for frame in self._missed(each["runs"], say_gone)]
            for frame in frames[:most]:
                socket.deliver(frame)
                self._note(frame if isinstance(frame, list) else [frame])
        return len(wanted) > done

    def _missed(self, runs: dict[str, int], say_gone: bool) -> list[Any]:
        frames: list[Any] = []
        for run_id, after in sorted(runs.items()):
            log = self._of(run_id)
            last = log[-1]["seq"] if log else -1
            complete = after <= last
            missed = [each for each in log if each["seq"] > after or not complete]
            if (complete and not missed) or (not complete and not say_gone):
                continue
            if self.manners.catch_up or not complete:
                first = after + 1 if complete else 0
                head = {"type": "catch_up", "run_id": run_id, "from_seq": first, "to_seq": last, "complete": complete}
                frames.append(head)
            sent = [self.frame(each) for each in missed]
            frames += ([sent] if sent else []) if self.manners.batches else sent
        return frames

    # -- over HTTP
    def answer_to(self, method: str, path: str) -> HttpResponse | None:
        if method != "GET":
            return None
        if path == "/flows/demo":
            return HttpResponse(200, json.dumps(FLOW))
        if re.fullmatch(r"/runs(\?.*)?", path):
            log = self._behind()
            return HttpResponse(200, json.dumps([self._info(told, log) for told in reversed(self.told(log).values())]))
        if (found := re.fullmatch(r"/runs/(\w+)/events\?after=(-?\d+)", path)) and self.manners.numbered:
            events = [each for each in self._of(found[1]) if each["seq"] > int(found[2])]
            return HttpResponse(200, "".join(json.dumps(self.frame(each)) + "\n" for each in events))
        log = self._behind()
        if (found := re.fullmatch(r"/runs/(\w+)", path)) and (told := self.told(log).get(found[1])) is not None:
            return HttpResponse(200, json.dumps(self._info(told, log)))
        return None

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        answer = await super().request(method, url, body=body, token=token, timeout_s=timeout_s)
        if answer.status == 200 and "/events?" in url:
            for line in answer.text.splitlines():
                with suppress(ValueError):  # it was cut short
                    self._note([json.loads(line)])
        return answer

    def _note(self, events: list[Json]) -> None:
        for event in events:
            if "seq" in event:
                self.given[event["run_id"]] = max(event["seq"], self.given.get(event["run_id"], -1))

    def _behind(self) -> list[Json]:
        """What had happened when its database was written."""
        until = self._clock.now() - self.manners.lag_s
        return [event for event, at in zip(self.log, self._moments, strict=True) if at <= until]

    def _info(self, told: Told, log: list[Json]) -> Json:
        info: Json = {"run_id": told.run_id, "flow_id": "demo", "status": told.status, "started_at": STARTED_AT}
        if self.manners.numbered:
            info["last_seq"] = [event for event in log if event["run_id"] == told.run_id][-1]["seq"]
        if self.manners.results:
            info["results"] = _results(told)
            asked = {each["id"]: each for event in log for each in _asked(event)}
            info["requirements"] = [asked[each] for each in told.cards.requirements]
            signed = {each["interaction_id"]: each for each in log if each["event"] == "interaction_event"}
            info["interactions"] = [signed[each] for each, status in told.cards.sign_ins.items() if status == "pending"]
        return info

    @property
    def moment(self) -> int:
        return len(self.log)

    def _of(self, run_id: str) -> list[Json]:
        return [event for event in self.log if event["run_id"] == run_id]


def with_marks(log: list[Json]) -> list[Json]:
    """A run of which HTTP alone tells what each node gave last, where that was before the end of the run."""
    numbered = [{**event, "seq": seq} for seq, event in enumerate(log)]
    told = tell(numbered, PARENTS).values()
    last = [orders[max(orders)].content for each in told for orders in each.executions.values()]
    over, marked = False, []
    for event in log:
        over = (
            over or event["event"] == "run_end" or (event["event"] == "resume_end" and event.get("status") != "paused")
        )
        by_http = event["event"] == "end_node" and not over and event.get("content") in [each for each in last if each]
        marked.append({**event, "by_http": True} if by_http else event)
    return marked


def _sent(event: Json) -> Json:
    """What an event tells over the stream."""
    hidden = ("by_http", "content") if event.get("by_http") else ()
    return {key: value for key, value in event.items() if key not in hidden}


def _results(told: Told) -> Json:
    results = {}
    for node, orders in told.executions.items():
        latest = orders[max(orders)]
        status = latest.status if latest.status in TERMINAL and not latest.implied else "executing"
        results[node] = {
            "status": status, "content": latest.content, "error": latest.error, "orders": sorted(orders),
        }  # fmt: skip
    return results


def _asked(event: Json) -> list[Json]:
    asked = event.get("requirements")
    return asked if event["event"] == "AgentPaused" and isinstance(asked, list) else []
