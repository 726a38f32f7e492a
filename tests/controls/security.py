"""The guards of docs/security.md that are seen without a browser: the page's own, and those of its servers."""

from __future__ import annotations

from .guard import Guard

SECURITY_GUARDS = (
    Guard(
        "a sign-in at a host that is not listed",
        "contract/addresses.py",
        'return None if any(listed) else "auth.not_listed"\n',
        "return None\n",
        "contract/test_addresses.py::test_only_listed_hosts_by_https",
    ),
    Guard(
        "a backend of an origin that nobody listed",
        "settings.py",
        "        if origin in self._allowed or both_local:\n",
        "        if True:\n",
        "test_settings.py::test_a_foreign_origin_is_refused_in_words",
    ),
    Guard(
        "JSON nested deeper than the bound",
        "contract/decode.py",
        "        return from_json(text, allow_inf_nan=allow_inf_nan)\n    except",
        "        return json.loads(text)\n    except",
        "test_bounds.py::test_nesting_at_and_beyond_its_bound",
    ),
    Guard(
        "a number far ahead",
        "run/log.py",
        "        if seq > self.next + MAX_GAP:\n",
        "        if False:\n",
        "test_bounds.py::test_a_number_used_at_and_beyond_the_largest_gap",
    ),
    Guard(
        "tool calls without end",
        "run/fold/tools.py",
        "    evict(record.tools, MAX_TOOLS, lambda each: not each.open and each is not call)\n",
        "",
        "run/fold/test_tools.py::test_calls_are_bounded_and_open_ones_stay",
    ),
    Guard(
        "log lines without end",
        "stores/rows.py",
        "        return RunLog(every[-MAX_LINES:], ",
        "        return RunLog(every, ",
        "stores/test_rows.py::test_a_log_is_bounded_and_knows_its_total",
    ),
    Guard(
        "a field that must be filled in",
        "views/people/forms.py",
        '            raise FieldError("form.required")\n',
        "            return text\n",
        "views/people/test_forms.py::test_what_cannot_be_used_is_refused_by_name",
    ),
    Guard(
        "a ticket for two sockets",
        "link/tickets.py",
        "        ticket = None if self._backend_has_none else await self._ask()\n",
        "        ticket = self._offered = self._offered or (None if self._backend_has_none else await self._ask())\n",
        "link/test_tickets.py::test_a_fresh_ticket_for_each_socket",
    ),
    Guard(
        "a credential in the text of a message",
        "contract/embed.py",
        "Secret = Annotated[SecretStr, AfterValidator(_sendable)]\n",
        "class Plain(SecretStr):\n    __repr__ = __str__ = SecretStr.get_secret_value\n\n\n"
        "Secret = Annotated[Plain, AfterValidator(_sendable)]\n",
        "contract/test_embed.py::test_a_credential_is_in_no_text_of_its_order",
    ),
)

SERVER_GUARDS = (
    Guard(
        "a page that hides its origin, at the dev server",
        "devserver/guard.py",
        '    return scheme in ("http", "https") and is_loopback(netloc)\n',
        "    return True\n",
        "devserver/test_guard.py::test_opaque_origins_are_refused_and_programs_are_not",
    ),
    Guard(
        "a foreign page's socket, at the dev server",
        "devserver/guard.py",
        '        if scope["type"] == "websocket" and not _may_open(Headers(scope=scope)):\n',
        "        if False:\n",
        "devserver/test_socket.py::test_a_foreign_page_is_closed_with_4403",
    ),
    Guard(
        "files that are not the page's, at the dev server",
        "devserver/static.py",
        "        if strange or not parts or parts[0] not in SERVED:\n",
        "        if not parts:\n",
        "devserver/test_static.py::test_nothing_else_is_served",
    ),
    Guard(
        "a backend that cannot be run passes the check",
        "flowglow/check/report.py",
        "    return 2 if not asked(outcomes) or untried_essentials(outcomes) else 0\n",
        "    return 0 if asked(outcomes) else 2\n",
        "flowglow/check/test_report.py::test_what_no_page_can_do_without_and_was_not_tried_is_no_pass",
    ),
    Guard(
        "a policy that lets the page reach every server",
        "flowglow/settings.py",
        '    return "*" not in text and ORIGIN',
        "    return ORIGIN",
        "flowglow/test_settings.py::test_what_cannot_be_used_is_said_in_words",
    ),
    Guard(
        "a foreign page that acts, at the relay",
        "flowglow/relay/api.py",
        "        if not may_act(request, self._settings.origins):\n",
        "        if False:\n",
        "flowglow/relay/test_api.py::test_a_foreign_page_may_not_act",
    ),
    Guard(
        "a foreign page's socket, at the relay",
        "flowglow/relay/socket.py",
        "        if not may_act(socket, self._settings.origins):\n",
        "        if False:\n",
        "flowglow/relay/test_socket.py::test_a_foreign_page_is_closed_with_4403",
    ),
    Guard(
        "a ticket that was used",
        "flowglow/relay/log/memory.py",
        '        user, until = self._tickets.pop(ticket, ("", 0.0))\n',
        '        user, until = self._tickets.get(ticket, ("", 0.0))\n',
        "flowglow/relay/log/test_conformance.py::test_a_ticket_is_good_once_and_for_a_while",
    ),
    Guard(
        "a name that leads out of the page's files",
        "flowglow/answers.py",
        "        found = self._files.get(name)\n        if found is None:\n",
        "        found = self._files.get(name, self._files[INDEX])\n        if found is None:\n",
        "flowglow/test_answers.py::test_nothing_but_the_files_of_the_page_is_served",
    ),
)
"""Their files are named from the root."""
