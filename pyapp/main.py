"""The entry: settings → App → `html[data-app=ready]`. Run by PyScript in the page."""

from __future__ import annotations

import traceback

import js

try:
    from pyapp.browser.page import boot

    app = boot()
except BaseException:  # whatever it is, a person must be able to read it
    js.flowglow.fail("The app could not start.", traceback.format_exc())
    raise
