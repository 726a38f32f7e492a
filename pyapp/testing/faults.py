"""Faults: a Seam that lets a test break any guarded part of the page by name, and mend it again.

faults = Faults()
page = FakePage(seam=faults)
faults.arm("handler ChatStreamHandler", RuntimeError("broken"))
…
faults.mend()"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ports import Part


class Faults:
    """Stands before each part that passed through it. `names` lists them: a test that breaks nothing cannot pass."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.fired: dict[str, int] = {}
        """How often each broken part was called."""
        self._armed: dict[str, tuple[BaseException | Callable[..., Any], int]] = {}

    def __call__(self, name: str, part: Part) -> Part:
        self.names.add(name)

        def guarded(*arguments: Any, **named: Any) -> Any:
            armed = self._armed.get(name)
            if armed is None:
                return part(*arguments, **named)  # type: ignore[operator]
            fault, times = armed
            self.fired[name] = self.fired.get(name, 0) + 1
            if times == 1:
                del self._armed[name]
            elif times > 1:
                self._armed[name] = (fault, times - 1)
            if isinstance(fault, BaseException):
                raise fault
            return fault(*arguments, **named)

        return guarded  # type: ignore[return-value]

    def arm(self, name: str, fault: BaseException | Callable[..., Any], *, times: int = 0) -> None:
        """Let a part raise, or do something else, from now on; `times` how often, 0 until it is mended."""
        if name not in self.names:
            raise LookupError(f"The page has no part {name!r}; it has {', '.join(sorted(self.names))}.")
        self._armed[name] = (fault, times)

    def mend(self, name: str | None = None) -> None:
        """The part works again; without a name, every part."""
        if name is None:
            self._armed.clear()
        else:
            self._armed.pop(name, None)
