"""Asking Redis: its errors in the words of the port."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError, ResponseError

from .port import Full, OtherForm, Unavailable

_NO_ROOM = ("OOM", "maxmemory", "MISCONF", "unable to persist")
"""How Redis says that it has no room in memory, or on its disk."""
OTHER_FORM = "OTHERFORM"
"""How a script says that what is kept stands in another form."""
ODD = object()
"""The answer where somebody keeps something of another type under a key of ours."""


async def asked(answer: Awaitable[Any] | Any) -> Any:
    """The answer. Raises Unavailable, or Full where Redis has no room."""
    try:
        return await answer
    except (RedisError, OSError) as error:
        raise _in_words(error) from None


async def asked_each(questions: Pipeline) -> list[Any]:
    """All answers, ODD among them: one key that is not what it should be ends no other's. Raises as `asked`."""
    answers = await asked(questions.execute(raise_on_error=False))
    for place, answer in enumerate(answers):
        if isinstance(answer, ResponseError) and str(answer).startswith("WRONGTYPE"):
            answers[place] = ODD
        elif isinstance(answer, RedisError):
            raise _in_words(answer)
    return list(answers)


class WrongKind(Unavailable):
    """What was asked for is kept as something else: asking again is no use."""


def _in_words(error: Exception) -> Unavailable | Full:
    words = str(error).rstrip(".") or type(error).__name__
    if any(each in words for each in _NO_ROOM):
        return Full(f"Redis has no room for more events: {words}. Make room, then send it again.")
    if words.startswith(OTHER_FORM):
        return OtherForm(words.removeprefix(OTHER_FORM).strip())
    kind = WrongKind if words.startswith("WRONGTYPE") else Unavailable
    return kind(f"Redis cannot be reached or used now: {words}.")
