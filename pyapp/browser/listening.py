"""Listening: a function of ours that JavaScript calls until it is let go. Leaves neither a listener nor a proxy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyodide.ffi import create_proxy

from ..ports import Off


def listening(function: Callable[..., object], begin: Callable[[Any], Callable[[], object]]) -> Off:
    """`begin(proxy)` has JavaScript call the function, and answers with what ends that."""
    proxy = create_proxy(function)
    end = begin(proxy)

    def off() -> None:
        end()
        proxy.destroy()

    return off


def listening_to(target: Any, event: str, function: Callable[[Any], object], options: Any) -> Off:
    """The function hears this event at the target."""

    def begin(proxy: Any) -> Callable[[], object]:
        target.addEventListener(event, proxy, options)
        return lambda: target.removeEventListener(event, proxy, options)

    return listening(function, begin)
