"""InspectorView: what came over the wire, what became of it, how handlers and views are; what the backend cannot do.

True within a frame.
"""

from __future__ import annotations

from typing import Any

from ...ports import Element
from ...stores.rows import METRICS, HandlerHealth, Metric, ViewHealth
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import note


class InspectorView(View):
    rank = 8

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create, words = self.create, self.words
        self._numbers = {metric: create("dd", "metric", "0", data_metric=metric) for metric in METRICS}
        handlers, views, self._quarantine = (create("ul", name) for name in ("handlers", "handlers", "quarantine"))
        self._handlers: Keyed[str, HandlerHealth, Drawn] = Keyed(
            handlers, lambda name, _: Drawn(create("li", "handler", data_handler=name)), self._tell_handler
        )
        self._views: Keyed[str, ViewHealth, Drawn] = Keyed(
            views, lambda name, _: Drawn(create("li", "handler", data_view=name)), self._tell_view
        )
        self._limits = create("ul", "limits")
        self._limited = create("section", "", create("h3", "", words("inspector.limits")), self._limits)
        inside = [
            self._limited,
            create("dl", "metrics", *(self._pair(metric, number) for metric, number in self._numbers.items())),
            self.parts.button(words("repair.check"), "scan", data_check="1"),
        ]
        for key, region in (("handlers", handlers), ("views", views), ("quarantine", self._quarantine)):
            inside += [create("h3", "", words(f"inspector.{key}")), region]
        self.document.region("inspector").replaceChildren(*inside)
        self.clicks("inspector", "data-retry", self.commands.retry)
        self.clicks("inspector", "data-check", lambda _: self.commands.redraw())
        self.draws(self.stores.metrics, self._count)
        self.draws(self.stores.health, self._handlers.draw)
        self.draws(self.stores.view_health, self._views.draw)
        self.shows(self._draw_quarantine, self.stores.quarantine)
        self.shows(self._draw_limits, self.stores.limits)

    def clear(self) -> None:
        self._handlers.clear()
        self._views.clear()

    def _pair(self, metric: Metric, number: Element) -> Element:
        name = self.create("dt", "", self.words(f"metric.{metric}"))
        return self.create("div", "metric-pair", name, number, title=self.words(f"metric.{metric}.hint"))

    def _count(self, metric: Metric, number: int | None) -> None:
        self._numbers[metric].textContent = str(number or 0)

    def _tell_handler(self, line: Drawn, health: HandlerHealth) -> None:
        note(line.element, "data-aside", health.aside)
        more = []
        if health.failures:
            more.append(self.create("p", "handler-costs", self.words(health.costs)))
        if health.aside:
            more.append(self.create("p", "handler-aside", self.words("handler.waits")))
        if health.streak:
            more.append(self.parts.button(self.words("handler.retry"), "refresh-cw", data_retry=health.handler))
        said = {"name": health.handler, "count": health.failures, "event": health.last_event or ""}
        self._tell(line, "handler", said, health, more)

    def _tell_view(self, line: Drawn, health: ViewHealth) -> None:
        self._tell(line, "view", {"name": health.view, "count": health.failures}, health, [])

    def _tell(
        self, line: Drawn, kind: str, said: dict[str, Any], health: HandlerHealth | ViewHealth, more: list[Element]
    ) -> None:
        note(line.element, "data-failures", str(health.failures))
        words = self.words(f"{kind}.failed" if health.failures else f"{kind}.fine", **said)
        symbol = self.parts.icon("triangle-alert" if health.failures else "circle-check")
        if health.failures:
            more.insert(0, self.create("p", "handler-error", health.last_error or ""))
        line.element.replaceChildren(symbol, self.create("span", "handler-name", words), *more)

    def _draw_limits(self) -> None:
        limits = self.stores.limits.get()
        self._limited.hidden = not limits
        self._limits.replaceChildren(
            *(self.create("li", "", self.words.of(each), data_limit=each.key) for each in limits)
        )

    def _draw_quarantine(self) -> None:
        create, kept = self.create, self.stores.quarantine.get()
        elements = [
            create("li", "", create("p", "", each.reason), *([create("pre", "", each.text)] if each.text else []))
            for each in reversed(kept)
        ]
        self._quarantine.replaceChildren(*(elements or [create("li", "empty", self.words("inspector.clean"))]))
