"""What is read leniently: a part that is not what it should be is as if it had not been sent."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field

T = TypeVar("T")

Nothing = Annotated[None, BeforeValidator(lambda value: None)]
Lenient = Annotated[T | Nothing, Field(union_mode="left_to_right")]
"""`Lenient[int]`: an int, else None. What is as it should be costs no call of Python."""
Words = Annotated[str | Annotated[str, BeforeValidator(lambda value: "")], Field(union_mode="left_to_right")]
"""A text, else none."""
Listed = Annotated[T, BeforeValidator(lambda value: [] if value is None else value)]
"""`Listed[list[int]]`: null is a list of nothing, as some servers write it."""
