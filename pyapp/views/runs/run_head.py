"""RunHeadView: the run in front on one line: how it is, of which flow, since when, how long, and what it was given.

How it is stands over the canvas, too, with how far it is: both are said of one row, in one turn of a frame.
"""

from __future__ import annotations

from ...locale.display import exact_time
from ...stores.rows import RunRow
from ..context import View, ViewContext
from ..parts import Told, note

LIVELY = 8
"""While more nodes execute they glow without moving: each one that moves is a layer of its own, in every frame."""


class RunHeadView(View):
    """Owns the head over the canvas, there without a run too, so that nothing moves when one begins; and the words in
    the canvas's bar.
    """

    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create = self.create
        self._chip = create("span", "chip")
        self._state = Told(create("span", "canvas-state", data_state="none"))
        self._ground = Told(self.document.region("canvas"))
        self._name = Told(create("strong", "run-head-name"))
        self._started = Told(create("time", "run-head-time"))
        self._elapsed = self.elapsed("run-head-elapsed")
        self._seen = self.elapsed("run-head-seen", "run.last_seen")
        self._given = Told(create("span", "run-head-given"))
        self._again = self.parts.button(self.words("run.again"), "repeat", "quiet", data_run_again="")
        times = (self._started.element, self._elapsed.element, self._seen.element)
        parts = (self._name.element, *times, self._given.element)
        words = self.words("head.link")
        does = {"type": "button", "data_link": "", "aria_label": words, "title": words}
        self._link = self.create("button", "quiet zone-tool", self.parts.icon("copy"), **does)
        self.document.region("run-head").replaceChildren(self._chip, *parts, self._again, self._link)
        self.document.region("canvas-bar").prepend(self._state.element)
        self._shown: tuple[str, str, str] | None = None
        """Whose status the chip says, which, and in which words."""
        self._away: bool | None = None
        self.on("run-head", "click", "[data-run-again]", lambda _: self.commands.again(self.front))
        self.on("run-head", "click", "[data-link]", lambda _: self.document.copy(context.platform.address.link()))
        again = self.shows(self._draw, self.stores.front, self.stores.graph, self.stores.flows, self.stores.today)
        say = self.shows(self._say, self.stores.front, self.stores.graph)
        self.follows_row(again)
        self.follows(self.stores.away, lambda runs: again() if self.front in runs else None)
        self.follows_run(say)
        self.follows_front(self.stores.mock, say)
        self.follows_front(self.stores.groups, say)

    def clear(self) -> None:
        self._shown = None

    def _draw(self) -> None:
        row, graph = self.stores.runs.get(self.front), self.stores.graph.get()
        description = "" if graph is None or row is not None else graph.flow.description or ""
        self._name.say(self._title(row))
        started_at = row.started_at if row is not None else None
        self._started.say(self.parts.when(started_at))
        self._started.note("title", exact_time(started_at) or None)
        away = self.stores.away.get(self.front)
        times = (row.since, row.ended_at) if row else (None, None)
        self._elapsed.show(*times, live=bool(row and not row.over), away=away)
        self._seen.show_away(away)
        if self._away != (said := away is not None and away.said):
            self._away = said
            self.document.root_attribute("data-away", str(said).lower())
        given = (row.input or "") if row is not None else description
        self._given.say(given)
        self._given.note("title", given or None)
        self._again.hidden = row is None or not row.repeatable or not self.context.settings.may_act
        self._link.hidden = row is None or not row.known

    def _say(self) -> None:
        """How the run is; and how far, also when nothing executes and it is not over."""
        row, tally = self.stores.runs.get(self.front), self.context.tally
        counts = tally.counts(self.front)
        done, executing = tally.ended(counts), counts.get("executing", 0)
        status = "none" if row is None else self.context.states.run(row)
        self._say_status(row, status)
        if row is None:
            state, words = "none", ""
        elif row.over:
            state, words = "over", tally.over(row)
        elif status != "executing":
            state, words = status, self.words("canvas.other", status=self.words(f"status.{status}"), done=done)
        elif executing:
            state, words = "executing", self.words("canvas.executing", count=executing, done=done)
        else:
            state, words = "between", self.words("canvas.between", done=done)
        self._ground.note("data-calm", executing > LIVELY)
        self._ground.note("data-run", state)
        self._ground.note("data-over", state == "over")
        self._state.note("data-state", state)
        self._state.say(words)

    def _say_status(self, row: RunRow | None, status: str) -> None:
        state = "stopping" if row is not None and row.stopping else status
        if self._shown == (self.front, status, state):
            return
        self._shown = self.front, status, state
        self._chip.hidden = row is None
        note(self._chip, "class", f"chip status-{status}")
        words = (self.parts.status_icon(status), self.create("span", "", self.words(f"status.{state}")))
        self._chip.replaceChildren(*(words if row is not None else ()))

    def _title(self, row: RunRow | None) -> str:
        """The flow's name, as the list of flows has it; else what the run calls itself.

        The flow on the canvas is not that of a run which nobody told of.
        """
        if row is not None and (row.flow_id is not None or not row.known):
            return self.context.run_name(row.run_id)
        graph = self.stores.graph.get()
        if graph is not None:
            return self.context.flow_name(graph.flow.id)
        return (row and row.name) or self.words("runs.name")
