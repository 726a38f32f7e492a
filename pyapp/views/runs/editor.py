"""EditorView: the input of a run, Play, and Stop in its place while a run goes on; FlowChoiceView: which flow it is."""

from __future__ import annotations

from typing import Any

from ...contract.flow import Flow
from ...locale.display import one_line
from ...ports import DomEvent
from ...stores.rows import Draft
from ..context import View, ViewContext
from ..parts import Told, note
from .run_input import RunInput, Wrong

NO_FLOW = Flow(id="-")
INPUT = "input"
"""The notice of an input that cannot be used."""


class EditorView(View):
    """Owns the controls that start and end a run. Says nothing of a lock: where Play is missing, Stop stands."""

    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        words, button = self.words, self.parts.button
        self._region = Told(self.document.region("editor"))
        self._given = RunInput(self.parts, NO_FLOW)
        self._inputs: dict[str, RunInput] = {}
        """What was typed for each flow: it belongs to that flow alone."""
        self._place = self.create("div", "run-given-place", self._given.element)
        said = words("editor.recent")
        self._recent = self.create("select", "run-recent", aria_label=said, title=said)
        self._known: list[Any] = []
        """What the choice of recent inputs offers."""
        self._filled: Draft | None = None
        self._play = button(words("editor.play"), "play", "primary", id="play")
        self._stop = button(words("editor.stop"), "square", id="stop")
        self._unlock = button(words("editor.unlock"), "lock-open", "quiet", id="unlock")
        self._said = Told(self.create("span", "visually-hidden", role="status"))
        place = self.create("div", "play-or-stop", self._play, self._stop)
        self._region.element.replaceChildren(self._unlock, self._place, self._recent, place, self._said.element)
        self.on("editor", "click", "#play", lambda _: self._start())
        self.on("editor", "keydown", "textarea, input", self._typed)
        self.on("editor", "input", "textarea, input, select", lambda _: self._given.tell())
        self.on("editor", "change", ".run-recent", lambda event: self._reuse(event.value))
        self.on("editor", "click", "#stop", lambda _: self.commands.stop())
        self.on("editor", "click", "#unlock", lambda _: self.commands.unlock())
        self.shows(self._draw_input, self.stores.graph, self.stores.draft, self.stores.editor)
        again = self.shows(self._draw, self.stores.editor, self.stores.graph, self.stores.front)
        self.follows_row(again)

    def _start(self) -> None:
        """Run the flow, with what was filled in; that stays, so that it can be run again."""
        if not self._play.disabled and not self._play.hidden:
            try:
                given = self._given.given()
            except Wrong as wrong:
                if wrong.problem:
                    self.stores.notices.alert(INPUT, self.words(wrong.problem), news=True)
                return
            self.stores.notices.delete(INPUT)
            self.commands.play(given)

    def _typed(self, event: DomEvent) -> bool:
        plays = self._given.plays(event)
        if plays:
            self._start()
        return plays

    def _reuse(self, number: str) -> None:
        """An input of before is put into the field, to be changed or played."""
        self._recent.value = ""
        if number.isdecimal() and int(number) < len(self._known):
            self.commands.fill_in(self._known[int(number)])

    def _draw_input(self) -> None:
        """The input of the flow on the canvas; what a person wants in it; what it was given before."""
        graph, draft = self.stores.graph.get(), self.stores.draft.get()
        if graph is not None:
            flow = graph.flow
            known = self._inputs.get(flow.id)
            if known is None or known.schema != flow.input_schema:
                early = not self._inputs and not flow.input_schema  # what was typed before its flow was here is kept
                known = self._inputs[flow.id] = self._given if early else RunInput(self.parts, flow)
            if known is not self._given:
                self._given = known
                self._place.replaceChildren(known.element)
            if draft is not None and draft is not self._filled and draft.flow_id == flow.id:
                self._filled = draft
                known.fill(draft.given)
        recent = self.context.shared.memory.inputs(graph.flow.id) if graph is not None else []
        if recent != self._known:
            self._known = recent
            options = [self.create("option", "", self.words("editor.recent.short"), value="")]
            options += [self.create("option", "", one_line(each, 60), value=str(at)) for at, each in enumerate(recent)]
            self._recent.replaceChildren(*options)
        self._recent.hidden = not recent

    def _draw(self) -> None:
        editor, row = self.stores.editor.get(), self.stores.runs.get(self.front)
        flow, doubted = self.stores.graph.get() is not None, row is not None and row.status == "unverified"
        lives = row is not None and not row.over and not (doubted and not editor.locked)  # unlocked, Play is there
        state = next((each for each in ("starting", "stopping") if getattr(editor, each)), None)
        self._region.note("data-locked", editor.locked)
        self._region.note("data-state", state)
        self._said.say(self.words(f"editor.{state}") if state else "" if flow else self.words("editor.no_flow"))
        self._play.disabled = editor.locked or not flow
        may_act = self.context.settings.may_act
        self._play.hidden = lives or not may_act
        self._stop.hidden = not lives or not may_act
        self._stop.disabled = not lives or editor.stopping
        self._unlock.hidden = not (editor.locked and doubted)


class FlowChoiceView(View):
    """Owns the list of flows: the one on the canvas, or on its way there, and the others to choose from."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        region = self.document.region("flow")
        words = self.words("flow.choose")
        self._select = self.create("select", id="flow-select", aria_label=words, title=words)
        region.replaceChildren(self._select)
        self.on("flow", "change", "select", lambda event: self.commands.choose_flow(event.value))
        self._names: dict[str, str] = {}
        self.shows(self._draw, self.stores.flows, self.stores.graph, self.stores.visit)

    def _draw(self) -> None:
        graph, wanted = self.stores.graph.get(), self.stores.visit.get().location.flow
        names = {flow.id: flow.name or flow.id for flow in self.stores.flows.get() or ()}
        if graph is not None:
            names.setdefault(graph.flow.id, graph.flow.name or graph.flow.id)
        elif wanted is not None:
            names.setdefault(wanted, wanted)
        if names != self._names:  # a list that is open stays so
            self._names = names
            options = [self.create("option", "", name, value=flow_id) for flow_id, name in names.items()]
            self._select.replaceChildren(*options)
        self._select.disabled = len(names) < 2
        self._select.hidden = not names
        self._select.value = graph.flow.id if graph is not None else wanted or ""
        note(self._select, "data-canvas", graph.flow.id if graph is not None else "")
