"""Embedded: this page and the one around it. Owns the door, and what goes in and out through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...contract.embed import VERSION, Kind, Knocked, MessageError, Order, TicketGiven, Token
from ...link.credentials import Credentials
from ...person import Host
from ...ports import Off
from ...settings import Settings
from ..commands import Commands
from ..shared import Shared
from .door import Door
from .news import News, answer
from .orders import Orders


@dataclass(frozen=True, slots=True)
class Inside:
    """What of this page the one around it reaches: commands as a person's, credentials, and asking anew."""

    commands: Commands
    credentials: Credentials
    again: Callable[[], None]
    """What was refused for want of a credential is asked again."""


class Embedded:
    """Nothing of it listens or works unless the page stands in a frame that speaks with it."""

    def __init__(self, shared: Shared, settings: Settings, host: Host, inside: Inside) -> None:
        self._shared = shared
        self._settings = settings
        self._host = host
        self._credentials = inside.credentials
        self._door = Door(shared, settings.frames)
        self._news = News(shared, self._door.send)
        self._orders = Orders(shared, inside.commands, self._door, host, may_act=settings.may_act)
        self._listening: list[Off] = []
        """To knocks, for as long as the page lives."""
        self._telling: list[Off] = []
        """Over the present channel."""
        self._door.opened, self._door.ordered = self._opened, self._ordered
        self._credentials.on_asked(self._asked)
        self._credentials.on_given(inside.again)

    def start(self) -> None:
        """Listen to the page around this one, if it is one that speaks."""
        if self._settings.hide:
            self._host.hide(self._settings.hide)
        if self._settings.speaks:
            self._listening.append(self._host.on_knock(self._door.knocked))
            if not self._door.is_open:
                self._host.greet(acts=self._settings.may_act)

    def stop(self) -> None:
        self._orders.close()
        self._news.end()
        self._door.close()
        self._credentials.reach(False)
        for off in (*self._listening, *self._telling):
            off()
        self._listening, self._telling = [], []

    # -- inside -------------------------------------------------------------------------------------
    def _opened(self, knocked: Knocked) -> None:
        """A channel is there, the first or another one: all that is so is said over it."""
        for off in self._telling:
            off()
        settings, location = self._settings, self._shared.stores.visit.get().location
        self._news.tell(
            "ready",
            version=VERSION,
            language=self._shared.words.language,
            acts=settings.may_act,
            flow=location.flow,
            run=location.run,
        )
        self._news.begin(knocked.runs)
        self._telling = [self._host.on_height(lambda height: self._news.tell("height", height=height))]
        self._credentials.reach(True)

    def _ordered(self, order: Order) -> None:
        if not isinstance(order, Token | TicketGiven):
            self._orders.carry_out(order)
            return
        secret = order.token if isinstance(order, Token) else order.ticket
        give = self._credentials.give if isinstance(order, Token) else self._credentials.give_ticket
        if not give(secret.get_secret_value() if secret is not None else None, order.asked):
            self._door.refuse(MessageError("schema", "It answers a question that was never put."))
        elif order.id is not None:
            self._door.send(answer(order.id))

    def _asked(self, kind: Kind, number: int) -> None:
        self._news.tell(f"{kind}-needed", id=number)
