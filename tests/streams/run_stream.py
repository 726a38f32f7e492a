"""RunStream: one run that happens, choice by choice, and `build`, which makes its events out of choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.oracle.events import readable

from .choices import Choice, Picker
from .flow import ANNOUNCED, GROUPS, NODES, PARENTS, STEPS

Json = dict[str, Any]
SOURCES: tuple[Json, ...] = (
    {},
    {"source_run_id": "sub1", "agent_id": "a1", "name": "Ada"},
    {"source_run_id": "sub2", "team_id": "t1"},
    {"agent_id": "a2", "node_id": "n3"},
)
"""Who speaks. The last one calls no tools: the contract does not say whose call it would be."""
CARDS = ("confirmation", "user_input", "user_feedback", "external_execution", "route_selection", "output_review")
OUTCOMES = ("success", "success", "error", "killed")


class RunStream:
    """The events of one run as they happen. Each `on_…` method is one kind of choice; it may tell nothing."""

    def __init__(self, run_id: str, words: int = 0) -> None:
        """`words`: how many were used before, so that two histories of a run have none in common."""
        self.run_id = run_id
        self.events: list[Json] = []
        self._words = words
        self._order = 0
        self._numbers = words
        """Of tool calls, cards and messages."""
        self._open: list[tuple[str, int]] = []
        self._begun: set[tuple[str, int]] = set()
        self._calls: list[tuple[Json, Json]] = []
        """Open tool calls: the source, and what their ends will say."""
        self._said: dict[int, str] = {}
        """By source: all its text so far."""
        self._fresh: set[int] = set()
        """Sources that called a tool and said nothing since."""
        self._asked: list[str] = []
        self._sign_ins: list[str] = []
        self.paused = False

    def word(self) -> str:
        self._words += 1
        return f"{self.run_id}w{self._words}z "

    def tell(self, event: str, **fields: Any) -> None:
        self.events.append({"event": event, "run_id": self.run_id, **fields})

    def choose(self, choice: Choice) -> None:
        """Let one choice happen."""
        kind, number = choice
        act: Callable[[Picker], None] = getattr(self, f"on_{kind}")
        act(Picker(number))

    # -- nodes
    def on_start(self, pick: Picker) -> None:
        self._start(pick(STEPS), pick)

    def on_group(self, pick: Picker) -> None:
        self._start(pick(GROUPS), pick, **pick([{}, {"child_count": 2}]))

    def on_beside(self, pick: Picker) -> None:
        """A node that begins with the order of the one before it, under a name of its own; perhaps one nobody lists."""
        node = pick([each for each in ("own", *STEPS) if (each, self._order - 1) not in self._begun] or ["own"])
        if self._order > 0 and (node, self._order - 1) not in self._begun:
            self._order -= 1
            self._start(node, pick, node_name=f"Step {node}", order=self._order)
        pick([lambda: None, lambda: self.tell("RunContent", content=self.word(), agent_id="a3", node_id="own")])()

    def on_again(self, pick: Picker) -> None:
        """A loop: a node runs once more, perhaps while it still runs."""
        before = [
            each for each in self.events if each["event"] == "start_node" and isinstance(each.get("node_id"), str)
        ]
        if before:
            self._start(pick(before)["node_id"], pick, iteration=len(before))

    def _start(self, node: str, pick: Picker, **fields: Any) -> None:
        self._work()
        order = pick([{"order": self._order}, {}]) if "order" not in fields else {}
        parent = (PARENTS | ANNOUNCED).get(node)
        named = (
            {"parent_node_id": parent}
            if node in ANNOUNCED
            else pick([{}, {"parent_node_id": parent}] if parent else [{}])
        )
        given = {"input": {"value": self.word().strip()}} if self._order % 2 else {}
        self.tell("start_node", node_id=node, **order, **named, **given, **fields)
        self._open.append((node, self._order))
        self._begun.add((node, self._order))
        self._order += 1

    def on_end(self, pick: Picker) -> None:
        if not self._open:
            return
        node, order = pick(self._open)
        latest = order == max(each for name, each in self._open if name == node)
        self._open.remove((node, order))
        status = pick(OUTCOMES)
        word = self.word().strip()
        fields = pick([{"content": word}, {"content": {"value": word}}, {"content": [word, 1]}, {}])
        if status == "error":
            fields = {"error": word}
        if pick([False, True]):
            fields["variables"] = {"name": self.word().strip()}
        named = {"parent_node_id": ANNOUNCED[node]} if node in ANNOUNCED else {}
        numbered = pick([{"order": order}, {}]) if latest else {"order": order}
        self.tell("end_node", node_id=node, status=status, **numbered, **named, **fields, **self._usage())

    # -- tools
    def on_tool(self, pick: Picker) -> None:
        """A call, with an id or without; its end comes by `on_tool_end`, or never."""
        source = pick(range(len(SOURCES) - 1))
        self._work()
        self._numbers += 1
        node = pick([each for each, _ in self._open] or NODES)
        by = {key: SOURCES[source][key] for key in ("source_run_id",) if key in SOURCES[source]}
        named = pick([{"tool_call_id": f"t{self._numbers}"}, {}])
        tool = {"node_id": node, "tool_name": pick(["search", "read"]), **named, **by}
        self.tell("start_tool", tool_args={"q": self.word().strip()}, **tool)
        self._fresh.add(source)
        self._calls.append(({"source": source}, tool))

    def on_tool_end(self, pick: Picker) -> None:
        if not self._calls or self.paused:
            return
        by, tool = pick(self._calls)
        if "tool_call_id" not in tool:  # the oldest of that name on that node is the one that ends
            by, tool = next(
                (whose, each)
                for whose, each in self._calls
                if "tool_call_id" not in each
                and (each["node_id"], each["tool_name"]) == (tool["node_id"], tool["tool_name"])
            )
        if (
            any(
                "tool_call_id" in each and (each["node_id"], each["tool_name"]) == (tool["node_id"], tool["tool_name"])
                for _, each in self._calls
            )
            and "tool_call_id" not in tool
        ):
            return  # one with an id of that name is open too: which one ends is not said
        self._calls.remove((by, tool))
        told = pick(
            [{"status": "success", "result": self.word().strip()}, {"status": "error", "error": self.word().strip()}]
        )
        self.tell(pick(["end_tool", "TeamToolCallCompleted"]), **tool, **told, **self._usage())

    def _usage(self) -> Json:
        """What every second end tells of tokens, each a number of its own."""
        place = len(self.events)
        return {"usage": {"input_tokens": 1 << place % 40, "output_tokens": place}} if place % 2 else {}

    # -- words
    def on_text(self, pick: Picker) -> None:
        source = pick(range(len(SOURCES)))
        self._say(source, self.word())

    def on_emoji(self, pick: Picker) -> None:
        """A character whose halves come in two chunks; between them others may speak."""
        source = pick(range(len(SOURCES)))
        self._say(source, self.word() + "\ud83d")
        pick([lambda: None, lambda: self._say((source + 1) % len(SOURCES), self.word())])()
        self._say(source, "\ude00" + self.word())

    def on_snapshot(self, pick: Picker) -> None:
        """All that a source has said, or other words instead; not while the contract leaves its bubble open."""
        source = pick([each for each in self._said if each not in self._fresh] or [-1])
        if source >= 0:
            text = pick([self._said[source] + self.word(), self.word() + self.word(), self._said[source]])
            self._said[source] = ""
            self._say(source, text, mode="snapshot")

    def _say(self, source: int, text: str, **fields: Any) -> None:
        self._work()
        self._said[source] = self._said.get(source, "") + text
        self._fresh.discard(source)
        name = "TeamRunContent" if "team_id" in SOURCES[source] else "RunContent"
        self.tell(name, content=text, **SOURCES[source], **fields)

    def on_thought(self, pick: Picker) -> None:
        if not self.paused:
            name = pick(["ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent"])
            self.tell(name, content=self.word(), **pick(SOURCES))

    def on_html(self, pick: Picker) -> None:
        """A report, sometimes one that replaces an earlier one."""
        if not self.paused:
            message = pick([{"message_id": "report"}, {"message_id": "other"}, {}])
            self.tell("ChatHTML", html=f"<p>{self.word().strip()}</p>", **message)

    # -- people
    def on_pause(self, pick: Picker) -> None:
        asked = []
        for _ in range(pick([1, 2])):
            self._numbers += 1
            asked.append({"id": f"{self.run_id}q{self._numbers}", "kind": pick(CARDS), "choices": ["left", "right"]})
        self._asked += [each["id"] for each in asked]
        self.paused = True
        node = pick([{"node_id": each} for each, _ in self._open] or [{}])
        self.tell("AgentPaused", requirements=asked, **node)

    def on_resume(self, pick: Picker) -> None:
        if self.paused:
            resolved = pick([{"resolved": self._asked[:1]}, {"resolved": list(self._asked)}, {}])
            self._asked = [each for each in self._asked if each not in resolved.get("resolved", self._asked)]
            self.paused = False
            self.tell("resume_start", **resolved)

    def on_pause_again(self, pick: Picker) -> None:
        if self._asked and not self.paused:
            self.paused = True
            self.tell("resume_end", status="paused")

    def on_sign_in(self, pick: Picker) -> None:
        self._numbers += 1
        self._sign_ins.append(f"{self.run_id}i{self._numbers}")
        self._sign_in(self._sign_ins[-1])

    def on_signed_in(self, pick: Picker) -> None:
        if self._sign_ins:
            self._sign_in(self._sign_ins.pop(0), status=pick(["completed", "failed", "expired"]))

    def _sign_in(self, name: str, **fields: Any) -> None:
        url = "https://sign-in.portal.example/"
        self.tell("interaction_event", interaction="oauth", interaction_id=name, auth_url=url, **fields)

    def _work(self) -> None:
        """A start, a tool and text show that a paused run goes on."""
        self.paused = False

    # -- what is not by the contract
    def on_unknown(self, pick: Picker) -> None:
        self.tell("something_new", node_id=pick(NODES))

    def on_malformed(self, pick: Picker) -> None:
        self.tell(**pick([
            {"event": "start_node", "order": 3},
            {"event": "start_node", "node_id": "n0", "order": True},
            {"event": "end_node", "node_id": "n0", "status": "fine"},
            {"event": "RunContent"},
            {"event": "AgentPaused", "requirements": "none"},
        ]))  # fmt: skip

    # -- the end of the run
    def finish(self, ending: Choice) -> None:
        """How the run ends, and what comes after its end; `none`: it lives on."""
        kind, number = ending
        pick = Picker(number)
        if kind == "none":
            return
        status = pick([{}, {"status": "success"}, {"status": "error", "error": "It broke."}, {"status": "killed"}])
        self.tell(kind, **status)
        for _ in range(pick([0, 0, 1, 2])):
            pick([self._late_end, self._late_start, self._late_text, self._other_end])()

    def _late_end(self) -> None:
        if self._open:
            node, order = self._open.pop()
            self.tell("end_node", node_id=node, order=order, status="success", content=self.word().strip())

    def _late_start(self) -> None:
        self.tell("start_node", node_id="n2", order=self._order)
        self._order += 1

    def _late_text(self) -> None:
        self.tell("RunContent", content=self.word())

    def _other_end(self) -> None:
        self.tell("run_end", status="error")


def build(
    run_id: str, choices: Sequence[Choice], ending: Choice, *, started: bool = True, words: int = 0
) -> list[Json]:
    """The events of one run, with numbers; without `started` there is no `run_start`."""
    stream = RunStream(run_id, words)
    if started:
        stream.tell("run_start", flow_id="demo")
    for choice in choices:
        stream.choose(choice)
    stream.finish(ending)
    if not any(map(readable, stream.events)):
        stream.on_text(Picker(0))
    return [{**event, "seq": seq} for seq, event in enumerate(stream.events)]
