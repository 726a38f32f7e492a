"""Tickets open one socket, once, and soon."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from devserver.tickets import EXPIRES_S, MAX_OPEN, Tickets, ticket_in


def offered(ticket: str) -> list[str]:
    return ["flowglow.1", f"ticket.{base64.urlsafe_b64encode(ticket.encode()).decode().rstrip('=')}"]


def test_a_ticket_is_good_once() -> None:
    """The second use fails, and so does a word that was never issued."""
    tickets = Tickets()
    ticket = tickets.issue()
    assert tickets.redeem(ticket)
    assert not tickets.redeem(ticket)
    assert not tickets.redeem("made up")


def test_a_ticket_expires() -> None:
    """Just before the time it opens the socket, at the time no more."""
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    early, late = tickets.issue(), tickets.issue()
    now[0] = EXPIRES_S - 0.1
    assert tickets.redeem(early)
    now[0] = EXPIRES_S
    assert not tickets.redeem(late)


def test_open_tickets_are_bounded() -> None:
    """Whoever asks without end makes the oldest ones void."""
    tickets = Tickets()
    issued = [tickets.issue() for _ in range(MAX_OPEN + 1)]
    assert not tickets.redeem(issued[0])
    assert tickets.redeem(issued[1]) and tickets.redeem(issued[-1])


@given(st.text(min_size=1))
def test_a_ticket_is_found_among_the_subprotocols(ticket: str) -> None:
    """Whatever is in it, it comes out as it went in."""
    assert ticket_in(offered(ticket)) == ticket


def test_no_ticket_is_none_and_a_broken_one_is_empty() -> None:
    """The two are told apart: the first may be allowed, the second never is."""
    assert ticket_in(["flowglow.1"]) is None
    assert ticket_in(["ticket.%%%"]) == ""
    assert ticket_in(["ticket._w"]) == ""
