"""The page's words in English. `{name}` is filled in."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "failed.play": "The run could not be started. {reason}",
    "failed.stop": "The run could not be stopped. {reason}",
    "failed.show_run": "The run could not be shown. {reason}",
    "failed.choose_flow": "The flow could not be loaded. {reason}",
}
