"""The figures, in the order in which they are measured and written."""

from __future__ import annotations

from collections.abc import Callable

from ..report import Figure
from ..stage import Stage
from .boot import boot, slow_line
from .burst import burst
from .code import code
from .frame import frame
from .growth import growth
from .idle import idle
from .latency import latency
from .life import life, one_by_one, sizes
from .opening import opening
from .streams import chat, mixed, recording
from .timeline import timeline

FIGURES: dict[str, Callable[[Stage], Figure]] = {
    "life": life,
    "one-by-one": one_by_one,
    "sizes": sizes,
    "mix": mixed,
    "chat": chat,
    "recording": recording,
    "latency": latency,
    "code": code,
    "frame": frame,
    "growth": growth,
    "burst": burst,
    "boot": boot,
    "line": slow_line,
    "opening": opening,
    "idle": idle,
    "timeline": timeline,
}
