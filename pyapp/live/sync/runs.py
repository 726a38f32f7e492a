"""What is asked of one run: missing events, how it is, and whether it still lives."""

from __future__ import annotations

from functools import partial

from ...clock import Timer, drop
from ...contract.http import RunInfo
from ...errors import ApiError
from ...link.backend import Line, Questions
from ...run.log import RunLog
from ...run.run import Run
from ...run.server_word import NO_WORD, adds
from ...run.tracking import Asked, ExecutionTracking
from ..front import late_key, missing_key
from ..inbox import Inbox
from ..shared import Shared
from .answers import Answers, many
from .asker import Asker

SILENCE_S = 30.0
"""An unfinished run that says nothing for this long is asked about."""
ASK_AGAIN_S = 10.0
"""One that stays silent is asked about again after this long."""
RESULTS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0)
"""Pauses between questions about a run that is over, as long as the answers do not know it: a database may lag behind
its stream. Behind the last it is asked about when somebody looks at it, or the link is back."""


class RunQuestions:
    """Owns the questions about runs. Needs an `api`; without one only silence is noticed."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, inbox: Inbox, link: Line, api: Questions, asker: Asker
    ) -> None:
        self._shared = shared
        self._tracking = tracking
        self._inbox = inbox
        self._intake = inbox.intake
        self._link = link
        self._api = api
        self._answers = Answers(inbox, api)
        self._asker = asker
        self.resumes = False
        """The server understands `resume`, and tells again what is asked for there."""
        self._over_link: dict[str, None] = {}
        """Runs whose missing events were asked for over the link: what is missing still is asked for over HTTP."""
        self._silences: dict[str, Timer] = {}
        self._ended: dict[str, RunLog] = {}
        """By run, the history whose end was seen: what the run gave was wished for."""
        tracking.on_clear(self._forget)
        shared.stores.runs.listen(self._known)

    # -- missing events ---------------------------------------------------------------------------
    def events(self, run: Run) -> None:
        """Ask for the numbers that are missing, until they are there or the server has lost them."""
        if not self._asker.asks((run.run_id, "events")):
            self._over_link.pop(run.run_id, None)
        self._asker.want((run.run_id, "events"), partial(self._events, run), lambda error: False, long=many(run))

    def history(self, run: Run) -> None:
        """Ask for the whole history of a run of which no event was seen; where `first` is asked for, that has it."""
        unnumbered, ask = run.log.entries and not run.log.numbered, partial(self._history, run)
        if self._api.available and not unnumbered and not self._asker.asks((run.run_id, "first")):
            self._asker.want((run.run_id, "history"), ask, partial(self._no_history, run), long=True)

    def first(self, run: Run) -> bool:
        """Ask for event 0 and all behind it: the server may be telling another history. False without HTTP."""
        if not self._api.available:
            return False
        self._asker.drop((run.run_id, "history"))  # it would add to what may be no more
        self._asker.want((run.run_id, "first"), partial(self._told_anew, run), partial(self._untold, run), long=True)
        return True

    async def _events(self, run: Run) -> bool:
        log = self._intake.histories.log(run)
        missing = log.missing()
        if not missing:
            return log is run.log
        if self.resumes and (run.run_id not in self._over_link or not self._api.available):
            self._over_link[run.run_id] = None
            if self._link.send({"type": "resume", "runs": {run.run_id: log.cursor}}):
                return False
        if not self._api.available:
            return False
        if not await self._answers.bring(run, missing[0][0] - 1) and run.log.sparse:
            self.history(run)  # what is missing in the middle of it nobody sees
        return not run.log.missing()

    async def _history(self, run: Run) -> bool:
        known = run.log.next
        whole = await self._answers.bring(run, -1 if run.log.sparse else known - 1)
        self._shared.stores.notices.delete(late_key(run.run_id))
        if run.log.missing() and (run.log.numbered or not run.log.entries):
            self.events(run)  # the server has told more than it gave
        elif run.log.next > known and run.word.over and not run.record.over:
            return False  # its end is still to come: there may be more
        return whole

    def _no_history(self, run: Run, error: ApiError) -> bool:
        """Who looks at a run of which nothing is here is told why."""
        if run.log.entries:
            self._shared.stores.notices.delete(late_key(run.run_id))
        elif error.temporary and self._shared.stores.front.get() == run.run_id:
            self._shared.say_delayed(late_key(run.run_id), "results.unavailable", error)
        return False

    async def _told_anew(self, run: Run) -> bool:
        if not await self._answers.bring(run, -1) or self._intake.histories.in_doubt(run.run_id):
            return False
        if run.log.missing():
            self.events(run)
        return True

    def _untold(self, run: Run, error: ApiError) -> bool:
        """A backend that keeps no events cannot tell them anew."""
        if error.temporary:
            return False
        self._link.send({"type": "resume", "runs": {run.run_id: -1}})
        return True

    # -- how it is --------------------------------------------------------------------------------
    def state(self, run: Run, *, anew: bool = False) -> None:
        """Ask how the run is, until the server says so; of one that is over, till it knows that. `anew`: its pauses."""
        if self._api.available:
            key, ask, failed = (run.run_id, "state"), partial(self._state, run), partial(self._no_state, run)
            self._asker.want(key, ask, failed, again=RESULTS_S, newest=anew)
        elif self._shared.clock.now() - run.heard >= SILENCE_S:
            self._doubt(run, self._shared.words("unverified.no_api"))

    def results(self, run: Run) -> None:
        """Ask what the run gave, now that it is over: once for each history, however often its end is shown."""
        known = self._ended.get(run.run_id)
        if self._api.available and known is not run.log:
            self._ended[run.run_id] = run.log
            if known is None or not self._asker.asks((run.run_id, "state")):  # what is asked already keeps its pauses
                self.state(run, anew=True)

    def once_more(self, run: Run) -> None:
        """Somebody looks at the run, or the link is back: what it gave is asked for anew where no answer had it."""
        if self._api.available and run.record.over and not run.is_end_known:
            self._ended[run.run_id] = run.log
            self.state(run)

    def back(self) -> None:
        """The link is back, or there is another credential: likewise of each run whose end was seen here."""
        for run in self._tracking.runs():
            if run.run_id in self._ended:
                self.once_more(run)

    async def _state(self, run: Run) -> bool:
        asked = self._tracking.asking(run)
        info = await self._api.run(run.run_id)
        self._shared.stores.notices.delete(f"results {run.run_id}")
        if self.told(run, info, asked):
            self.complete(run, info, asked)
        # without a word it was of a history that is no more
        return run.word is not NO_WORD and (not run.over or run.is_end_known)

    def told(self, run: Run, info: RunInfo, asked: Asked) -> bool:
        """Take what the server says of a run, and show it; False when that is outdated."""
        before, added = _picture(run), adds(run.word, run.record)
        if not self._tracking.hear(run, info, asked):
            return False
        if added or adds(run.word, run.record) or _picture(run) != before:
            self.repaint(run)
        return True

    def complete(self, run: Run, info: RunInfo, asked: Asked) -> None:
        """Ask for the events that the server has and this page does not."""
        if not run.log.entries:
            if info.last_seq is None or info.last_seq >= 0:
                run.log.expect(info.last_seq if info.last_seq is not None else -1)
                self.history(run)
        elif info.last_seq is not None and run.log.numbered:
            if info.last_seq < asked.highest and self._intake.histories.doubt(run, info.last_seq):
                self._intake.histories.expect(run, info.last_seq)
                self.first(run)
            else:
                run.log.expect(info.last_seq)
                if self._intake.histories.is_gone(run.run_id):
                    self.first(run)
                elif run.log.missing():
                    self.events(run)

    def _no_state(self, run: Run, error: ApiError) -> bool:
        """A failure undoes nothing; a run that should speak and does not, or that nobody knows of, is in doubt.

        It is asked about until it has been silent for long; what one gave that is over, for as long as RESULTS_S.
        """
        silent = self._shared.clock.now() - run.heard >= SILENCE_S
        if error.missing and not run.record.events and run.word is NO_WORD:
            self._say_missing(run)
        if not run.over and (silent or error.missing or not (error.temporary or run.record.events)):
            self._doubt(run, str(error))
        if not error.temporary:
            self._shared.stores.notices.delete(f"results {run.run_id}")
        elif run.record.over:
            self._shared.say_delayed(f"results {run.run_id}", "results.unavailable", error)
        return not error.temporary and (silent or run.over) and not (error.missing and run.record.over)

    def _say_missing(self, run: Run) -> None:
        """A link may name a run that is gone, or never was."""
        notices, key = self._shared.stores.notices, missing_key(run.run_id)
        if self._shared.stores.front.get() == run.run_id and key not in notices:
            notices.say(key, self._shared.words("missing.run", run=run.run_id))

    def _known(self, keys: dict[str, None]) -> None:
        """Somebody told of it after all: an event, the list, or an answer."""
        for run_id in keys:
            row, key = self._shared.stores.runs.get(run_id), missing_key(run_id)
            if row is not None and row.known and key in self._shared.stores.notices:
                self._shared.stores.notices.delete(key)

    def repaint(self, run: Run) -> None:
        """What is known of a run is another than by its events: show it."""
        self._intake.repaint(run)
        self._inbox.nudge()

    # -- silence ----------------------------------------------------------------------------------
    def alive(self, run: Run) -> None:
        """Notice when the run falls silent."""
        if run.run_id in self._silences or run.over:
            return
        wait_s = left_s if (left_s := run.heard + SILENCE_S - self._shared.clock.now()) > 0 else ASK_AGAIN_S
        self._silences[run.run_id] = self._shared.clock.call_later(wait_s, lambda: self._looked(run))

    def _looked(self, run: Run) -> None:
        del self._silences[run.run_id]
        if not run.over and self._shared.clock.now() - run.heard >= SILENCE_S:
            self.state(run)
        self.alive(run)

    def _doubt(self, run: Run, reason: str) -> None:
        """Say that it is not known how the run is, and as far as this page can tell, whose fault that is."""
        words, linked = self._shared.words, self._shared.stores.link.get().phase == "open"
        said = [words("unverified.silent" if linked else "unverified.link"), reason]
        failing = sorted(name for name, health in self._shared.stores.health.items() if health.streak)
        if failing:
            said.append(words("unverified.handler", names=", ".join(failing)))
        run.doubt = " ".join(said)
        self.repaint(run)

    # -- the end ----------------------------------------------------------------------------------
    def stop(self) -> None:
        for run_id in list(self._silences):
            drop(self._silences, run_id)

    def _forget(self, run_id: str) -> None:
        drop(self._silences, run_id)
        self._over_link.pop(run_id, None)
        self._ended.pop(run_id, None)
        for notice in (f"results {run_id}", missing_key(run_id), late_key(run_id), f"lost {run_id}"):
            self._shared.stores.notices.delete(notice)


def _picture(run: Run) -> tuple[object, ...]:
    """What the server's word may change of a run as a whole."""
    return run.status, run.flow_id, run.input, run.started_at, run.ended_at, list(run.cards()), list(run.sign_ins())
