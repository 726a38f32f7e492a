"""FlowChoiceView: which flow is on the canvas, and the others to choose from."""

from __future__ import annotations

from ..context import View, ViewContext


class FlowChoiceView(View):
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
