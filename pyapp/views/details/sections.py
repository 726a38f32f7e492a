"""Sections: the elements of what belongs to a node: each time it ran, its tool calls, what people answered, its log."""

from __future__ import annotations

from ...contract.text import text_of
from ...locale.display import duration, one_line
from ...ports import Element, Sketch
from ...run.record import Message, Wanted, took
from ...run.spent import Spent
from ...stores.rows import LogLine, MockNode, RunRow
from ..chat.answer_line import asked_words
from ..parts import Parts
from ..spending import spending
from ..states import execution_status
from ..values import draw_line
from .boxes import Boxes


class Sections:
    """Makes elements out of rows, and keeps none."""

    def __init__(self, parts: Parts, boxes: Boxes) -> None:
        self._parts = parts
        self._boxes = boxes
        self._words = parts.words
        self._create = parts.create

    def whole(self, row: RunRow, status: str) -> list[Element | Sketch]:
        """The run's own: how it is, how long it took, what went wrong, what went in beside what came out."""
        words, seconds, queued = self._words, took(row.since, row.ended_at), took(row.started_at, row.began_at) or 0.0
        facts = [
            words(f"status.{status}"),
            words("details.queued", time=duration(words, queued)) if queued >= 1 else "",
            "" if seconds is None else duration(words, seconds),
            *spending(words, row.spent),
        ]
        inside: list[Element | Sketch] = [self._create("p", "facts", " · ".join(filter(None, facts)))]
        if row.error:
            inside.append(self._boxes.trace("run/error", row.error))
        return [*inside, self.pair("run", row.given, row.content, _no_output(row.over))]

    def execution(self, mock: MockNode, cause: str | None = None) -> Element:
        """One time a node ran: how it went, what went wrong, what went in beside what came out.

        `cause`: what its run failed of, where it only ended with that.
        """
        words, status = self._words, execution_status(mock)
        facts = [
            words("output.order", order=mock.order + 1),
            "" if mock.iteration is None else words("output.iteration", iteration=mock.iteration),
            "" if mock.duration_s is None else duration(words, mock.duration_s),
            words("output.implied") if mock.implied else "",
            *spending(words, mock.spent, mock.usage),
        ]
        head = self._create(
            "p",
            "execution-head",
            self._parts.status_icon(status),
            self._create("span", f"entry-status status-{status}", words(f"status.{status}")),
            self._create("span", "facts", " · ".join(filter(None, facts))),
        )
        inside: list[Element | Sketch] = [head]
        error = text_of(mock.error) or cause
        if error:
            inside.append(self._boxes.trace(f"{mock.id}/error", error))
        inside.append(self.pair(mock.id, mock.input, mock.output, _no_output(mock.ended, mock.cut)))
        if mock.variables:
            inside.append(self._boxes.make(f"{mock.id}/variables", words("output.variables"), mock.variables))
        return self._create("article", "execution", *inside, data_order=str(mock.order))

    def pair(self, key: str, given: object, made: object, unmade: str) -> Element:
        """What went in beside what came out; in words where there is none, `unmade` where nothing came out."""
        words, boxes = self._words, []
        for name, value, none in (("input", given, "details.no_input"), ("output", made, unmade)):
            title = words(f"details.{name}")
            if value in (None, ""):
                head = self._create("div", "box-head", self._create("span", "box-title", title))
                said = self._create("div", "box", head, self._parts.empty(none), role="group", aria_label=title)
            else:
                said = self._boxes.make(f"{key}/{name}", title, value)
            boxes.append(said)
        return self._create("div", "pair", *boxes)

    def tool(self, call: Message) -> Element:
        """One call of a tool, folded: its name, how it went; inside, its arguments and its result."""
        words, create = self._words, self._create
        took = "" if call.duration_s is None else duration(words, call.duration_s)
        facts = [
            "" if call.status == "success" else words(f"status.{call.status}"),
            one_line(call.args, 60) if call.args else "",
            took,
            *spending(words, Spent.of(call.usage)),
        ]
        summary = create(
            "summary",
            "",
            self._parts.status_icon(call.status),
            create("span", "tool-name", call.name or words("chat.tool")),
            create("span", "facts", " · ".join(filter(None, facts))),
        )
        error = text_of(call.error)
        inside: list[Element | Sketch] = [self._boxes.trace(f"{call.key}/error", error)] if error else []
        for name, value in (("arguments", call.args), ("result", call.result)):
            if value not in (None, "", {}):
                inside.append(self._boxes.make(f"{call.key}/{name}", words(f"chat.{name}"), value))
        return create("details", "tool-call", summary, *inside)

    def asked(self, wanted: Wanted) -> Element:
        """What people were asked, and what they answered, as far as it was told."""
        words, requirement = self._words, wanted.requirement
        answer = {key: value for key, value in (wanted.answer or {}).items() if key not in ("id", "by", "at", "note")}
        told = wanted.answer or {}
        confirmed = answer.pop("confirmed", None)
        facts = [
            words(f"details.{'approved' if confirmed else 'rejected'}") if isinstance(confirmed, bool) else "",
            words("details.by", name=one_line(told["by"], 60)) if told.get("by") else "",
            words("details.no_answer") if wanted.answer is None else "",
        ]
        said = " · ".join(filter(None, facts))
        at = self._parts.moment("asked-at", wanted.answered_at)
        prompt = asked_words(words, requirement)
        inside = [
            self._create("p", "asked-prompt", prompt),
            self._create("p", "facts", f"{said} · " if said and wanted.answered_at is not None else said, at),
        ]
        if told.get("note"):
            inside.append(self._create("blockquote", "", text_of(told["note"])))
        if answer:
            inside.append(self._boxes.make(f"asked/{requirement.id}", words("details.answer"), answer))
        return self._create("article", "asked", *inside)

    def line(self, line: LogLine) -> Element:
        """A line of the log; of many lines in one, the last one first."""
        text = draw_line(self._parts, line.text)
        time = self._parts.moment("log-time", line.ts, exact=True)
        return self._create("div", "detail-line", time, self._create("div", "", text), data_level=line.level.lower())


def _no_output(ended: bool, cut: bool = False) -> str:
    """Which words say that nothing is shown of what it gave."""
    return "output.cut" if cut else "output.nothing" if ended else "details.no_output_yet"
