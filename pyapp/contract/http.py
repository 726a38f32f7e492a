"""The HTTP answers (docs/contract.md §2), but for the flow's: contract/flow.py has that.

They are read leniently: what is wrong in one place loses that place, never the whole answer. List items and dict
values that cannot be read are left out by pydantic's own `OnErrorOmit`.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, OnErrorOmit, TypeAdapter, ValidationInfo, field_validator

from .decode import parse
from .events import Count, Id, InteractionEvent, Requirement
from .lenient import Lenient, Listed

T = TypeVar("T")


class Answer(BaseModel):
    """Base of everything that comes over HTTP; more than the fields named is fine."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


Moment = Annotated[float, Field(gt=0, lt=1e11)]
"""Seconds since the epoch. Behind that bound (the year 5138) no calendar follows; 0 is written where there is none."""

LastSeq = Annotated[int, Field(ge=-1, le=2**53 - 1)]
"""The number of a run's last event; -1 before its first."""


class NodeResult(Answer):
    """What the server knows of one node of a run; `status` speaks of the last of its `orders`."""

    status: str
    content: Any = None
    error: Any = None
    orders: Lenient[list[OnErrorOmit[Count]]] = None
    cut: Lenient[list[str]] = None
    """Names of these fields of which not all is told: it was too much to keep."""


class RunInfo(Answer):
    """One run; times in seconds since the epoch. What the server does not say, or says wrongly, is None."""

    run_id: Id
    flow_id: Lenient[Id] = None
    input: Any = None
    status: str
    started_at: Lenient[Moment] = None
    began_at: Lenient[Moment] = None
    """When it began to run; from `started_at` until then it was queued."""
    ended_at: Lenient[Moment] = None
    last_seq: Lenient[LastSeq] = None
    error: Any = None
    results: Lenient[dict[str, OnErrorOmit[NodeResult]]] = None
    results_cut: Lenient[bool] = None
    """Nodes are left out of `results`: there were too many."""
    requirements: Lenient[list[OnErrorOmit[Requirement]]] = None
    """What the run waits for; None when the server does not say."""
    interactions: Lenient[list[OnErrorOmit[InteractionEvent]]] = None

    @field_validator("interactions", mode="before")
    @classmethod
    def _as_events(cls, items: Any, info: ValidationInfo) -> Any:
        """Over HTTP the fields that say what it is, and of which run, may be missing."""
        known = {"event": "interaction_event", "interaction": "oauth", "run_id": info.data.get("run_id")}
        return [known | item for item in items if isinstance(item, dict)] if isinstance(items, list) else None


class LogEntry(Answer):
    """One log line."""

    ts: Lenient[Moment] = None
    level: Lenient[Id] = None
    node_id: Lenient[str] = None
    text: str = ""


class LogPage(Answer):
    """Log lines behind a cursor, and the cursor to ask with next; without one, all there are."""

    lines: Listed[list[OnErrorOmit[LogEntry]]]
    cursor: Lenient[Id | int] = None


class Started(Answer):
    """The answer to a start."""

    run_id: Id


class Ticket(Answer):
    """A single-use ticket for one socket."""

    ticket: Id


def read_json(text: str, adapter: TypeAdapter[T]) -> T:
    """Read an answer. Raises ValueError (a ValidationError is one) in words of the parser.

    NaN passes the parser, so that one bad number loses one field; the models refuse it.
    """
    return adapter.validate_python(parse(text))
