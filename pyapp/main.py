"""The entry: settings → App → `html[data-app=ready]`. Run by PyScript in the page."""

from __future__ import annotations

from pyapp.browser.entry import start

app = start()
