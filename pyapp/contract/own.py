"""Message types of a portal's own, beside the contract's events: read by their name, in the order of their run.

class DeployProgress(OwnEvent):
    event: Literal["deploy_progress"]
    percent: int
"""

from __future__ import annotations

from copy import deepcopy
from typing import get_args

from pydantic import ValidationError

from ..errors import HandlerError
from .control import CONTROLS
from .decode import Malformed, Unknown, clip, sentence
from .events import EVENTS, BaseEvent, NodeRef


class OwnEvent(NodeRef):
    """An event that the contract does not know: it has its place in its run's log, and changes no record."""


class OwnTypes:
    """Owns which types there are. Two that claim one name would be read by chance, so the second is refused."""

    def __init__(self) -> None:
        self._types: dict[str, type[OwnEvent]] = {}

    def add(self, kind: type[OwnEvent]) -> None:
        """Read messages of this type from now on. Raises HandlerError."""
        for name in names_of(kind):
            if self._types.setdefault(name, kind) is not kind:
                raise HandlerError(f"{kind.__name__}: there is another type of messages that are called {name!r}.")

    def read(self, item: Unknown) -> OwnEvent | Malformed | Unknown:
        """What the item is by its own type; as it came where nobody has a type for it. Never raises.

        A type is a portal's code, and may do anything: it is given a copy, and which run the item is of, and where it
        stands there, is told by the item.
        """
        kind = self._types.get(item.name) if "event" in item.raw else None
        if kind is None:
            return item
        try:
            common = BaseEvent.model_validate(item.raw)
            own = kind.model_validate(deepcopy(item.raw))
            if isinstance(own, kind):
                return _placed(own, common)
            reason = f"Its type made no message of it, but {type(own).__name__}."
        except ValidationError as error:
            reason = sentence(error, item.name, 0)
        except BaseException as error:  # also SystemExit: only this message pays
            reason = f"The item could not be read: {type(error).__name__}."
        return Malformed(reason, clip(repr(item.raw)), item.used)


def _placed(own: OwnEvent, common: BaseEvent) -> OwnEvent:
    """The message with what every event bears as it came."""
    bears = {name: getattr(common, name) for name in BaseEvent.model_fields}
    changed = {name: value for name, value in bears.items() if getattr(own, name) != value}
    return own.model_copy(update=changed) if changed else own


def names_of(kind: type[OwnEvent]) -> frozenset[str]:
    """What messages of this type are called: the words of its field `event`. Raises HandlerError."""
    names = get_args(kind.model_fields["event"].annotation)
    if not names or not all(isinstance(name, str) for name in names):
        raise HandlerError(f'{kind.__name__} does not say what it is called: `event: Literal["deploy_progress"]`, say.')
    taken = sorted(set(names) & (EVENTS | CONTROLS))
    if taken:
        raise HandlerError(f"{kind.__name__}: {taken[0]!r} is a name of the contract. Take another one.")
    return frozenset(names)
