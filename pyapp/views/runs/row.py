"""DrawnRow: one run in the list. Made once; only what changed of it is drawn again, so that the focus stays."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from ...contract.text import gist
from ...locale.display import exact_time, start_time
from ...ports import Element
from ...stores.link import Away
from ...stores.rows import RunRow
from ..parts import Parts, Told
from ..ticker import Elapsed

DETAIL_CHARS = 300


class RowAction(NamedTuple):
    """A button of a row: its icon, its words, and the command it is."""

    icon: str
    words: str
    verb: str
    acts: bool = False
    """It changes a run: not on a page in a frame of strangers."""


ACTIONS: Final = {
    "stop": RowAction("square", "runs.stop", "stop", acts=True),
    "again": RowAction("repeat", "runs.again", "again", acts=True),
    "reuse": RowAction("copy", "runs.reuse", "reuse"),
}


class DrawnRow:
    """Owns the element of one row: when it began, what it was given, how it is, how long it took."""

    def __init__(self, parts: Parts, run_id: str, elapsed: Elapsed, seen: Elapsed, *, may_act: bool = True) -> None:
        self._parts = parts
        self._may_act = may_act
        self._words = parts.words
        self.elapsed = elapsed
        self._seen = seen
        create = parts.create
        self._ids = {each: f"run-{each}-{quote(run_id, safe='')}" for each in ("name", "start", *ACTIONS)}
        """What its buttons are named by; made of the run's id, which may hold white space."""
        self._name, self._start = (
            Told(create("span", f"run-{each}", id=self._ids[each])) for each in ("name", "start")
        )
        self._input, self._status, self._progress, self._detail, self._unread = (
            Told(create("span", f"run-{each}")) for each in ("input", "status", "progress", "detail", "unread")
        )
        self._bar = Told(create("progress", "run-bar", aria_hidden="true"))
        self._mark: Element = parts.icon("circle")
        self._marked = ""
        self._more = Told(
            create("span", "run-more", self._status.element, seen.element, self._progress.element, self._unread.element)
        )
        inside = [self._mark, self._start.element, self._name.element, self._input.element, elapsed.element]
        inside += [self._more.element, self._detail.element, self._bar.element]
        self._is_plain = True
        self._is_unread = self._is_away = False
        self._progress_said = ""
        self._buttons = {name: Told(self._button(name, run_id)) for name in ACTIONS}
        actions = create("span", "run-actions", *(button.element for button in self._buttons.values()))
        row = create("button", "run-row", *inside, type="button")
        self.element = create("li", "run", row, actions, data_run_id=run_id)
        self.shell = Told(self.element)

    def update(self, row: RunRow, now: float, name: str, status: str, asked: str | None) -> None:
        """Bring it in line with the run; `status` is how it is, `asked` names what waits for a person, if anything."""
        words = self._words
        self.shell.note("data-status", row.status)
        self.shell.note("data-unread", row.unread)
        self.shell.note("data-asks", asked is not None)
        self._show_mark(status)
        self._start.say(start_time(words, row.started_at, now))
        self._start.note("title", exact_time(row.started_at) or None)
        self._name.say(name)
        self._name.note("title", row.run_id)
        self._input.say(row.input or "")
        self._input.note("title", row.input)
        state = "stopping" if row.stopping else status
        self._status.say(words(f"status.{state}") if asked is None or state != "paused" else asked)
        self._status.note("class", f"run-status status-{status}")
        self._is_plain = state in ("success", "executing")
        self._status.note("data-plain", self._is_plain)
        self._more.note("data-line", "own" if row.input else "input")
        detail = " ".join(filter(None, (gist(row.reason or row.error or "")[:DETAIL_CHARS], words(row.lacks))))
        self._detail.say(detail)
        self._detail.hide(not detail)
        self._is_unread = row.unread
        self._unread.say(words("runs.unread") if row.unread else "")
        self._take_room()
        self._buttons["stop"].hide(row.over or not row.known or not self._may_act)
        self._buttons["stop"].element.disabled = row.stopping
        self._buttons["again"].hide(not row.repeatable or not self._may_act)
        self._buttons["reuse"].hide(not row.repeatable)

    def say_time(self, row: RunRow, away: Away | None) -> None:
        """How long it took, or takes; of one that is `away` as of then, with how long ago that was."""
        self._is_away = away is not None and away.said
        self.shell.note("data-away", self._is_away)
        self._take_room()
        self.elapsed.show(row.since, row.ended_at, live=not row.over, away=away)
        self._seen.show_away(away)

    def stop(self) -> None:
        """Its time goes on no more."""
        self.elapsed.stop()
        self._seen.stop()

    def say_progress(self, said: str, done: int, total: int) -> None:
        """How far it is in words; a bar while so many of so many are done."""
        self._progress_said = said
        self._progress.say(said)
        self._take_room()
        self._progress.note("title", said or None)
        self._bar.hide(not done)
        self._bar.note("max", str(max(total, 1)))
        self._bar.note("value", str(done))

    def _take_room(self) -> None:
        """The second line is there while it says something to see; WebKit would not look again at a rule for it."""
        says = not self._is_plain or self._is_unread or self._is_away or bool(self._progress_said)
        self._more.note("data-empty", not says)

    def _show_mark(self, status: str) -> None:
        if status != self._marked:
            self._marked = status
            mark = self._parts.status_icon(status)
            self._mark.replaceWith(mark)
            self._mark = mark

    def _button(self, name: str, run_id: str) -> Element:
        action = ACTIONS[name]
        words = self._words(action.words)
        own, of = self._ids[name], f"{self._ids['name']} {self._ids['start']}"
        named = {"id": own, "title": words, "aria_label": words, "aria_labelledby": f"{own} {of}"}
        does = {"type": "button", "data_row_action": name, "data_of": run_id}
        return self._parts.create("button", "quiet", self._parts.icon(action.icon), **named, **does)
