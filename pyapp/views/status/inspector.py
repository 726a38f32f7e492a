"""InspectorView: what came over the wire, what became of it, and how the handlers are. Always true."""

from __future__ import annotations

from ...ports import DomEvent, Element
from ...stores.metrics import METRICS, Metric, Quarantined
from ..context import View, ViewContext
from ..parts import button, icon


class InspectorView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create = self.document.create
        details = create("details", "inspector")
        summary = create("summary")
        summary.append(icon(self.document, "activity"), create("span", text=self.words("inspector.title")))
        metrics = create("dl", "metrics")
        self._numbers: dict[Metric, Element] = {}
        for metric in METRICS:
            number = self._numbers[metric] = create("dd", "metric", "0", data_metric=metric)
            pair = create("div", "metric-pair", title=self.words(f"metric.{metric}.hint"))
            pair.append(create("dt", text=self.words(f"metric.{metric}")), number)
            metrics.append(pair)
        self._handlers = create("ul", "handlers")
        self._rows: dict[str, Element] = {}
        self._quarantine = create("ul", "quarantine")
        body = create("div", "inspector-body", tabindex="0")
        body.append(
            metrics,
            button(self.document, self.words("repair.check"), "scan", "", data_check="1"),
            create("h3", text=self.words("inspector.handlers")),
            self._handlers,
            create("h3", text=self.words("inspector.quarantine")),
            self._quarantine,
        )
        details.append(summary, body)
        self.document.region("inspector").replaceChildren(details)
        self.on("inspector", "click", "[data-retry]", self._retry)
        self.on("inspector", "click", "[data-check]", lambda _: context.commands.check())
        self.owns(self.stores.metrics.subscribe(self._count))
        self.owns(self.stores.health.subscribe(self._health_changed))
        self.owns(self.stores.quarantine.subscribe(self._quarantined))

    def _count(self, changed: set[Metric]) -> None:
        for metric in changed:
            self._numbers[metric].textContent = str(self.stores.metrics.get(metric))

    def _health_changed(self, changed: set[str]) -> None:
        for name in sorted(changed):
            health = self.stores.health.get(name)
            if health is None:
                continue
            row = self._rows.get(name)
            if row is None:
                row = self._rows[name] = self.document.create("li", "handler", data_handler=name)
                self._handlers.append(row)
            row.setAttribute("data-failures", str(health.failures))
            words = "handler.fine" if not health.failures else "handler.failed"
            text = self.words(words, name=name, count=health.failures, event=health.last_event or "")
            row.replaceChildren(
                icon(self.document, "circle-check" if not health.failures else "triangle-alert"),
                self.document.create("span", "handler-name", text),
            )
            if health.failures:
                row.append(self.document.create("p", "handler-error", health.last_error or ""))
                row.append(self.document.create("p", "handler-costs", health.costs))
            row.setAttribute("data-aside", "true" if health.aside else "false")
            if health.aside:
                row.append(self.document.create("p", "handler-aside", self.words("handler.waits")))
            if health.kept:
                words = self.words("handler.retry", count=health.kept)
                row.append(button(self.document, words, "refresh-cw", "", data_retry=name))

    def _retry(self, event: DomEvent) -> None:
        name = event.attribute("data-retry")
        if name is not None:
            self.context.commands.retry(name)

    def _quarantined(self, items: tuple[Quarantined, ...]) -> None:
        elements = []
        for item in reversed(items):
            element = self.document.create("li")
            element.append(self.document.create("p", text=item.reason))
            if item.text:
                element.append(self.document.create("pre", text=item.text))
            elements.append(element)
        if not elements:
            elements = [self.document.create("li", "empty", self.words("inspector.clean"))]
        self._quarantine.replaceChildren(*elements)
