"""A watcher: what it does with frames and time, by fakes."""

from __future__ import annotations

from typing import Any

from flowglow.watch.watcher import GAP_WAIT_S, Target, Watcher
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp
from pyapp.testing.socket import FakeSockets
from tests.flowglow.watch.truth import differences

Json = dict[str, Any]
HELLO = {"type": "hello", "heartbeat_s": 10, "instance": "one"}


def happened(run_id: str = "r") -> list[Json]:
    events: list[Json] = [
        {"event": "run_start", "flow_id": "demo"},
        {"event": "start_node", "node_id": "a", "order": 0},
        {"event": "RunContent", "content": "one ", "node_id": "a"},
        {"event": "RunContent", "content": "two", "node_id": "a"},
        {"event": "end_node", "node_id": "a", "order": 0, "status": "success"},
        {"event": "run_end"},
    ]
    return [{**each, "run_id": run_id, "seq": seq, "ts": 1_700_000_000.0 + seq} for seq, each in enumerate(events)]


class Bench:
    """A watcher, its time and its sockets."""

    def __init__(self, **target: Any) -> None:
        self.clock, self.sockets, self.http = FakeClock(), FakeSockets(), FakeHttp()
        self.watcher = Watcher(Target("ws://portal.test/ws", **target), self.sockets, self.http, self.clock)
        self.watcher.start()

    def open(self, hello: Json = HELLO) -> None:
        self.sockets.last.accept()
        self.sockets.last.deliver(hello)

    def tell(self, *frames: object) -> None:
        for each in frames:
            self.sockets.last.deliver(each)


async def test_it_knows_what_the_oracle_says() -> None:
    bench = Bench()
    bench.open()
    bench.tell(*happened()[:3], happened()[3:], {"type": "ping"})
    assert differences(bench.watcher.runs[0], happened()) == []
    assert bench.sockets.last.sent_of("pong") == [{"type": "pong"}]
    assert (bench.watcher.counts.events, bench.watcher.counts.duplicates) == (6, 0)


async def test_after_a_break_it_resumes_where_it_was_and_only_what_is_not_over() -> None:
    bench = Bench()
    bench.open()
    bench.tell(happened("over"), *happened()[:3])
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    bench.open()
    assert bench.sockets.last.sent_of("resume") == [{"type": "resume", "runs": {"r": 2}}]
    head = {"type": "catch_up", "run_id": "r", "from_seq": 3, "to_seq": 5, "complete": True}
    bench.tell(head, *happened()[2:])
    assert differences(bench.watcher.runs[1], happened()) == []
    assert bench.watcher.counts.duplicates == 1 and bench.watcher.counts.opened == 2


async def test_a_gap_is_asked_for_at_once_and_given_up_in_time() -> None:
    bench = Bench()
    bench.open()
    bench.tell(happened()[0], happened()[2])
    assert bench.sockets.last.sent_of("resume") == [{"type": "resume", "runs": {"r": 0}}]
    run = bench.watcher.runs[0]
    assert run.record.events == 1
    bench.clock.advance(GAP_WAIT_S)
    assert run.record.events == 2 and run.log.lost == 1
    bench.tell(happened()[1], *happened()[3:])
    assert differences(run, happened()) == []


async def test_what_is_gone_is_not_waited_for() -> None:
    bench = Bench()
    bench.open()
    bench.tell({"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 5, "complete": False}, *happened()[2:])
    assert bench.watcher.runs[0].status == "success" and bench.watcher.runs[0].log.missing() == []


async def test_what_cannot_be_read_uses_its_number() -> None:
    bench = Bench()
    bench.open()
    odd = [{**happened()[1], "order": "first"}, {**happened()[2], "event": "news"}]
    bench.tell("no json", happened()[0], *odd, *happened()[3:])
    counts = bench.watcher.counts
    assert (counts.malformed, counts.unknown, counts.events) == (2, 1, 4)
    assert not bench.watcher.runs[0].log.waiting


async def test_another_instance_is_asked_for_everything_anew() -> None:
    bench = Bench()
    bench.open()
    bench.tell(*happened()[:5])
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    bench.open({**HELLO, "instance": "two"})
    assert bench.sockets.last.sent_of("resume")[-1] == {"type": "resume", "runs": {"r": -1}}
    bench.tell(*happened()[:2])
    assert bench.watcher.runs[0].record.events == 2


async def test_what_was_asked_of_a_history_that_is_gone_says_nothing_of_the_new_one() -> None:
    """It was asked before the server said that it is another one. What happens then is told, thing by thing."""
    bench = Bench()
    bench.open()
    bench.tell(*happened()[:5])
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    steps: list[str] = []
    bench.watcher.on_taken(lambda taken: steps.extend(event.event for event, _ in taken.steps))
    bench.open({**HELLO, "instance": "two"})
    assert bench.sockets.last.sent_of("resume")[0]["runs"] == {"r": 4}
    bench.tell({"type": "catch_up", "run_id": "r", "from_seq": 5, "to_seq": 2, "complete": False})
    bench.tell({"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 2, "complete": True}, happened()[:3])
    bench.tell(happened()[3:])
    assert steps == [each["event"] for each in happened()]


async def test_a_history_that_is_told_anew_takes_the_place_of_the_old_one() -> None:
    bench = Bench()
    bench.open()
    bench.tell(*happened()[:5])
    bench.tell({"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 1, "complete": False})
    assert bench.sockets.last.sent_of("resume")[-1] == {"type": "resume", "runs": {"r": -1}}
    bench.tell(*happened()[:2])
    assert bench.watcher.runs[0].record.events == 2


async def test_a_run_that_was_named_is_the_only_one_that_is_taken_in() -> None:
    bench = Bench(runs=("r",))
    bench.open()
    assert bench.sockets.last.sent == [
        {"type": "subscribe", "run_id": "r"}, {"type": "resume", "runs": {"r": -1}}
    ]  # fmt: skip
    bench.tell(*happened("else"), *happened())
    assert [run.run_id for run in bench.watcher.runs] == ["r"]


async def test_a_flow_is_subscribed_to_by_its_id() -> None:
    bench = Bench(flow="demo")
    bench.open()
    assert bench.sockets.last.sent == [{"type": "subscribe", "flow_id": "demo"}]


async def test_what_the_server_complains_of_is_kept_and_stop_lets_go_of_everything() -> None:
    bench = Bench()
    bench.open()
    bench.tell({"type": "error", "code": "no", "message": "There is no such run."}, happened()[1])
    await bench.watcher.stop()
    assert bench.watcher.told == ["There is no such run."]
    assert bench.sockets.last.closed and bench.watcher.link_state.get().phase == "closed"
    bench.clock.advance(60)
    assert len(bench.sockets.opened) == 1


async def test_whoever_names_runs_asks_to_be_told_of_no_others() -> None:
    """Of a server that tells by flow, and of no other."""
    bench, plain = Bench(runs=("r",)), Bench(runs=("r",))
    bench.open({**HELLO, "flows": True})
    plain.open()
    assert {"type": "subscribe", "flow_id": ""} in bench.sockets.last.sent_of("subscribe")
    assert plain.sockets.last.sent_of("subscribe") == [{"type": "subscribe", "run_id": "r"}]
