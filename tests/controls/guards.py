"""The guards of the heart, by what they keep. Those of the edges stand in edges.py."""

from __future__ import annotations

from .extensions import EXTENSION_GUARDS
from .foreign import FOREIGN_GUARDS
from .live import LIVE_GUARDS
from .record import RECORD_GUARDS
from .shown import SHOWN_GUARDS

GUARDS = (*RECORD_GUARDS, *LIVE_GUARDS, *SHOWN_GUARDS, *FOREIGN_GUARDS, *EXTENSION_GUARDS)
