"""The rules: each thing that a backend can fall short in, with where the contract says so, and what to do.

Words alone. docs/conformance.md has the same table; a test arms a fault for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["must", "should", "note"]
LEVELS: tuple[Level, ...] = ("must", "should", "note")
"""must: the page shows something wrong, or loses something. should: it works, less well. note: good to know."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is expected. `section` is that of docs/contract.md."""

    level: Level
    section: str
    expected: str
    advice: str


RULES: dict[str, Rule] = {
    "socket.refused": Rule(
        "must",
        "§1",
        "a socket opens at the page's address for it, and stays open",
        "Accept the handshake: without a socket the page shows nothing. Is --ws the right address? What it wants of a page name with --origin, --ticket, --token or --header.",
    ),
    "socket.redirected": Rule(
        "must",
        "§1",
        "a socket opens at its address itself",
        "Accept the handshake where it is asked for, or name the address that it leads to with --ws and on the page: browsers follow no redirect of a WebSocket.",
    ),
    "http.unanswered": Rule(
        "must",
        "§2",
        "every call is answered",
        "Answer, with an error where it cannot be done: the page waits for it, and what it shows stays empty. Without an answer to POST /tickets no socket opens: say 404 where there are no tickets.",
    ),
    "http.too_large": Rule(
        "must",
        "§2",
        "an answer has an end, and at most 64 MiB, unpacked",
        "Answer in smaller parts, or with less: no more is read of an answer, so that the page learns nothing from it.",
    ),
    "http.redirected": Rule(
        "must",
        "§2",
        "a call is answered by the origin it is made to",
        "Answer it there, or name the other address with --api and on the page: a browser takes no token along to another origin, and the page's policy may not let it go there.",
    ),
    "hello.missing": Rule(
        "should",
        "§1 Control frames, server → page",
        "`hello` is the first frame of a socket",
        'Send {"type": "hello", "protocol": 1, "heartbeat_s": …, "instance": …} as soon as a socket opens.',
    ),
    "hello.protocol": Rule("should", "§1 Control frames, server → page", "`protocol` is 1", "Say 1, or leave it out."),
    "hello.no_heartbeat": Rule(
        "should",
        "§1 Control frames, server → page",
        "`heartbeat_s` promises a frame at least that often",
        "Promise one (10 is good) and send `ping` when nothing else is due: without it a dead link is found only by asking over HTTP.",
    ),
    "hello.no_instance": Rule(
        "note",
        "§1 Control frames, server → page",
        "`instance` changes when numbers of runs may have begun again",
        "Needed only where a restart of the server forgets runs or their numbers.",
    ),
    "hello.unreadable": Rule(
        "must",
        "§1 Control frames, server → page",
        "`hello` with the fields of the contract",
        "Send each field with the type that the contract gives it; the page drops a `hello` it cannot read.",
    ),
    "instance.differs": Rule(
        "should",
        "§1 Control frames, server → page",
        "`instance` is the same on every socket of one history",
        "Name what keeps the runs, not the process that answers: with another value the page doubts each history, and asks for it from its beginning.",
    ),
    "subprotocol.other": Rule(
        "must",
        "§2, the socket's subprotocols",
        "`flowglow.1` is selected, or none",
        "Answer `Sec-WebSocket-Protocol: flowglow.1`; browsers refuse a socket that selects anything else.",
    ),
    "subprotocol.none": Rule(
        "must",
        "§2, the socket's subprotocols",
        "`flowglow.1` is selected",
        "Answer `Sec-WebSocket-Protocol: flowglow.1`: browsers close a socket that offered some and got none (the Fetch standard says so); other clients take it.",
    ),
    "subprotocol.ticket": Rule(
        "must",
        "§2, the socket's subprotocols",
        "`flowglow.1` is selected, or none",
        "Select `flowglow.1`: what is selected is written into logs.",
    ),
    "heartbeat.too_long": Rule(
        "must",
        "§1 Control frames, server → page",
        "a promise of less than 20 s",
        "Promise 10: the page gives a link up after 20 s of silence at the latest, and would connect again and again.",
    ),
    "heartbeat.closed": Rule(
        "must",
        "§1 Control frames, server → page",
        "an idle socket stays open",
        "Leave it open; the page would be away for a moment each time. A proxy in between may have closed it: send `ping` more often.",
    ),
    "heartbeat.broken": Rule(
        "must",
        "§1 Control frames, server → page",
        "some frame as often as `hello` promised",
        "Send `ping` on each socket after half of that time; the page gives such a link up for dead.",
    ),
    "heartbeat.late": Rule(
        "should",
        "§1 Control frames, server → page",
        "some frame as often as `hello` promised",
        "Send `ping` after half of that time; the rest is for the way.",
    ),
    "tolerance.closed": Rule(
        "must",
        "§1 Page → server",
        "a frame that is not understood is skipped, or answered with `error`; the socket stays open",
        "Ignore unknown types, fields and runs: a page of a later version would connect for ever.",
    ),
    "frame.too_large": Rule(
        "must",
        "§1 Control frames, server → page",
        "no frame is larger than 1 MiB",
        "Split a catch-up into batches; the page drops such a frame.",
    ),
    "frame.flood": Rule(
        "must",
        "§1",
        "a page can keep up with what comes over its socket",
        "Send each event once. If there is only so much going on, check this backend while less is: what came was more than is kept, so nothing more was read.",
    ),
    "frame.binary": Rule(
        "must", "§1", "UTF-8 text frames", "Send text frames; the page counts binary ones as malformed."
    ),
    "frame.malformed": Rule(
        "must",
        "§1",
        "every frame is one JSON object, or an array of them, and each event has the fields of the contract",
        "Correct what the sentence names; the page skips the item and shows it in its inspector.",
    ),
    "frame.unknown": Rule(
        "note",
        "§1 The 17 events",
        "names that the contract has",
        "The page counts it and skips it; harmless if that is meant.",
    ),
    "tickets.unreadable": Rule(
        "must",
        "§2 POST /tickets",
        "{ticket, expires_in}, or 404 where there are none",
        "Answer 404 where there are none; anything else stops the page.",
    ),
    "tickets.twice": Rule("must", "§2 POST /tickets", "a ticket opens one socket", "Use it up as it is read."),
    "tickets.unknown": Rule("must", "§2 POST /tickets", "a ticket that was never issued opens nothing", "Look it up."),
    "tickets.expired": Rule(
        "must", "§2 POST /tickets", "a ticket is over after `expires_in` seconds", "Keep its time."
    ),
    "tickets.refused": Rule(
        "must",
        "§2 POST /tickets",
        "a fresh ticket opens a socket",
        "Read it from the subprotocol `ticket.<base64url, without padding>`.",
    ),
    "tickets.needless": Rule(
        "note",
        "§2 POST /tickets",
        "no socket opens without a ticket where there are tickets",
        "Refuse it with close code 4401, unless cookies or the network protect it already.",
    ),
    "tickets.close_code": Rule(
        "should",
        "§1, close codes",
        "a refusal is a close code, 4401 or 4403",
        "Accept the handshake and close with 4401: browsers tell a page nothing of a handshake that failed, and it would try for ever instead of asking for a sign-in.",
    ),
    "origin.foreign": Rule(
        "should",
        "docs/security.md",
        "a page of a foreign origin opens no socket",
        "Compare Origin with a list and close with 4403: browsers send cookies along from any page. (With a ticket in each socket it matters less.)",
    ),
    "cors.origin": Rule(
        "must",
        "§3 CORS is the backend's to grant",
        "`Access-Control-Allow-Origin` names the page's origin",
        "Send it with every answer, errors too: the browser keeps the answer from the page otherwise.",
    ),
    "cors.preflight": Rule(
        "must",
        "§3 CORS is the backend's to grant",
        "OPTIONS allows POST with `Content-Type`",
        "Answer 2xx with `Access-Control-Allow-Headers: content-type`; nothing can be started or answered otherwise.",
    ),
    "cors.date": Rule(
        "note",
        "§3 CORS is the backend's to grant",
        "`Access-Control-Expose-Headers: Date`",
        "With it the page knows the server's clock, where events bear no `ts`.",
    ),
    "csp.none": Rule(
        "should",
        "§3 the page's CSP",
        "the page comes with a policy",
        "Serve what `make dist` built: its index.html has one.",
    ),
    "csp.ws": Rule(
        "must",
        "§3 the page's CSP",
        "`connect-src` lets the socket through",
        "List the origin under `origins` in [portal] of pyscript.toml, and build again.",
    ),
    "csp.api": Rule(
        "must",
        "§3 the page's CSP",
        "`connect-src` lets the API through",
        "List the origin under `origins` in [portal] of pyscript.toml, and build again.",
    ),
    "flows.unreadable": Rule(
        "must",
        "§2 GET /flows",
        "200 and an array of {id, name}",
        "Answer with an array; without it no flow can be chosen.",
    ),
    "flows.item": Rule(
        "must",
        "§2 GET /flows",
        "each flow has `id` and `name`, both text",
        "Give it both; the page leaves out what it cannot read.",
    ),
    "flow.unreadable": Rule(
        "must",
        "§2 GET /flows/{id}",
        "{id, name, nodes: [{id, handle, path, …}], edges: [{source, target}]}",
        "Without a graph the canvas stays empty; a node that cannot be read is left out.",
    ),
    "flow.id": Rule(
        "must",
        "§2 GET /flows/{id}",
        "`id` is the one that was asked for",
        "Give the id that was asked for: events and runs name the flow by it.",
    ),
    "flow.twice": Rule(
        "must",
        "§2 GET /flows/{id}",
        "each node's `id` stands once",
        "Name them apart; of two nodes with one id the page shows the first.",
    ),
    "flow.edges": Rule(
        "should",
        "§2 GET /flows/{id}",
        "each edge joins two of the nodes",
        "Leave such edges out, or list the node; the page does not draw them.",
    ),
    "flow.parents": Rule(
        "should",
        "§2 GET /flows/{id}",
        "`parent` names another node, and no circle",
        "Correct it; the page draws such a node at the top level.",
    ),
    "start.unreadable": Rule(
        "must",
        "§2 POST /flows/{id}/runs",
        "201 and {run_id}, a text",
        'Answer {"run_id": "…"}: without it nobody can run this flow. Where it wants an input name one with --input; another flow with --flow.',
    ),
    "start.status": Rule(
        "should",
        "§2 POST /flows/{id}/runs",
        "201",
        "Answer 201; the page takes any 2xx, other clients of the contract need not.",
    ),
    "seq.missing": Rule(
        "should",
        "§1 Fields common to every event",
        "every event bears `seq`",
        "Number the events of each run from 0: without it the page can ask for nothing that it missed.",
    ),
    "seq.order": Rule(
        "should",
        "§1 Fields common to every event",
        "events of a run are sent in the order of their numbers",
        "Send in order; what is early waits in the page for the rest.",
    ),
    "seq.start": Rule(
        "must",
        "§1 Fields common to every event",
        "`seq` starts at 0",
        "Begin with 0: the page waits for what is below the first number, and says that it was lost.",
    ),
    "seq.gap": Rule(
        "must",
        "§1 Fields common to every event",
        "numbers are consecutive, unless `hello` says `sparse`",
        'Close the gaps, or say "sparse": true in `hello`; the page waits for each of them and says that it was lost.',
    ),
    "seq.twice": Rule(
        "must",
        "§1 Fields common to every event",
        "a number is given to one event of a run",
        "Number events atomically where they are kept; the page drops the second as a duplicate.",
    ),
    "event_id.twice": Rule(
        "must",
        "§1 Fields common to every event",
        "`event_id` is unique",
        "Give each event an id of its own, or none; the page drops the second as a duplicate.",
    ),
    "event.ts": Rule(
        "must",
        "§1 Fields common to every event",
        "`ts` is seconds since the epoch",
        "Divide by 1,000: these are milliseconds.",
    ),
    "event.no_ts": Rule(
        "note",
        "§1 Fields common to every event",
        "`ts` tells when it happened",
        "Add it: without it durations are measured by when events arrive, also after a reconnect.",
    ),
    "run_start.missing": Rule(
        "should",
        "§1 The 17 events",
        "`run_start` is a run's first event",
        "Send it first: it clears the canvas and locks the editor.",
    ),
    "run_start.flow": Rule(
        "should",
        "§1 The 17 events",
        "`run_start` names its flow",
        "Name it: a page that shows another flow would draw the run there.",
    ),
    "node.open": Rule(
        "should",
        "§1 The 17 events",
        "every node that started ends before its run does",
        "Send its `end_node`, with `implied` true where nobody knows how it ended; the page shows it as not reported.",
    ),
    "node.unstarted": Rule(
        "should",
        "§1 The 17 events",
        "an `end_node` follows a `start_node` of its node",
        "Send the start, so that the node is seen at work.",
    ),
    "end.missing": Rule(
        "must",
        "§6 Ends",
        "a run that is over sends `run_end`",
        "Send it in every case, also when the flow raises; else the page asks, and in the end does not know. A flow that takes longer needs --patience.",
    ),
    "end.twice": Rule(
        "must",
        "§6 Ends",
        "one terminal event (`run_end`, or a `resume_end` other than paused)",
        "Send one; the first counts, whatever the second says.",
    ),
    "end.after": Rule(
        "should",
        "§6 Ends",
        "nothing comes after the terminal event",
        "Send the end last: what comes later changes no class on the canvas.",
    ),
    "live.lost": Rule(
        "must",
        "§1",
        "every event of a run reaches a socket that subscribed to it",
        "Follow the run from the moment of `subscribe` without a hole; the page waits 2 s for each.",
    ),
    "live.duplicate": Rule(
        "should",
        "§1 Fields common to every event",
        "an event is sent once to a socket",
        "The page drops it; it costs bandwidth, and hides mistakes.",
    ),
    "sockets.differ": Rule(
        "must",
        "§1",
        "two sockets that subscribed to a run get the same events",
        "Number an event once, where it is kept, and send what is kept to every socket.",
    ),
    "subscribe.late": Rule(
        "should",
        "§1 Page → server",
        "`subscribe` right after Play brings the run from its first event",
        "Send what is kept of the run when somebody subscribes to it; the page must ask for it otherwise.",
    ),
    "resume.unknown": Rule(
        "should",
        "§1 Control frames, server → page",
        "`resume` of a run that is not there: nothing, or `complete` false",
        "Say `complete: false`; the page then knows that what is missing is gone for good.",
    ),
    "resume.none": Rule(
        "should",
        "§1 Page → server, `resume`",
        "`resume` is answered with what was missed",
        "Send `catch_up` and the events behind the number; the page asks over HTTP otherwise.",
    ),
    "resume.nowhere": Rule(
        "must",
        "§1 Page → server, `resume`",
        "what was missed can be had by `resume` or over HTTP",
        "Have one of them: a page that was away for a second shows a run with holes otherwise.",
    ),
    "resume.ahead": Rule(
        "should",
        "§1 Control frames, `catch_up`",
        "a number that was never given: `complete` false, `to_seq` the last",
        "Say so: this is how the page learns that a history has begun again.",
    ),
    "resume.catch_up": Rule(
        "should",
        "§1 Control frames, `catch_up`",
        "`catch_up` comes before the events that were missed",
        "Announce them: the page then shows the final state at once, and plays no delays.",
    ),
    "resume.lost": Rule(
        "must",
        "§1 Page → server, `resume`",
        "every event behind the number that was named",
        "Send all that is kept; where some are gone say `complete: false` and begin with `from_seq`.",
    ),
    "resume.extra": Rule(
        "should",
        "§1 Page → server, `resume`",
        "only events behind the number that was named",
        "Begin behind the number that the page names; it has all up to it.",
    ),
    "resume.long": Rule(
        "must",
        "§1 Control frames, `catch_up`",
        "all that `catch_up` announces comes",
        "Send the whole of it, in frames below 1 MiB.",
    ),
    "resume.live": Rule(
        "must",
        "§1 Page → server, `resume`",
        "behind what was missed the events of a run that was resumed go on",
        "Take `resume` as a subscription, and hand over from the kept events to live ones without a hole.",
    ),
    "resume.several": Rule(
        "must",
        "§1 Page → server, `resume`",
        "each run that one frame names is caught up with",
        "Go through all of `runs`: a page that comes back to several runs names them in one frame.",
    ),
    "resume.complete": Rule(
        "must",
        "§1 Control frames, `catch_up`",
        "`complete` is true where nothing is gone",
        "Say true: the page tells people that events are lost.",
    ),
    "resume.differs": Rule(
        "must",
        "§6 Twice",
        "an event that is told again is the same",
        "Keep events as they were sent; the page keeps the one that came first.",
    ),
    "resume.range": Rule(
        "must",
        "§1 Control frames, `catch_up`",
        "`from_seq` and `to_seq` are the first and the last number that follow",
        "Name the first and the last number that follow; the page holds back its picture until the last.",
    ),
    "resume.gone": Rule(
        "must",
        "§1 Control frames, `catch_up`",
        "`complete` is false where the first events are gone",
        "Say false; the page waits for the numbers from 0 on otherwise.",
    ),
    "events.absent": Rule(
        "must",
        "§2 GET /runs/{id}/events",
        "200 and a line of JSON for each event",
        "Add it: the page fills gaps by it where the socket cannot.",
    ),
    "events.lost": Rule(
        "must", "§2 GET /runs/{id}/events", "every event of the run", "Keep an event before it is sent."
    ),
    "events.differ": Rule(
        "must",
        "§6 Twice",
        "an event is told the same way everywhere",
        "Keep events as they are sent; the page keeps the one that came first.",
    ),
    "events.after": Rule(
        "must", "§2 GET /runs/{id}/events", "`after=` gives what is behind that number", "Leave out what the page has."
    ),
    "events.end": Rule(
        "must",
        "§2 GET /runs/{id}/events",
        "`after=` the last number gives 200 and nothing",
        "Answer 200 without a line: whoever has everything asks so, and would be told the whole history each time.",
    ),
    "run.unreadable": Rule(
        "must",
        "§2 GET /runs/{id}",
        "{run_id, flow_id, status, started_at, …}",
        "Answer as the contract says; without it a silent run can never be verified.",
    ),
    "run.flow": Rule(
        "should",
        "§2 GET /runs/{id}",
        "`flow_id` names the run's flow",
        "Name the flow: a click on the run's row loads it.",
    ),
    "run.status": Rule(
        "must",
        "§2 GET /runs/{id}",
        "`status` is what the run's end said",
        "Set it before or with the terminal event: the page asks at once.",
    ),
    "run.no_last_seq": Rule(
        "should",
        "§2 GET /runs/{id}",
        "`last_seq` is the number of the last event",
        "Add it: it says how new the answer is, and how the page learns that it missed the end.",
    ),
    "run.results": Rule(
        "should",
        "§2 GET /runs/{id}",
        "`results` has each node that ended, with its status",
        "Add them: a page that joins late, or whose events are gone, shows outputs from them.",
    ),
    "run.requirements": Rule(
        "should", "§2 GET /runs/{id}", "no open requirement once the run is over", "List open ones only."
    ),
    "run.no_times": Rule(
        "should",
        "§2 GET /runs/{id}",
        "`started_at`, and `ended_at` once it is over",
        "Add them: the list of runs shows when a run began and how long it took.",
    ),
    "run.last_seq": Rule(
        "must",
        "§2 GET /runs/{id}",
        "`last_seq` is the number of the last event",
        "Give the highest number: a lower one says that the history began again, a higher one that events are missing.",
    ),
    "run.times": Rule(
        "must",
        "§2 GET /runs/{id}",
        "times are seconds since the epoch",
        "Give a number of seconds; what is no such number is as if it had not been sent.",
    ),
    "runs.limit": Rule(
        "note",
        "§2 GET /runs",
        "`limit=` chooses",
        "A backend may ignore it; with it, people find old runs, and what waits, without loading all.",
    ),
    "runs.before": Rule(
        "note",
        "§2 GET /runs",
        "`before=` chooses",
        "A backend may ignore it; with it, people find old runs, and what waits, without loading all.",
    ),
    "runs.status": Rule(
        "note",
        "§2 GET /runs",
        "`status=` chooses",
        "A backend may ignore it; with it, people find old runs, and what waits, without loading all.",
    ),
    "runs.unreadable": Rule(
        "must",
        "§2 GET /runs",
        "an array of runs, each as GET /runs/{id} gives it",
        "Answer with an array; a run that cannot be read is left out.",
    ),
    "runs.lacks": Rule(
        "must",
        "§2 GET /runs",
        "a run that was just started is among the newest 50",
        "List a run from its 201 on: after a reconnect the page finds by it what is not over.",
    ),
    "runs.flow_id": Rule(
        "must", "§2 GET /runs", "`flow_id=` gives that flow's runs alone", "This one parameter must not be ignored."
    ),
    "runs.order": Rule("should", "§2 GET /runs", "newest first", "Sort by `started_at`, falling."),
    "logs.absent": Rule(
        "should",
        "§2 GET /runs/{id}/logs",
        "{lines, cursor}",
        'Answer {"lines": [], "cursor": 0} at least; the page asks while the run is in front.',
    ),
    "logs.cursor": Rule(
        "must",
        "§2 GET /runs/{id}/logs",
        "behind the cursor stand only lines that were not given before",
        "Let the cursor count what was given; the page adds every line it gets.",
    ),
    "logs.unreadable": Rule(
        "must",
        "§2 GET /runs/{id}/logs",
        "{lines: [{ts, level, node_id?, text}], cursor}",
        "Answer as the contract says.",
    ),
    "stop.refused": Rule(
        "must", "§2 POST /runs/{id}/stop", "202", "Take it for any run that is known, also one that is over already."
    ),
    "stop.status": Rule("should", "§2 POST /runs/{id}/stop", "202", "Answer 202."),
    "stop.twice": Rule(
        "should",
        "§2 POST /runs/{id}/stop",
        "202 for a run that is over already",
        "Take it: two people may press Stop, and the page would show the second one an error.",
    ),
    "stop.no_end": Rule(
        "must",
        "§2 POST /runs/{id}/stop",
        "a run that is stopped sends its terminal event",
        "Send `run_end` with `status` killed; the page shows “stopping” until it comes.",
    ),
    "stop.end_status": Rule(
        "should",
        "§2 POST /runs/{id}/stop",
        "it ends with `status` killed",
        "Say killed: error means that something failed.",
    ),
    "continue.unknown": Rule(
        "should",
        "§2 POST /runs/{id}/continue",
        "an answer that nobody waits for is refused (409 or 404)",
        "Refuse it, so that the page can say that it came too late.",
    ),
    "continue.not_listed": Rule(
        "must",
        "§2 GET /runs/{id}, `requirements`",
        "what a run waits for is listed",
        "List open requirements as `AgentPaused` has them: a page that comes later shows its cards from there.",
    ),
    "continue.not_paused": Rule(
        "should",
        "§2 GET /runs/{id}, `status`",
        "a run that waits is paused",
        "Say paused; lists of what waits ask for that status.",
    ),
    "continue.refused": Rule(
        "should",
        "§2 POST /runs/{id}/continue",
        "an answer of the contract's shape is taken",
        "If the values were wrong for this flow, all is well; else read each kind's field as the contract names it.",
    ),
    "continue.status": Rule("should", "§2 POST /runs/{id}/continue", "202", "Answer 202."),
    "continue.twice_refused": Rule(
        "must",
        "§2 POST /runs/{id}/continue",
        "the same answer a second time is taken as the first",
        "Compare with the answer that is kept: a page sends again what it does not know to have arrived.",
    ),
    "continue.twice_counted": Rule(
        "must",
        "§2 POST /runs/{id}/continue",
        "the same answer twice is one answer",
        "Take the first, and let the second do nothing.",
    ),
    "continue.no_resume": Rule(
        "should",
        "§1 resume_start",
        "`resume_start` says that the run goes on",
        "Send it, with the ids in `resolved`: cards close by it.",
    ),
    "errors.bad_json": Rule(
        "should",
        "§2 Errors",
        "4xx for a body that is no JSON",
        "Refuse it: 5xx says that the server failed, 2xx that all is well.",
    ),
    "errors.status": Rule(
        "must",
        "§2 Errors",
        "404 for what does not exist",
        "Answer 404: the page asks again and again after a 5xx, and believes a 200.",
    ),
    "errors.shape": Rule(
        "must", "§2 Errors", '{"error": {"code", "message"}}', "Give both; the message is shown to people as it is."
    ),
}
