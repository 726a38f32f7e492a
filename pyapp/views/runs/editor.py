"""EditorView: Play, Stop, and whether the editor is locked, in words; FlowChoiceView: which flow it is about."""

from __future__ import annotations

from ..context import View, ViewContext
from ..parts import note


class EditorView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        words, button = self.words, self.parts.button
        self._region = self.document.region("editor")
        self._lock = self.create("span", "lock")
        said = {"placeholder": words("editor.input"), "aria_label": words("editor.input")}
        self._input = self.create("input", "run-input", id="run-input", type="text", autocomplete="off", **said)
        self._play = button(words("editor.play"), "play", "primary", id="play")
        self._stop = button(words("editor.stop"), "square", id="stop")
        self._unlock = button(words("editor.unlock"), "lock-open", "quiet", id="unlock")
        self._region.replaceChildren(self._lock, self._unlock, self._input, self._play, self._stop)
        self.on("editor", "click", "#play", lambda _: self._start())
        self.on("editor", "keydown", "#run-input", lambda event: self._start() if event.key == "Enter" else None)
        self.on("editor", "click", "#stop", lambda _: self.commands.stop())
        self.on("editor", "click", "#unlock", lambda _: self.commands.unlock())
        again = self.shows(self._draw, self.stores.editor, self.stores.graph, self.stores.front)
        self.follows(self.stores.runs, lambda changed: again() if self.front in changed else None)

    def _start(self) -> None:
        """Run the flow, with what was typed; that stays, so that it can be run again."""
        if not self._play.disabled:
            self.commands.play(self._input.value.strip() or None)

    def _draw(self) -> None:
        editor = self.stores.editor.get()
        row = self.stores.runs.get(self.front)
        flow = self.stores.graph.get() is not None
        state = next((each for each in ("starting", "stopping", "locked") if getattr(editor, each)), None)
        said = self.words(f"editor.{state or ('unlocked' if flow else 'no_flow')}")
        note(self._region, "data-locked", editor.locked)
        symbol = self.parts.icon("lock" if editor.locked else "lock-open")
        self._lock.replaceChildren(symbol, self.create("span", "", said))
        self._play.disabled = editor.locked or not flow
        self._stop.disabled = row is None or row.over or editor.stopping
        self._unlock.hidden = not (editor.locked and row is not None and row.status == "unverified")


class FlowChoiceView(View):
    """Owns the list of flows: the one on the canvas, and the others to choose from."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        region = self.document.region("flow")
        words = self.words("flow.choose")
        self._select = self.create("select", id="flow-select", aria_label=words, title=words)
        region.replaceChildren(self._select)
        self.on("flow", "change", "select", lambda event: self.commands.choose_flow(event.value))
        self.shows(self._draw, self.stores.flows, self.stores.graph)

    def _draw(self) -> None:
        graph = self.stores.graph.get()
        names = {flow.id: flow.name or flow.id for flow in self.stores.flows.get()}
        if graph is not None:
            names.setdefault(graph.flow.id, graph.flow.name or graph.flow.id)
        options = [self.create("option", "", name, value=flow_id) for flow_id, name in names.items()]
        self._select.replaceChildren(*options)
        self._select.disabled = len(names) < 2
        self._select.hidden = not names
        self._select.value = graph.flow.id if graph is not None else ""
