"""What a page may send over its socket (docs/contract.md §1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError, model_validator

from .drafts import MAX_ID_CHARS

MAX_RESUMED = 1_000
MAX_SEQ = 2**53 - 2
"""No event has this number: what is asked for behind a higher one is asked for behind this one."""


def bounded(seq: int) -> int:
    """The number, or the bound that it is beyond."""
    return min(MAX_SEQ, max(-1, seq))


Id = Annotated[str, Field(max_length=MAX_ID_CHARS)]
"""Of a run or a flow. None that is longer can have been told of, and what a socket names is kept."""


class Resume(BaseModel):
    type: Literal["resume"]
    runs: dict[Id, Annotated[int, AfterValidator(bounded)]] = Field(max_length=MAX_RESUMED)


class Subscribe(BaseModel):
    """To a run, to the runs of the flow that the page shows, or both."""

    type: Literal["subscribe"]
    run_id: Id | None = None
    flow_id: Id | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Subscribe:
        if self.run_id is None and self.flow_id is None:
            raise ValueError("it needs `run_id` or `flow_id`")
        return self


class Pong(BaseModel):
    type: Literal["pong"]


Frame = Resume | Subscribe | Pong
_FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


def read_frame(text: str) -> Frame:
    """The frame. Raises ValueError, in a sentence for whoever wrote the page."""
    try:
        return _FRAME.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(f"{part!s:.50}" for part in first["loc"]) or "the frame"
        raise ValueError(f"A frame could not be used: {where}: {first['msg']:.200}.") from None
