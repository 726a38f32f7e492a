from __future__ import annotations

import pytest

from pyapp.errors import ApiError
from pyapp.link.api import Api
from pyapp.link.credentials import Credentials
from pyapp.link.tickets import Tickets
from pyapp.ports import HttpResponse
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp

TICKET = HttpResponse(200, '{"ticket": "t", "expires_in": 30}')
NONE = HttpResponse(404, "")


def tickets_at(http: FakeHttp, base: str, credentials: Credentials | None = None) -> Tickets:
    credentials = credentials or Credentials(FakeClock())
    return Tickets(Api(http, base, credentials), credentials)


def make(*answers: HttpResponse | BaseException) -> tuple[Tickets, FakeHttp]:
    http = FakeHttp()
    http.then("POST", "/tickets", *answers)
    return tickets_at(http, http.base), http


async def test_a_fresh_ticket_for_each_socket() -> None:
    """A ticket is used once: it is asked for each time."""
    tickets, http = make(TICKET)
    assert [await tickets.next(), await tickets.next()] == ["t", "t"]
    assert http.asked("POST", "/tickets") == 2


async def test_without_a_backend_nothing_is_asked() -> None:
    """A page that has a socket only opens it without a ticket."""
    http = FakeHttp()
    tickets = tickets_at(http, "")
    assert tickets.none
    assert await tickets.next() is None
    assert http.requests == []


async def test_a_backend_that_has_none_is_asked_again_once_that_is_doubted() -> None:
    """404 is believed until `forget`, and no longer."""
    tickets, http = make(NONE, TICKET)
    assert await tickets.next() is None
    assert tickets.none and await tickets.next() is None
    assert http.asked("POST", "/tickets") == 1
    tickets.forget()
    assert not tickets.none
    assert await tickets.next() == "t"


@pytest.mark.parametrize("trouble", [HttpResponse(503, ""), TimeoutError(), OSError("no network")])
async def test_trouble_over_http_matters_only_where_tickets_are_needed(trouble: HttpResponse | BaseException) -> None:
    """Before the first ticket the socket may work without one; after it, it cannot, and `forget` changes nothing."""
    tickets, _ = make(trouble, TICKET, trouble)
    assert await tickets.next() is None
    assert await tickets.next() == "t"
    tickets.forget()
    with pytest.raises(ApiError):
        await tickets.next()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_is_an_error_from_the_first(status: int) -> None:
    """Who may not have a ticket may not have a socket."""
    tickets, _ = make(HttpResponse(status, ""))
    with pytest.raises(ApiError) as refused:
        await tickets.next()
    assert refused.value.status == status
