"""The guards of what foreign streams become, in `pyapp/protocols`."""

from __future__ import annotations

from .guard import Guard

AGNO_GUARDS = (
    Guard(
        "a step of Agno that asks a second time",
        "protocols/agno/answers.py",
        " if asks_itself(step) else step for",
        " for",
        "protocols/agno/test_answers.py::test_a_step_that_asks_a_second_time_is_answered_there",
    ),
    Guard(
        "a nested workflow takes over the root",
        "protocols/agno/workflows.py",
        "    if is_nested(event):\n        return []\n    return [*left(",
        "    return [*left(",
        "protocols/agno/test_workflows.py::test_a_nested_workflow_is_its_step",
    ),
    Guard(
        "a second end of a foreign run",
        "protocols/agno/translator.py",
        "again = ends if self._state.over else ends[1:]",
        "again = ends[1:]",
        "test_agno_recordings.py::test_whatever_happens_to_a_stream_its_run_ends_at_most_once",
    ),
    Guard(
        "a cancelled run is told again as completed",
        "protocols/agno/endings.py",
        "    if run.over:\n        return before\n",
        "",
        "protocols/agno/test_endings.py::test_a_run_ends_once",
    ),
    Guard(
        "the error of a member",
        "protocols/agno/entities.py",
        "    if step is not None and team in (None, state.root):\n",
        "    if step is not None:\n",
        "protocols/agno/test_endings.py::test_the_error_of_a_member_is_the_members_alone",
    ),
    Guard(
        "a member that asks before its root waits",
        "protocols/agno/people.py",
        "    if not state.is_root(event):\n        return before\n",
        "",
        "protocols/agno/test_people.py::test_what_is_asked_in_a_step_is_asked_once",
    ),
    Guard(
        "a pause that goes on twice",
        "protocols/agno/asked.py",
        "        if self.waits or not self._known:\n",
        "        if True:\n",
        "protocols/agno/test_people.py::test_a_team_asks_for_each_member_and_goes_on_once",
    ),
    Guard(
        "a member taken for the root",
        "protocols/agno/runs.py",
        'text(event.get("parent_run_id")) or run_of(event)',
        "run_of(event)",
        "protocols/agno/test_entities.py::test_whoever_joins_behind_the_start_takes_no_member_for_the_root",
    ),
    Guard(
        "what a cancelled run had said",
        "protocols/agno/endings.py",
        'said = [] if status == "error" else rest(state, run, event)',
        'said = rest(state, run, event) if status == "success" else []',
        "protocols/agno/test_speech.py::test_what_a_cancelled_run_had_said_is_told_before_its_end",
    ),
    Guard(
        "the end of a step that tells no id",
        "protocols/agno/nodes.py",
        "        for key, node in self.open.items():\n            if node.parent == parent and",
        "        for key, node in ():\n            if node.parent == parent and",
        "protocols/agno/test_steps.py::test_a_sync_workflow_is_the_same_run",
    ),
    Guard(
        "a tool that ends twice",
        "protocols/agno/calls.py",
        "        elif key in self._ended:\n            return False\n",
        "",
        "protocols/agno/test_tools.py::test_a_tool_that_failed_ends_once",
    ),
    Guard(
        "a failure made up of a gap",
        "protocols/agno/steps.py",
        "        if state.numbers.whole\n",
        "        if state.numbers\n",
        "protocols/agno/test_steps.py::test_where_something_is_missing_no_failure_is_made_up",
    ),
    Guard(
        "a foreign event that comes twice",
        "protocols/agno/numbers.py",
        "        if key in self._seen:\n            return False\n",
        "",
        "test_agno_recordings.py::test_all_of_a_stream_twice_is_the_stream",
    ),
    Guard(
        "an event that says nothing vanishes",
        "protocols/agno/translator.py",
        "        if not ours and not row.later:\n",
        "        if False:\n",
        "test_agno_recordings.py::test_no_event_vanishes",
    ),
)
AGUI_GUARDS = (
    Guard(
        "an interrupt that nobody can answer taken for a success",
        "protocols/agui/translator.py",
        '        if kind == "interrupt":\n            return',
        "        if False:\n            return",
        "protocols/agui/test_translator.py::test_an_interrupt_that_nobody_can_answer_is_no_success",
    ),
    Guard(
        "a run behind the end of another taken for it",
        "protocols/agui/dialect.py",
        'if run is not None and run.over and event.get("type") == "RUN_STARTED":',
        "if False:",
        "protocols/agui/test_dialect.py::test_a_run_behind_the_end_of_another_is_named_and_changes_nothing",
    ),
    Guard(
        "a copy of the whole state for each change of it",
        "protocols/agui/draft.py",
        "        if id(around) not in self._ours:\n",
        "        if True:\n",
        "protocols/agui/test_patch.py::test_of_one_patch_each_container_is_made_anew_once",
    ),
    Guard(
        "one change of a state in two places",
        "protocols/agui/patch.py",
        "    draft.share()\n",
        "",
        "protocols/agui/test_patch.py::test_what_was_copied_is_changed_in_one_place_alone",
    ),
)
STREAM_GUARDS = (
    Guard(
        "a message of a foreign stream that comes twice",
        "protocols/runs.py",
        "            if index <= self.index:\n                return []\n",
        "",
        "protocols/test_runs.py::test_whatever_comes_again_each_message_counts_once",
    ),
    Guard(
        "two foreign runs on one socket",
        "protocols/agno/roots.py",
        "if session and run.session == session and not run.over",
        "if not run.over",
        "protocols/agno/test_dialect.py::test_two_runs_on_one_socket_never_mix",
    ),
    Guard(
        "a start that a time-out repeats",
        "link/streams.py",
        "        if not request.again:\n            events.opened(generation)\n",
        "",
        "link/test_streams.py::test_what_begins_something_is_open_at_once_and_what_goes_on_when_it_is_answered",
    ),
    Guard(
        "a stream that ends in the middle of its run",
        "link/run_stream.py",
        "if self.run.settled or self._dialect.resume(self.run) is None:",
        "if True:",
        "link/test_run_stream.py::test_a_stream_that_breaks_goes_on_behind_what_came",
    ),
    Guard(
        "an answer that was refused taken for sent",
        "link/foreign_api.py",
        "            await self._link.go_on(opening)\n",
        "            self._link.open(opening)\n",
        "link/test_run_stream.py::test_an_answer_that_is_refused_says_so_and_can_be_sent_again",
    ),
    Guard(
        "an answer that was taken though its stream broke",
        "link/run_stream.py",
        "        if self._in_doubt(end):\n            return True\n",
        "",
        "link/test_run_stream.py::test_an_answer_that_no_word_came_of_may_have_been_taken_so_the_run_is_asked_for",
    ),
    Guard(
        "an answer that a socket refuses",
        "protocols/agno/dialect.py",
        "            if run.run_id is None or run.answering:\n                return",
        "            if run.run_id is None:\n                return",
        "protocols/agno/test_dialect.py::test_a_refusal_is_that_of_the_answer_which_was_not_heard_of",
    ),
    Guard(
        "an agent that could not be run a second time",
        "protocols/agno/dialect.py",
        "run_of(event) is None and (run.run_id is None or run.answering):",
        "False:",
        "protocols/agno/test_dialect.py::test_a_run_that_fails_before_it_has_an_id_did_not_begin",
    ),
    Guard(
        "a line end that is cut in two",
        "link/sse.py",
        '        if self._after_cr:\n            text = text.removeprefix("\\n")\n',
        "",
        "link/test_sse.py::test_where_the_stream_is_cut_changes_nothing",
    ),
    Guard(
        "a socket that fails for its subprotocol",
        "link/unsure.py",
        "return [] if self._doubts and self._doubts % BARE_EACH == 0 else super().protocols(ticket)",
        "return super().protocols(ticket)",
        "link/test_unsure.py::test_an_agentos_is_known_by_its_first_frame",
    ),
)
FOREIGN_GUARDS = (
    *AGNO_GUARDS,
    *AGUI_GUARDS,
    *STREAM_GUARDS,
)
