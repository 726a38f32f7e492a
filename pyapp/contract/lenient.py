"""Reading HTTP answers leniently: what is wrong in one place loses that place, never the whole answer.

List items and dict values that cannot be read are left out by pydantic's own `OnErrorOmit`.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .decode import parse

T = TypeVar("T")


class Answer(BaseModel):
    """Base of everything that comes over HTTP; more than the fields named is fine."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


def _or_none(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


OrNone = WrapValidator(_or_none)
"""None in place of a value that is not what it should be."""

Moment = Annotated[float, Field(gt=-1e11, lt=1e11)]
"""Seconds since the epoch. Beyond these bounds (the year 5138) no calendar follows."""


def read_json(text: str, adapter: TypeAdapter[T]) -> T:
    """Read an answer. Raises ValueError (a ValidationError is one) in words of the parser.

    NaN passes the parser, so that one bad number loses one field; the models refuse it.
    """
    return adapter.validate_python(parse(text))
