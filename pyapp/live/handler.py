"""EventHandler: the base of everything that reacts to events.

    class Beep(EventHandler):
        name = "Beep"
        events = frozenset({"run_end"})
        costs = "No sound at the end of a run."

        def handle(self, message, context):
            context.notices.say("beep", "Done.")

A handler decides when and whether something is seen, never what is true: it reads the run's record. It keeps no state
of runs, and holds no try/except for its own failure: the router isolates it.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from ..contract.events import EVENTS
from ..contract.own import OwnEvent, names_of
from ..errors import HandlerError
from ..run.fold.step import Touched

if TYPE_CHECKING:
    from ..run.run import Run
    from .context import HandlerContext


class EventHandler:
    """One concern, told of the events it names. Declared wrongly, its class cannot be made."""

    name: ClassVar[str] = ""
    events: ClassVar[frozenset[str]] = frozenset()
    messages: ClassVar[tuple[type[OwnEvent], ...]] = ()
    """Types of messages of its own, beside the contract's events: it hears of them, too."""
    part: ClassVar[str] = ""
    """Of the events it names, it hears of those alone that changed this part of the record (a field of `Touched`), or
    ended the run. "" for all."""
    costs: ClassVar[str] = ""
    """What the user misses while this handler fails: a sentence, shown in the inspector."""
    on_replay: ClassVar[bool] = False
    """Whether `handle` also hears of events that are told again (a catch-up, a history). By default it does not, so
    that nothing pops up, sounds, is asked or said for what happened long ago: `repaint` follows instead. One that
    hears of them must show every run, in front or not; it is repainted only when a record was made anew."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = cls.__dict__.get("name") or cls.__name__
        own = frozenset(name for kind in cls.messages for name in names_of(kind))
        cls.events = cls.events | own
        if not cls.events:
            raise HandlerError(f"{cls.__name__} handles no event. Name its events in `events`.")
        unknown = sorted(cls.events - EVENTS - own)
        if unknown:
            raise HandlerError(
                f"{cls.__name__} declares events that do not exist: {', '.join(unknown)}. "
                f"The events are {', '.join(sorted(EVENTS))}."
            )

        if cls.part and cls.part not in Touched.__slots__:
            raise HandlerError(f"{cls.__name__} hears of a part that does not exist: {cls.part}.")

    def can_handle(self, message: Any) -> bool:
        """Whether this message is for this handler; asked only for the events it names."""
        return True

    def handle(self, message: Any, context: HandlerContext) -> Coroutine[Any, Any, None] | None:
        """Show what this event touched; plain or `async def`. The run's record already includes the event.

        `message` is an event of the contract, or of `messages`.

        Async code runs on the spot up to its first real suspension, in the same browser task as the message. Events
        that come before it has ended are not handed over: `repaint` is called when it has, at most 2 s later.
        """
        raise NotImplementedError

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        """Make all that this handler shows of `run` equal to its record; with None, show no run."""
