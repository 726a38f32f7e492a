"""The way in: boots the page, and brings whatever keeps it from booting before a person's eyes."""

from __future__ import annotations

import gc
import traceback
from typing import Any

import js

LOOK_FOR_CYCLES = 10_000
"""Objects that come, less those that go, until the next look for such as hold one another: there are next to none."""


def start(**options: Any) -> Any:
    """Import and boot the App; options as `page.boot` has them. What fails fills the failure panel and is raised."""
    try:
        from .page import boot

        app = boot(**options)
        gc.freeze()  # what is here stays for as long as the page: to look through it would take a task of 30 ms
        gc.set_threshold(LOOK_FOR_CYCLES)
        return app
    except BaseException:
        js.flowglow.fail("broken", traceback.format_exc())
        raise
