"""The way in: boots the page, and brings whatever keeps it from booting before a person's eyes."""

from __future__ import annotations

import traceback
from typing import Any

import js


def start(**options: Any) -> Any:
    """Import and boot the App; options as `page.boot` has them. What fails fills the failure panel and is raised."""
    try:
        from .page import boot

        return boot(**options)
    except BaseException:
        js.flowglow.fail("broken", traceback.format_exc())
        raise
