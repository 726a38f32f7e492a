"""The faults: for each rule of the check a backend that breaks it, and nothing else. One for each, a test sees to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .faulty import CLOSE, Ask, Fault, Json, Way

NO_RUN = "flowglow-check-no-such-run"


# -- small words ------------------------------------------------------------------------------------
def on(name: str, change: Mapping[str, Any], **fields: Any) -> Callable[[Json], Json]:
    """Events of a name (with these fields) get other fields; None takes one away."""

    def changed(event: Json) -> Json:
        if name not in ("*", event["event"]) or any(event.get(key) != value for key, value in fields.items()):
            return event
        made = {**event, **change}
        return {key: value for key, value in made.items() if value is not None or key not in change}

    return changed


def other(name: str, new: str = "RunContent", **fields: Any) -> Callable[[Json], Json]:
    """Events of a name (with these fields) are others, under the same number."""

    def changed(event: Json) -> Json:
        if event["event"] != name or any(event.get(key) != value for key, value in fields.items()):
            return event
        kept = {key: event[key] for key in ("run_id", "seq", "event_id", "ts")}
        return {**kept, "event": new, **({"content": "x"} if new == "RunContent" else {})}

    return changed


def hello(**fields: Any) -> Callable[[Json, Way], list[Json]]:
    """`hello` with other fields; None takes one away."""

    def sends(item: Json, way: Way) -> list[Json]:
        if item.get("type") != "hello":
            return [item]
        return [{key: value for key, value in {**item, **fields}.items() if value is not None}]

    return sends


def live(change: Callable[[Json, Way], list[Json]]) -> Callable[[Json, Way], list[Json]]:
    """Events on sockets that have not resumed."""
    return lambda item, way: change(item, way) if "event" in item and way.cursor is None else [item]


def resumed(change: Callable[[Json, Way], list[Json]]) -> Callable[[Json, Way], list[Json]]:
    """What comes to a socket that resumed a run from its beginning."""
    return lambda item, way: change(item, way) if way.cursor == -1 and item.get("run_id") != NO_RUN else [item]


def at(pattern: str, change: Callable[[Ask, int, Any], tuple[int, Any]], method: str = "GET") -> Callable[..., Any]:
    """Answers to one call: the pattern is a path whose parts `*` stand for anything but a name nobody has."""

    def answers(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
        wanted, got = pattern.split("/"), ask.path.split("/")
        fits = len(wanted) == len(got) and all(a in ("*", b) for a, b in zip(wanted, got, strict=True))
        strange = "no-such" in ask.path
        return change(ask, status, value) if fits and not strange and ask.method == method else (status, value)

    return answers


def field(pattern: str, change: Callable[[Any], Any], when: Callable[[Any], bool] = lambda value: True) -> Any:
    """A part of the value that is answered is another one."""
    return at(pattern, lambda ask, status, value: (status, change(value) if status == 200 and when(value) else value))


def over(value: Any) -> bool:
    return value["status"] in ("success", "error", "killed")


def waits(value: Any) -> bool:
    return bool(value["status"] == "paused")


def refusal(status: int, code: str = "no") -> tuple[int, Json]:
    return status, {"error": {"code": code, "message": "This is not possible."}}


def without(query: str) -> Callable[[Ask], Mapping[str, str]]:
    return lambda ask: {key: value for key, value in ask.query.items() if key != query}


# -- what needs more than a line ----------------------------------------------------------------------
def late_pings(item: Json, way: Way) -> list[Json]:
    return hello(heartbeat_s=0.8)(item, way)


def closes_when_idle(item: Json, way: Way) -> list[Json]:
    if item.get("type") == "ping" and not way.runs and way.cursor is None:
        way.kept["pings"] = way.kept.get("pings", 0) + 1
    return [CLOSE] if way.kept.get("pings") == 2 else [item]


def second_loses(item: Json, way: Way) -> list[Json]:
    return [] if item["seq"] == 2 and way.number % 2 else [item]


def swaps(item: Json, way: Way) -> list[Json]:
    key = f"{item['run_id']} 2"
    if item["seq"] == 2:
        way.kept[key] = item
        return []
    return [item, way.kept.pop(key)] if item["seq"] == 3 and key in way.kept else [item]


def twice_numbered(item: Json, way: Way) -> list[Json]:
    if item["seq"] != 2:
        return [item]
    return [item, {"event": "RunContent", "run_id": item["run_id"], "seq": 2, "content": "another", "ts": item["ts"]}]


def catch_up(change: Callable[[Json], Json | None], cursor: int | None = -1) -> Callable[[Json, Way], list[Json]]:
    """Another `catch_up`, or none."""

    def sends(item: Json, way: Way) -> list[Json]:
        if item.get("type") != "catch_up" or item["run_id"] == NO_RUN or (cursor is not None and way.cursor != cursor):
            return [item]
        made = change(item)
        return [] if made is None else [made]

    return sends


def no_more_live(item: Json, way: Way) -> list[Json]:
    if item.get("type") == "catch_up":
        way.kept[item["run_id"]] = item["to_seq"]
    return [] if "event" in item and item["seq"] > way.kept.get(item.get("run_id", ""), 10**9) else [item]


def one_back(frame: Json, way: Way) -> Json:
    if frame.get("type") != "resume" or min(frame["runs"].values()) < 3 or NO_RUN in frame["runs"]:
        return frame
    return {**frame, "runs": {run: seq - 1 if seq < 500 else seq for run, seq in frame["runs"].items()}}


def first_alone(frame: Json, way: Way) -> Json:
    if frame.get("type") != "resume":
        return frame
    return {**frame, "runs": dict(list(frame["runs"].items())[:1])}


def whole_at_the_end() -> Callable[[Ask, list[Json]], list[Json]]:
    """Whoever has everything is told the whole history again."""
    kept: dict[str, list[Json]] = {}

    def lines(ask: Ask, events: list[Json]) -> list[Json]:
        kept[ask.path] = max(events, kept.get(ask.path, []), key=len)
        return events or kept[ask.path]

    return lines


def says_right(item: Json, way: Way) -> list[Json]:
    """The `catch_up` that would be right for what the page asked."""
    asked = way.cursor if way.cursor is not None else -1
    wrong = item.get("type") == "catch_up" and 3 <= asked < 500
    return [{**item, "from_seq": asked + 1}] if wrong else [item]


def of_long(change: Callable[[Json], list[Json]]) -> Callable[[Json, Way], list[Json]]:
    """Only what comes of the run with the long history."""

    def sends(item: Json, way: Way) -> list[Json]:
        if item.get("type") == "catch_up" and item["to_seq"] > 30:
            way.kept["long"] = item["run_id"]
        return change(item) if way.kept.get("long") == item.get("run_id", "") else [item]

    return sends


def last_goes(item: Json) -> list[Json]:
    return [] if item.get("event") == "RunContent" and item["seq"] > 25 else [item]


def first_go(item: Json) -> list[Json]:
    if item.get("type") == "catch_up":
        return [{**item, "from_seq": 5, "complete": True}]
    return [] if "event" in item and item["seq"] < 5 else [item]


def resolves_again(event: Json) -> Json:
    again = event["event"] == "RunContent" and event.get("content") == "done"
    return {**other("RunContent", "resume_start")(event), "resolved": [f"{event['run_id']}-0"]} if again else event


def same_id(event: Json) -> Json:
    return {**event, "event_id": f"{event['run_id']}-2"} if event["seq"] == 3 else event


def answered_before() -> Callable[..., tuple[int, Any]]:
    seen: set[str] = set()

    def change(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
        key = json.dumps(ask.body)
        if key in seen:
            return refusal(409)
        seen.add(key)
        return status, value

    return change


def stopped_before() -> Callable[..., tuple[int, Any]]:
    seen: set[str] = set()

    def change(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
        if ask.path in seen:
            return refusal(409)
        seen.add(ask.path)
        return status, value

    return change


def early_end(event: Json) -> Json:
    """The end comes where a report was; what was the end is a text."""
    event = other("ChatHTML", "run_end")(event)
    return other("run_end", status="success")(event) if "status" in event else event


def another_flow(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
    more = [{**value[-1], "run_id": "else", "flow_id": "else"}] if value and ask.query.get("limit") == "50" else []
    return status, [*value, *more]


OTHER_ORIGIN = {"origin": "http://localhost:1"}
GRANTED = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type",
           "access-control-expose-headers": "Date"}  # fmt: skip
END = at("/runs/*/stop", stopped_before(), "POST")

FAULTS: dict[str, Fault] = {
    "socket.refused": Fault(shut=True, also=frozenset({"tickets.refused", "tickets.close_code"})),
    "socket.redirected": Fault(moved=True),
    "http.too_large": Fault(
        answers=field("/flows", lambda value: [*value, {"id": "x" * 200_000, "name": "x"}]), options={"most": 150_000}
    ),
    "http.redirected": Fault(leads=lambda ask: "http://127.0.0.1:9/flows" if ask.path == "/flows" else None),
    "http.unanswered": Fault(hangs=lambda ask: ask.path == "/flows", options={"patience_s": 0.5}),
    "hello.missing": Fault(sends=lambda item, way: [] if item.get("type") == "hello" else [item]),
    "hello.unreadable": Fault(sends=hello(heartbeat_s="often")),
    "hello.protocol": Fault(sends=hello(protocol=2)),
    "hello.no_heartbeat": Fault(sends=hello(heartbeat_s=None)),
    "hello.no_instance": Fault(sends=hello(instance=None)),
    "instance.differs": Fault(sends=lambda item, way: hello(instance=f"socket {way.number}")(item, way)),
    "subprotocol.other": Fault(selects=lambda offered: "else"),
    "subprotocol.none": Fault(selects=lambda offered: None),
    "subprotocol.ticket": Fault(selects=lambda offered: offered[-1] if offered else None),
    "heartbeat.too_long": Fault(sends=hello(heartbeat_s=30)),
    "heartbeat.closed": Fault(sends=closes_when_idle),
    "heartbeat.broken": Fault(sends=lambda item, way: [] if item.get("type") == "ping" else [item]),
    "heartbeat.late": Fault(sends=late_pings, settings={"heartbeat_s": 6.0}),
    "tolerance.closed": Fault(hears=lambda frame, way: CLOSE if "later_page" in frame["type"] else frame),
    "frame.too_large": Fault(sends=hello(more="x" * (1 << 20))),
    "frame.flood": Fault(
        sends=lambda item, way: [item] + [{"type": "ping"}] * 2000 if item.get("type") == "hello" else [item],
        options={"room": 200_000},
    ),
    "frame.binary": Fault(raw=lambda text: text.encode() if "hello" in text else text),
    "frame.malformed": Fault(event=on("start_node", {"order": -1})),
    "frame.unknown": Fault(sends=lambda item, way: [item, {"type": "news"}] if item.get("type") == "hello" else [item]),
    "tickets.unreadable": Fault(answers=at("/tickets", lambda *_: (200, {"word": "x"}), "POST"), settings={"need_ticket": False}),
    "tickets.refused": Fault(tickets=lambda ticket, before: "void", also=frozenset({"socket.refused"})),
    "tickets.twice": Fault(tickets=lambda ticket, before: "fresh" if ticket in before else "kept"),
    "tickets.unknown": Fault(tickets=lambda ticket, before: "fresh" if ticket and ticket.startswith("ticket.Zmxvd2ds") else "kept"),
    "tickets.expired": Fault(
        answers=at("/tickets", lambda ask, status, value: (status, {**value, "expires_in": 0.3}), "POST")
    ),
    "tickets.needless": Fault(tickets=lambda ticket, before: "kept" if ticket else "fresh"),
    "tickets.close_code": Fault(closes=lambda code: 1008 if code == 4401 else code),
    "origin.foreign": Fault(foreign=True),
    "cors.origin": Fault(options=OTHER_ORIGIN),
    "cors.preflight": Fault(options=OTHER_ORIGIN, headers={**GRANTED, "access-control-allow-headers": ""}),
    "cors.date": Fault(options=OTHER_ORIGIN, headers={**GRANTED, "access-control-expose-headers": "X-Other"}),
    "csp.none": Fault(policy=""),
    "csp.ws": Fault(policy="connect-src http://127.0.0.1:*"),
    "csp.api": Fault(policy="default-src 'none'; connect-src ws://127.0.0.1:*"),
    "flows.unreadable": Fault(answers=field("/flows", lambda value: {"flows": value})),
    "flows.item": Fault(answers=field("/flows", lambda value: [*value, {"id": 7}])),
    "flow.unreadable": Fault(answers=field("/flows/*", lambda value: {**value, "nodes": [{"id": "a"}]})),
    "flow.id": Fault(answers=field("/flows/*", lambda value: {**value, "id": "else"})),
    "flow.twice": Fault(answers=field("/flows/*", lambda value: {**value, "nodes": [*value["nodes"], value["nodes"][0]]})),
    "flow.edges": Fault(answers=field("/flows/*", lambda value: {**value, "edges": [{"source": "a", "target": "zz"}]})),
    "flow.parents": Fault(
        answers=field("/flows/*", lambda value: {**value, "nodes": [{**each, "parent": each["id"]} for each in value["nodes"]]})
    ),
    "start.unreadable": Fault(answers=at("/flows/*/runs", lambda ask, status, value: (status, {"run_id": 7}), "POST")),
    "start.status": Fault(answers=at("/flows/*/runs", lambda ask, status, value: (200 if status == 201 else status, value), "POST")),
    "seq.missing": Fault(event=on("*", {"seq": None})),
    "seq.start": Fault(numbers=(lambda seq: seq + 1, lambda seq: seq - 1)),
    "seq.gap": Fault(numbers=(lambda seq: seq + (seq >= 3), lambda seq: seq - (seq > 3))),
    "seq.twice": Fault(sends=live(twice_numbered)),
    "seq.order": Fault(sends=live(swaps)),
    "live.duplicate": Fault(sends=live(lambda item, way: [item, item] if item["seq"] == 2 else [item])),
    "live.lost": Fault(sends=live(lambda item, way: [] if item["seq"] == 2 else [item])),
    "sockets.differ": Fault(sends=live(second_loses)),
    "subscribe.late": Fault(sends=live(lambda item, way: [] if item["seq"] == 0 else [item])),
    "event_id.twice": Fault(event=same_id),
    "event.ts": Fault(event=lambda event: {**event, "ts": event["ts"] * 1000}),
    "event.no_ts": Fault(event=on("*", {"ts": None})),
    "run_start.missing": Fault(event=other("run_start")),
    "run_start.flow": Fault(event=on("run_start", {"flow_id": "else"})),
    "node.unstarted": Fault(event=other("start_node", node_id="a")),
    "node.open": Fault(event=other("end_node", node_id="a")),
    "end.missing": Fault(event=other("run_end", status="success"), options={"patience_s": 4.0}),
    "end.twice": Fault(event=other("ChatHTML", "run_end")),
    "end.after": Fault(event=early_end),
    "resume.unknown": Fault(
        sends=lambda item, way: [{**item, "complete": True}] if item.get("run_id") == NO_RUN else [item]
    ),
    "resume.none": Fault(hears=lambda frame, way: None if frame["type"] == "resume" else frame),
    "resume.nowhere": Fault(
        hears=lambda frame, way: None if frame["type"] == "resume" else frame,
        answers=at("/runs/*/events", lambda *_: refusal(404)), also=frozenset({"events.absent"}),
    ),
    "resume.ahead": Fault(
        sends=lambda item, way: [{**item, "complete": True}]
        if item.get("type") == "catch_up" and item["run_id"] != NO_RUN else [item]
    ),
    "resume.catch_up": Fault(sends=catch_up(lambda item: None if item["complete"] else item, None)),
    "resume.range": Fault(sends=catch_up(lambda item: {**item, "to_seq": item["to_seq"] - 1})),
    "resume.lost": Fault(sends=resumed(lambda item, way: [] if item.get("seq") == 2 else [item])),
    "resume.several": Fault(hears=first_alone, options={"grace_s": 1.0}),
    "resume.complete": Fault(sends=catch_up(lambda item: {**item, "complete": False})),
    "resume.extra": Fault(hears=one_back, sends=says_right),
    "resume.differs": Fault(sends=resumed(lambda item, way: [{**item, "more": 1}] if item.get("seq") == 2 else [item])),
    "resume.live": Fault(sends=no_more_live),
    "resume.long": Fault(long=True, sends=of_long(last_goes)),
    "resume.gone": Fault(long=True, sends=of_long(first_go)),
    "events.absent": Fault(answers=at("/runs/*/events", lambda *_: refusal(404))),
    "events.lost": Fault(lines=lambda ask, events: [each for each in events if each["seq"] != 2]),
    "events.differ": Fault(lines=lambda ask, events: [{**each, **({"more": 1} if each["seq"] == 2 else {})} for each in events]),
    "events.after": Fault(query=lambda ask: {**ask.query, "after": "-1"} if ask.path.endswith("/events") else ask.query),
    "events.end": Fault(lines=whole_at_the_end()),
    "run.unreadable": Fault(answers=field("/runs/*", lambda value: {**value, "status": "fine"}, over)),
    "run.flow": Fault(answers=field("/runs/*", lambda value: {**value, "flow_id": None})),
    "run.status": Fault(answers=field("/runs/*", lambda value: {**value, "status": "executing"}, over)),
    "run.no_last_seq": Fault(answers=field("/runs/*", lambda value: {**value, "last_seq": None})),
    "run.last_seq": Fault(answers=field("/runs/*", lambda value: {**value, "last_seq": value.get("last_seq", 0) - 1})),
    "run.results": Fault(answers=field("/runs/*", lambda value: {**value, "results": {}})),
    "run.requirements": Fault(answers=field("/runs/*", lambda value: {**value, "requirements": [{"id": "x"}]}, over)),
    "run.times": Fault(answers=field("/runs/*", lambda value: {**value, "started_at": value["started_at"] * 1000})),
    "run.no_times": Fault(answers=field("/runs/*", lambda value: {**value, "ended_at": None})),
    "runs.unreadable": Fault(answers=field("/runs", lambda value: {"runs": value})),
    "runs.lacks": Fault(answers=field("/runs", lambda value: [each for each in value if each["status"] != "success"])),
    "runs.flow_id": Fault(answers=at("/runs", another_flow)),
    "runs.order": Fault(answers=field("/runs", lambda value: value[::-1])),
    "runs.limit": Fault(query=without("limit")),
    "runs.before": Fault(query=without("before")),
    "runs.status": Fault(query=without("status")),
    "logs.absent": Fault(answers=at("/runs/*/logs", lambda *_: refusal(404))),
    "logs.unreadable": Fault(answers=field("/runs/*/logs", lambda value: {"lines": ["text"], "cursor": 1})),
    "logs.cursor": Fault(query=lambda ask: {} if ask.path.endswith("/logs") else ask.query),
    "stop.refused": Fault(answers=at("/runs/*/stop", lambda *_: refusal(403), "POST")),
    "stop.status": Fault(answers=at("/runs/*/stop", lambda *_: (200, {}), "POST")),
    "stop.no_end": Fault(event=other("run_end", status="killed")),
    "stop.end_status": Fault(event=on("run_end", {"status": "error"}, status="killed")),
    "stop.twice": Fault(answers=END),
    "continue.not_listed": Fault(answers=field("/runs/*", lambda value: {**value, "requirements": []})),
    "continue.not_paused": Fault(answers=field("/runs/*", lambda value: {**value, "status": "executing"}, waits)),
    "continue.refused": Fault(answers=at("/runs/*/continue", lambda *_: refusal(422), "POST")),
    "continue.status": Fault(answers=at("/runs/*/continue", lambda ask, status, value: (200 if status < 300 else status, value), "POST")),
    "continue.twice_refused": Fault(answers=at("/runs/*/continue", answered_before(), "POST")),
    "continue.twice_counted": Fault(event=resolves_again),
    "continue.no_resume": Fault(event=other("resume_start")),
    "continue.unknown": Fault(
        answers=at("/runs/*/continue", lambda ask, status, value: (202, {}) if status == 409 else (status, value), "POST")
    ),
    "errors.status": Fault(answers=lambda ask, status, value: refusal(500) if "no-such" in ask.path else (status, value)),
    "errors.shape": Fault(answers=lambda ask, status, value: (404, {"detail": "Not Found"}) if status == 404 else (status, value)),
    "errors.bad_json": Fault(answers=lambda ask, status, value: refusal(500) if status == 400 else (status, value)),
}  # fmt: skip
"""By the rule that is broken."""
