"""RunHeadView: the run in front on one line: how it is, of which flow, since when, how long, and what it was given."""

from __future__ import annotations

from ...locale.display import exact_time
from ...stores.rows import RunRow
from ..context import View, ViewContext
from ..parts import Told, note


class RunHeadView(View):
    """Owns the head over the canvas. It is there without a run too, so that nothing moves when one begins."""

    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create = self.create
        self._chip = create("span", "chip")
        self._name = Told(create("strong", "run-head-name"))
        self._started = Told(create("time", "run-head-time"))
        self._elapsed = self.elapsed("run-head-elapsed")
        self._given = Told(create("span", "run-head-given"))
        self._again = self.parts.button(self.words("run.again"), "repeat", "quiet", data_run_again="")
        parts = (self._name.element, self._started.element, self._elapsed.element, self._given.element)
        words = self.words("head.link")
        self._link = self.create("button", "quiet zone-tool", self.parts.icon("copy"), type="button", data_link="")
        note(self._link, "aria-label", words)
        note(self._link, "title", words)
        self.document.region("run-head").replaceChildren(self._chip, *parts, self._again, self._link)
        self._shown: tuple[str, str, str] | None = None
        """Whose status the chip says, which, and in which words."""
        self.on("run-head", "click", "[data-run-again]", lambda _: self.commands.again(self.front))
        self.on("run-head", "click", "[data-link]", lambda _: self.document.copy(context.platform.address.link()))
        again = self.shows(self._draw, self.stores.front, self.stores.graph, self.stores.flows)
        self.follows_run(again)

    def clear(self) -> None:
        self._shown = None

    def _draw(self) -> None:
        row, graph = self.stores.runs.get(self.front), self.stores.graph.get()
        self._say_status(row)
        description = "" if graph is None or row is not None else graph.flow.description or ""
        self._name.say(self._title(row))
        started_at = row.started_at if row is not None else None
        self._started.say(self.parts.when(started_at))
        self._started.note("title", exact_time(started_at) or None)
        self._elapsed.show(*(row.since, row.ended_at) if row else (None, None), live=bool(row and not row.over))
        given = (row.input or "") if row is not None else description
        self._given.say(given)
        self._given.note("title", given or None)
        self._again.hidden = row is None or not row.repeatable or not self.context.settings.may_act
        self._link.hidden = row is None or not row.known

    def _say_status(self, row: RunRow | None) -> None:
        status = "none" if row is None else self.context.states.run(row)
        state = "stopping" if row is not None and row.stopping else status
        if self._shown == (self.front, status, state):
            return
        self._shown = self.front, status, state
        self._chip.hidden = row is None
        note(self._chip, "class", f"chip status-{status}")
        inside = (
            ()
            if row is None
            else (self.parts.status_icon(status), self.create("span", "", self.words(f"status.{state}")))
        )
        self._chip.replaceChildren(*inside)

    def _title(self, row: RunRow | None) -> str:
        """The flow's name, as the list of flows has it; else what the run calls itself.

        The flow on the canvas is not that of a run which nobody told of.
        """
        if row is not None and (row.flow_id is not None or not row.known):
            return self.context.run_name(row.run_id)
        graph = self.stores.graph.get()
        return (
            self.context.flow_name(graph.flow.id)
            if graph is not None
            else (row and row.name) or self.words("runs.name")
        )
