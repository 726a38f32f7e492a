"""Who may come in: tickets, origins, and what the page's own policy lets through (docs/contract.md §2, §3)."""

from __future__ import annotations

import asyncio
import math
import re
from urllib.parse import urlsplit

from pyapp.contract.addresses import origin_of

from ..backend import Refusal
from ..findings import Outcome, Untried
from ..session import Session
from ..wire import Wire

FOREIGN = "https://flowglow-check.invalid"
AUTH_CODES = (4401, 4403)


async def tickets(session: Session, outcome: Outcome) -> None:
    """Each opens one socket, for a while."""
    backend = session.backend
    reply = await backend.call("POST", "/tickets", {})
    if reply.absent:
        outcome.could_not("This backend has no tickets: its sockets must be protected otherwise (cookies and Origin).")
        return
    issued = reply.value if isinstance(reply.value, dict) else {}
    ticket, expires_in = issued.get("ticket"), _seconds(issued.get("expires_in"))
    if not reply.ok or not isinstance(ticket, str) or expires_in is None:
        outcome.find("tickets.unreadable", reply.brief)
        return
    expiry = asyncio.ensure_future(_expired(session, outcome, expires_in))
    try:
        first = await backend.attempt(ticket)
        if isinstance(first, Refusal) and first.redirected:
            raise backend.refused(first)
        if isinstance(first, Refusal) and first.negotiated:
            outcome.could_not("Whether tickets work: a subprotocol is selected that was not offered.")
            return
        if await _turned_away(session, first):
            outcome.find("tickets.refused", _how(first))
        else:
            await _must_not(session, outcome, ticket, "tickets.twice")
        await _must_not(session, outcome, "flowglow-check-made-this-up", "tickets.unknown")
        bare = await backend.attempt(None)
        if not await _turned_away(session, bare):
            outcome.find("tickets.needless", "one opened")
        await expiry
    finally:
        expiry.cancel()


async def origins(session: Session, outcome: Outcome) -> None:
    """Which pages may talk to it."""
    wire = await session.backend.attempt(await session.backend.ticket(), origin=FOREIGN)
    if not await _turned_away(session, wire):
        outcome.find("origin.foreign", f"one with `Origin: {FOREIGN}` stayed open")
    own, api = session.options.own_origin, session.options.api
    if origin_of(own) == origin_of(api):
        outcome.could_not("CORS: the page is taken to be of the API's own origin; name another one with --origin.")
        return
    reply = await session.backend.call("GET", "/flows", headers={"origin": own})
    allowed = reply.headers.get("access-control-allow-origin")
    if allowed not in ("*", own):
        outcome.find("cors.origin", str(allowed))
        return
    asked = {"origin": own, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = await session.backend.call("OPTIONS", "/tickets", headers=asked)
    headers = preflight.headers.get("access-control-allow-headers", "").lower()
    if not preflight.ok or ("content-type" not in headers and headers != "*"):
        outcome.find("cors.preflight", f"{preflight.status} {headers!r}")
    if "date" not in reply.headers.get("access-control-expose-headers", "").lower():
        outcome.find("cors.date", "it is not exposed")


async def policy(session: Session, outcome: Outcome) -> None:
    """Whether the page's own policy lets it reach this backend."""
    if session.options.page is None:
        raise Untried("The page's CSP: name its address with --page.")
    reply = await session.backend.fetch(session.options.page)
    meta = re.search(r'http-equiv="content-security-policy"\s+content="([^"]*)"', reply.text, re.I)
    policies = [each for each in (reply.headers.get("content-security-policy"), meta[1] if meta else None) if each]
    if not policies:
        outcome.find("csp.none", "none")
    for name, address in (("ws", session.options.ws), ("api", session.options.api)):
        for each in policies:
            if not _allows(each, address, session.options.page):
                outcome.find(f"csp.{name}", each)


async def _expired(session: Session, outcome: Outcome, expires_in: float) -> None:
    """Hold one until its time is over."""
    if expires_in > session.options.patience_s:
        outcome.could_not(f"An expired ticket: it takes {expires_in:g} s; --patience {expires_in + 1:.0f} tries it.")
        return
    old = await session.backend.call("POST", "/tickets", {})
    await asyncio.sleep(expires_in + 0.2)
    held = old.value.get("ticket") if isinstance(old.value, dict) else None
    if isinstance(held, str):
        await _must_not(session, outcome, held, "tickets.expired")


async def _must_not(session: Session, outcome: Outcome, ticket: str, code: str) -> None:
    """This ticket must be refused, and so that a page can tell."""
    opened = await session.backend.attempt(ticket)
    if not await _turned_away(session, opened):
        outcome.find(code, "the socket stayed open")
    elif isinstance(opened, Refusal) or opened.close_code not in AUTH_CODES:
        outcome.find("tickets.close_code", _how(opened))


def _seconds(value: object) -> float | None:
    """A time that something lasts; None where it is none."""
    return value if isinstance(value, int | float) and 0 < value < math.inf else None


async def _turned_away(session: Session, opened: Wire | Refusal) -> bool:
    if isinstance(opened, Refusal):
        return True
    await opened.until(lambda: bool(opened.items), session.options.grace_s)
    return opened.closed


def _how(opened: Wire | Refusal) -> str:
    return opened.why if isinstance(opened, Refusal) else f"closed with {opened.close_code} {opened.close_reason}"


def _allows(policy: str, address: str, page: str) -> bool:
    """Whether `connect-src` of a policy, or `default-src`, lets this address through."""
    directives = {words[0].lower(): words[1:] for each in policy.split(";") if (words := each.split())}
    sources = directives.get("connect-src", directives.get("default-src"))
    if sources is None:
        return True
    wanted = urlsplit(address)
    for source in sources:
        if source == "*" or source == f"{wanted.scheme}:":
            return True
        if source == "'self'" and origin_of(address) == origin_of(page):
            return True
        try:
            found = urlsplit(source if "://" in source else f"{wanted.scheme}://{source}")
        except ValueError:
            continue
        host = found.hostname or ""
        fits = host == wanted.hostname or (host.startswith("*.") and (wanted.hostname or "").endswith(host[1:]))
        port_fits = found.netloc.endswith(":*") or _origin_port(source, wanted.scheme) == origin_of(address)[2]
        if fits and port_fits and found.scheme == wanted.scheme:
            return True
    return False


def _origin_port(source: str, scheme: str) -> int | None:
    try:
        return origin_of(source if "://" in source else f"{scheme}://{source}")[2]
    except ValueError:
        return None
