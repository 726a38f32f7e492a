"""The guards of what a page around this one may say and have done; by unit tests."""

from __future__ import annotations

from .guard import Guard

PORTAL_GUARDS = (
    Guard(
        "a wish that is not even read, and waits for its answer",
        "live/embed/door.py",
        "error.number if error.number is not None else number_of(message)",
        "error.number",
        "live/embed/test_door.py::test_what_is_not_even_read_is_answered_by_its_number",
    ),
    Guard(
        "a run that is told of though there is none",
        "live/embed/news.py",
        "before == now or (before is None and not row.known)",
        "before == now",
        "live/embed/test_news.py::test_a_run_that_was_only_named_is_told_of_once_it_is_known",
    ),
    Guard(
        "postMessage of a wrong origin",
        "live/embed/door.py",
        "if origin_named(knock.origin) not in self._frames:\n",
        "if False:\n",
        "live/embed/test_door.py::test_a_stranger_takes_nothing_from_who_speaks_already",
    ),
    Guard(
        "postMessage of a wrong source",
        "live/embed/door.py",
        "if not knock.from_parent:\n",
        "if False:\n",
        "live/embed/test_door.py::test_a_stranger_takes_nothing_from_who_speaks_already",
    ),
    Guard(
        "postMessage of a wrong version",
        "contract/embed.py",
        "if knock.flowglow != VERSION:\n",
        "if False:\n",
        "contract/test_embed.py::test_a_knock_names_the_version",
    ),
    Guard(
        "postMessage that is too large",
        "contract/embed.py",
        "if len(text) > MAX_CHARS:\n",
        "if False:\n",
        "contract/test_embed.py::test_an_order_that_is_wrong_says_why",
    ),
    Guard(
        "a flood of postMessage",
        "live/embed/door.py",
        "if self._left < 1:\n",
        "if False:\n",
        "live/embed/test_door.py::test_a_flood_is_cut_to_what_is_let_through_and_passes",
    ),
    Guard(
        "looks that load something",
        "contract/embed.py",
        "if not _STYLES.get(name, _ANY_COLOUR).fullmatch(value):\n",
        "if False:\n",
        "contract/test_embed.py::test_looks_that_could_mean_more_have_no_effect",
    ),
    Guard(
        "a token in the text of an error",
        "contract/embed.py",
        "include_input=False, include_context=False)[0]\n",
        'include_context=False)[0]\n    first["msg"] += str(first["input"])\n',
        "live/embed/test_door.py::test_no_text_of_a_message_is_kept_or_logged",
    ),
    Guard(
        "a run started from a frame of strangers by a message",
        "live/embed/orders.py",
        "if not self._may_act:\n",
        "if False:\n",
        "live/embed/test_orders.py::test_in_a_frame_whose_clicks_do_not_count_no_wish_acts",
    ),
    Guard(
        "a run started from a frame of strangers by a click",
        "views/runs/editor.py",
        "self._play.hidden = lives or not may_act\n",
        "self._play.hidden = lives\n",
        "views/runs/test_editor.py::test_in_a_strangers_frame_nothing_is_started_or_stopped",
    ),
    Guard(
        "a run started again from a frame of strangers",
        "views/runs/row.py",
        'self._buttons["again"].hide(not row.repeatable or not self._may_act)\n',
        'self._buttons["again"].hide(not row.repeatable)\n',
        "views/runs/test_runs.py::test_in_a_strangers_frame_a_row_has_no_button_that_acts",
    ),
    Guard(
        "the content of a failure told to the page around",
        "live/embed/news.py",
        "            error=failure.error,\n",
        "            error=failure.summary,\n",
        "live/embed/test_news.py::test_a_failure_is_told_by_names_and_places_alone",
    ),
    Guard(
        "a token that ended",
        "link/api.py",
        "if answer.status == 401 and await self._credentials.renew(token):\n",
        "if False:\n",
        "live/embed/test_embedded.py::test_a_token_that_ends_is_asked_for_again_and_nobody_notices",
    ),
    Guard(
        "one question for all calls that were refused",
        "link/credentials.py",
        "        if kind not in self._open:\n",
        "        if True:\n",
        "link/test_credentials.py::test_a_token_that_was_refused_is_asked_for_again_once_for_all",
    ),
    Guard(
        "work for each event in a page that is not embedded",
        "live/embed/embedded.py",
        "        if self._settings.speaks:\n",
        "        if True:\n",
        "live/embed/test_embedded.py::test_a_page_that_does_not_speak_listens_to_nobody",
    ),
)
