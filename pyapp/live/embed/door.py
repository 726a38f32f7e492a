"""Door: who may speak with this page. What is wrong has no effect; it is counted, and said with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from ...clock import Clock
from ...contract.addresses import Origin
from ...contract.embed import Knocked, MessageError, Order, Wrong, number_of, read_knock, read_order
from ...person import Channel, Knock
from ...settings import origin_named
from ..shared import Shared
from .news import refusal

BURST, PER_S = 60, 20.0
"""So many messages may come at once, and so many more each second."""
SAY_EVERY_S = 5.0
"""A reason is said once in so long; how often is said with it."""


class Bucket:
    """Owns how much may still come: BURST at once, and PER_S more each second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left, self._since = float(BURST), clock.now()

    def spend(self) -> None:
        """One came. Raises MessageError when it is too much."""
        now = self._clock.now()
        self._left = min(float(BURST), self._left + (now - self._since) * PER_S)
        self._since = now
        if self._left < 1:
            raise MessageError("rate", f"More came than {BURST} at once, or {PER_S:g} each second.")
        self._left -= 1


class Door:
    """Owns the channel to the page around this one: the last that knocked rightly. Nothing is read before who spoke
    is known, and no text of a message is kept or said: it may bear a credential.
    """

    def __init__(self, shared: Shared, frames: frozenset[Origin]) -> None:
        self._shared = shared
        self._frames = frames
        self._channel: Channel | None = None
        self._knocks, self._messages = Bucket(shared.clock), Bucket(shared.clock)
        self._said: dict[Wrong, float] = {}
        self._counts: Counter[Wrong] = Counter()
        self.opened: Callable[[Knocked], None] = lambda knocked: None
        self.ordered: Callable[[Order], None] = lambda order: None

    @property
    def is_open(self) -> bool:
        return self._channel is not None

    def knocked(self, knock: Knock) -> None:
        """Somebody wants to speak."""
        try:
            self._knocks.spend()
            knocked = self._check(knock)
        except MessageError as error:
            self._refuse(error, f"A window of {knock.origin[:100]}")
            if knock.channel is not None:
                knock.channel.close()
            return
        self.close()
        channel = self._channel = knock.channel
        assert channel is not None
        channel.open(self._received)
        self.opened(knocked)

    def send(self, text: str) -> None:
        """Say this to the page around; nothing happens where none speaks with us."""
        if self._channel is not None:
            self._channel.send(text)

    def refuse(self, error: MessageError) -> None:
        """A message was read, and still has no effect."""
        self._refuse(error, "The page around this one")

    def close(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    # -- inside -------------------------------------------------------------------------------------
    def _check(self, knock: Knock) -> Knocked:
        if not knock.from_parent:
            raise MessageError("source", "It is not the window that shows this page in its frame.")
        if origin_named(knock.origin) not in self._frames:
            words = "Its origin is not in `frames` under [portal] in pyscript.toml."
            raise MessageError("origin", words)
        knocked = read_knock(knock.text)
        if knock.channel is None:
            raise MessageError("schema", "It must bring one channel.")
        return knocked

    def _received(self, message: object) -> None:
        try:
            self._messages.spend()
            order = read_order(message)
        except MessageError as error:
            self.refuse(error)
            number = error.number if error.number is not None else number_of(message)
            if number is not None:
                self.send(refusal(number, error.why, str(error)))
            return
        self.ordered(order)

    def _refuse(self, error: MessageError, who: str) -> None:
        shared, why = self._shared, error.why
        shared.stores.metrics.count("refused")
        self._counts[why] += 1
        now = shared.clock.now()
        if now - self._said.get(why, -SAY_EVERY_S) < SAY_EVERY_S:
            return
        self._said[why] = now
        said = f"{who} said what has no effect ({why}, {self._counts[why]} so far). {error}"
        shared.put_aside(said)
        with suppress(Exception):
            shared.reporter.log("warning", f"[Embed] {said}")
