"""The control frames that a server sends (docs/contract.md §1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from .events import Id, Wire, names


class Hello(Wire):
    type: Literal["hello"]
    heartbeat_s: Annotated[float, Field(gt=0)] | None = None
    sparse: bool | None = None
    server: str | None = None
    protocol: int | None = None
    instance: str | None = None
    """Another value than before says that the numbers of runs may have begun again."""
    flows: bool | None = None
    """It tells of the runs of the flow alone to which a page subscribes, and of those that it names."""


class Ping(Wire):
    type: Literal["ping"]


class CatchUp(Wire):
    """The server is about to send again what was missed: seq `from_seq` up to and including `to_seq`."""

    type: Literal["catch_up"]
    run_id: Id
    from_seq: int
    to_seq: int
    complete: bool


class ServerError(Wire):
    type: Literal["error"]
    code: str
    message: str


Control = Hello | Ping | CatchUp | ServerError

CONTROL_ADAPTER: TypeAdapter[Control] = TypeAdapter(Annotated[Control, Field(discriminator="type")])
CONTROLS = names(Control, "type")
"""The names of the control frames a server sends."""
