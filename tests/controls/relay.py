"""The guards of the relay and of those who tell it what happens: what must survive when a part of it fails."""

from __future__ import annotations

from .guard import Guard

RELAY_GUARDS = (
    Guard(
        "a ticket used twice, in Redis",
        "flowglow/relay/log/redis.py",
        "self._redis.getdel(ticket_key(ticket))",
        "self._redis.get(ticket_key(ticket))",
        "flowglow/relay/log/test_conformance.py::test_a_ticket_is_good_once_and_for_a_while",
    ),
    Guard(
        "kill -9 of a relay",
        "flowglow/relay/life.py",
        "await self.watcher.catch_up(run_id, seen)\n",
        "await self.watcher.want_run(run_id)\n",
        "flowglow/relay/test_process.py::test_a_relay_that_is_killed_and_started_again_has_everything",
    ),
    Guard(
        "a restart of Redis with its append-only file",
        "flowglow/producer/outgoing.py",
        "                await asyncio.sleep(pause_s * (0.5 + self._random() / 2))\n",
        "                return [], 0\n",
        "flowglow/relay/test_redis_faults.py::test_redis_is_restarted_in_the_middle_of_a_run",
    ),
    Guard(
        "Redis away for a while",
        "flowglow/producer/outgoing.py",
        "                pause_s = min(LAST_S, pause_s * 2)\n",
        "                return [], 0\n",
        "flowglow/relay/test_redis_faults.py::test_redis_is_away_for_a_while",
    ),
    Guard(
        "a producer killed and started again",
        "flowglow/producer/run.py",
        'event_id = f"{self.run_id}:{self._writer}:{next(self._numbers)}"\n',
        "event_id = secrets.token_hex(8)\n",
        "flowglow/producer/test_killed.py::test_a_producer_killed_in_the_middle_and_started_again",
    ),
    Guard(
        "the same events from two producers",
        "flowglow/relay/log/memory.py",
        "            if draft.event_id not in run.ids:\n",
        "            if True:\n",
        "flowglow/producer/test_run.py::test_two_producers_that_tell_the_same_run_tell_it_once",
    ),
    Guard(
        "a full disk",
        "flowglow/relay/log/sqlite_writing.py",
        '            self._db.execute("BEGIN IMMEDIATE")\n            for work in works:\n'
        '                told = len(self._news)\n                self._db.execute("SAVEPOINT work")\n',
        "            for work in works:\n                outcomes.append(work(self))\n"
        "            return outcomes, self._news\n"
        "            for work in works:\n                told = len(self._news)\n",
        "flowglow/relay/log/test_sqlite.py::test_a_full_disk_is_said_and_nothing_is_half_written",
    ),
    Guard(
        "a thousand sockets back at once",
        "flowglow/relay/questions.py",
        "        if task is None:\n",
        "        if True:\n",
        "flowglow/relay/test_questions.py::test_a_thousand_that_come_back_at_once_are_no_storm",
    ),
    Guard(
        "a frame that overtakes what is being sent",
        "flowglow/relay/outbox.py",
        "        if direct is not None and not self._sending:\n",
        "        if direct is not None:\n",
        "flowglow/relay/test_direct.py::test_nothing_overtakes_what_was_taken_to_be_sent",
    ),
    Guard(
        "a socket that asks and never reads",
        "flowglow/relay/outbox.py",
        '        self._count("control", [part])\n',
        '        self._parts.append(("control", part))\n',
        "flowglow/relay/test_bounds.py::test_control_frames_count",
    ),
    Guard(
        "a socket that takes nothing of what waits",
        "flowglow/relay/life.py",
        "        elif time.monotonic() - self._moved >= self._settings.stuck_s:\n",
        "        elif False:\n",
        "flowglow/relay/test_bounds.py::test_a_socket_that_takes_nothing_is_closed",
    ),
    Guard(
        "many runs asked for by a socket that never reads",
        "flowglow/relay/watcher.py",
        "            await self._outbox.room()\n",
        "",
        "flowglow/relay/test_bounds.py::test_old_events_wait_for_those_before_them",
    ),
    Guard(
        "an event between a look at a run and its end",
        "flowglow/relay/log/redis_scripts.py",
        " or told ~= ARGV[3] then return 0 end",
        " then return 0 end",
        "flowglow/relay/log/test_redis_forgetting.py::test_what_is_told_while_a_run_is_forgotten_is_kept",
    ),
    Guard(
        "the id of a run that is gone, used again in memory",
        "flowglow/relay/log/memory.py",
        "_, numbers = self._gone.pop(run.run_id, (0.0, FROM_0))",
        "numbers = FROM_0",
        "flowglow/relay/log/test_conformance.py::test_the_numbers_of_a_run_that_is_gone_go_on[memory]",
    ),
    Guard(
        "the id of a run that is gone, used again in SQLite",
        "flowglow/relay/log/sqlite_writing.py",
        "        self._go_on(run.run_id)\n",
        "",
        "flowglow/relay/log/test_conformance.py::test_the_numbers_of_a_run_that_is_gone_go_on[sqlite]",
    ),
    Guard(
        "the id of a run that is gone, used again in Redis",
        "flowglow/relay/log/redis_scripts.py",
        "redis.call('XTRIM', KEYS[place], 'MAXLEN', 0)\n",
        "redis.call('DEL', KEYS[place])\n",
        "flowglow/relay/log/test_conformance.py::test_the_numbers_of_a_run_that_is_gone_go_on[redis]",
    ),
    Guard(
        "another run of that name in Redis",
        "flowglow/relay/log/redis_scripts.py",
        "  if (known[1] or '') ~= born or tonumber",
        "  if tonumber",
        "flowglow/relay/log/test_conformance.py::test_a_run_that_is_gone_and_another_of_that_name_are_never_mixed[redis]",
    ),
    Guard(
        "another process learns of the flow of a run",
        "flowglow/relay/log/sqlite_writing.py",
        "                self._appear(run_id, kept.flow_id)\n",
        "                self._news.append(Appeared(run_id, kept.flow_id))\n",
        "flowglow/relay/test_process.py::test_two_relays_on_one_file_tell_a_run_under_its_flow",
    ),
    Guard(
        "a character that a producer cut in two",
        "flowglow/relay/drafts.py",
        "    if not begins and not ends:\n",
        "    if True:\n",
        "flowglow/relay/test_halves.py::test_a_character_that_a_producer_cut_in_two_arrives_whole[memory]",
    ),
    Guard(
        "an address that can never work",
        "flowglow/watch/sockets.py",
        "                self._refused(refusal.response)\n",
        "                pass\n",
        "flowglow/watch/test_impossible.py::test_a_server_without_a_socket_ends_it",
    ),
    Guard(
        "thousands of starts without order in one call",
        "flowglow/relay/picture.py",
        "isinstance(order, int) else self.highest + 1\n",
        "isinstance(order, int) else 1 + max([-1, *(max(each.orders) for each in self.results.values())])\n",
        "flowglow/relay/test_picture.py::test_an_event_costs_the_same_whatever_was_before",
    ),
    Guard(
        "an order that was given before the picture was taken up",
        "flowglow/relay/picture.py",
        "max((number for each in self.results.values() for number in each.orders), default=-1)",
        "-1",
        "flowglow/relay/test_picture.py::test_a_picture_that_is_taken_up_from_its_parts_goes_on_as_before",
    ),
    Guard(
        "text of a run that is markup",
        "flowglow/watch/picture.py",
        "return Text(one_line(text), style)",
        "return Text.from_markup(one_line(text), style=style)",
        "flowglow/watch/test_screen.py::test_foreign_text_is_shown_as_it_is_and_steers_nothing",
    ),
    Guard(
        "a run whose id steers a terminal",
        "flowglow/watch/lines.py",
        "{one_line(whose)}",
        "{whose}",
        "flowglow/watch/test_screen.py::test_foreign_text_is_shown_as_it_is_and_steers_nothing",
    ),
)
