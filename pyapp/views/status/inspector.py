"""InspectorView: what came over the wire, what became of it, and how handlers and views are. True within a frame."""

from __future__ import annotations

from ...ports import DomEvent, Element
from ...stores.rows import METRICS, HandlerHealth, Metric, ViewHealth
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import button, icon


class InspectorView(View):
    rank = 8

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create = self.document.create
        self._numbers: dict[Metric, Element] = {}
        handlers, views, self._quarantine = (create("ul", name) for name in ("handlers", "handlers", "quarantine"))
        self._handlers: Keyed[str, HandlerHealth, Drawn] = Keyed(
            handlers, lambda name, _: Drawn(create("li", "handler", data_handler=name)), self._tell_handler
        )
        self._views: Keyed[str, ViewHealth, Drawn] = Keyed(
            views, lambda name, _: Drawn(create("li", "handler", data_view=name)), self._tell_view
        )
        body = create("div", "inspector-body", tabindex="0")
        body.append(
            self._metrics(),
            button(self.document, self.words("repair.check"), "scan", "", data_check="1"),
            create("h3", text=self.words("inspector.handlers")),
            handlers,
            create("h3", text=self.words("inspector.views")),
            views,
            create("h3", text=self.words("inspector.quarantine")),
            self._quarantine,
        )
        details, summary = create("details", "inspector"), create("summary")
        summary.append(icon(self.document, "activity"), create("span", text=self.words("inspector.title")))
        details.append(summary, body)
        self.document.region("inspector").replaceChildren(details)
        self.on("inspector", "click", "[data-retry]", self._retry)
        self.on("inspector", "click", "[data-check]", lambda _: context.commands.redraw())
        self.draws(self.stores.metrics, self._count)
        self.draws(self.stores.health, self._handlers.draw)
        self.draws(self.stores.view_health, self._views.draw)
        self.shows(self._draw_quarantine, self.stores.quarantine)

    def clear(self) -> None:
        self._handlers.clear()
        self._views.clear()

    def _metrics(self) -> Element:
        create = self.document.create
        metrics = create("dl", "metrics")
        for metric in METRICS:
            number = self._numbers[metric] = create("dd", "metric", "0", data_metric=metric)
            pair = create("div", "metric-pair", title=self.words(f"metric.{metric}.hint"))
            pair.append(create("dt", text=self.words(f"metric.{metric}")), number)
            metrics.append(pair)
        return metrics

    def _count(self, metric: Metric, number: int | None) -> None:
        self._numbers[metric].textContent = str(number or 0)

    def _tell_handler(self, line: Drawn, health: HandlerHealth) -> None:
        self._tell(line, "handler", health.handler, health)
        line.element.setAttribute("data-aside", "true" if health.aside else "false")
        create = self.document.create
        if health.failures:
            line.element.append(create("p", "handler-costs", health.costs))
        if health.aside:
            line.element.append(create("p", "handler-aside", self.words("handler.waits")))
        if health.streak:
            words = self.words("handler.retry")
            line.element.append(button(self.document, words, "refresh-cw", "", data_retry=health.handler))

    def _tell_view(self, line: Drawn, health: ViewHealth) -> None:
        self._tell(line, "view", health.view, health)

    def _tell(self, line: Drawn, kind: str, name: str, health: HandlerHealth | ViewHealth) -> None:
        create = self.document.create
        line.element.setAttribute("data-failures", str(health.failures))
        fine = not health.failures
        event = health.last_event if isinstance(health, HandlerHealth) else None
        words = self.words(
            f"{kind}.fine" if fine else f"{kind}.failed", name=name, count=health.failures, event=event or ""
        )
        line.element.replaceChildren(
            icon(self.document, "circle-check" if fine else "triangle-alert"), create("span", "handler-name", words)
        )
        if not fine:
            line.element.append(create("p", "handler-error", health.last_error or ""))

    def _retry(self, event: DomEvent) -> None:
        name = event.attribute("data-retry")
        if name is not None:
            self.context.commands.retry(name)

    def _draw_quarantine(self) -> None:
        create = self.document.create
        elements = []
        for item in reversed(self.stores.quarantine.get()):
            element = create("li")
            element.append(create("p", text=item.reason))
            if item.text:
                element.append(create("pre", text=item.text))
            elements.append(element)
        self._quarantine.replaceChildren(*(elements or [create("li", "empty", self.words("inspector.clean"))]))
