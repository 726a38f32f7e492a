"""The page's words in English. `{name}` is filled in."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "failed.play": "The run could not be started. {reason}",
    "failed.stop": "The run could not be stopped. {reason}",
    "failed.show_run": "The run could not be shown. {reason}",
    "failed.choose_flow": "The flow could not be loaded. {reason}",
    "failed.open": "The flow could not be loaded. {reason}",
    "events.lost": "{count} events of a run did not arrive. What the page shows of it may be incomplete.",
    "sign-in": "The server does not accept this page any more. Sign in again, then press “Try now”.",
    "logs.unavailable": "The log cannot be fetched just now; it is tried again. {reason}",
}
