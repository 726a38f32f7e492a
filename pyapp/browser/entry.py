"""The way in: boots the page, and brings whatever keeps it from booting before a person's eyes."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import js

if TYPE_CHECKING:
    from ..app import App


def start(**options: Any) -> App:
    """Import and boot the app; options as `page.boot` has them.

    A failure, of an import too, fills the failure panel and is raised again.
    """
    try:
        from .page import boot

        return boot(**options)
    except BaseException:
        js.flowglow.fail("The app could not start.", traceback.format_exc())
        raise
