"""What a person does with a page before a backend of another protocol, and what they read there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from .conftest import Guard
from .events import metric

LONG_MS = 30_000
"""The longest run takes seven seconds on an idle machine."""


def as_new(page: Page, guard: Guard) -> Iterator[Page]:
    """The page without runs; behind the test nothing that came was malformed, and no part of the page failed."""
    page.evaluate("() => flowglow.reset()")
    yield page
    guard.check()
    assert [metric(page, name) for name in ("malformed", "failed")] == [0, 0]


def play(page: Page, words: str) -> Locator:
    """Start a run of the flow on the canvas; its row."""
    page.locator("#run-input").fill(words)
    known = page.locator("#runs [data-run-id]").evaluate_all("rows => rows.map((row) => row.dataset.runId)")
    page.locator("#play").click()
    new = "".join(f':not([data-run-id="{run_id}"])' for run_id in known)
    run_id = page.locator(f"#runs [aria-current=true]{new}").get_attribute("data-run-id", timeout=LONG_MS)
    return page.locator(f'#runs [data-run-id="{run_id}"]')


def is_over(row: Locator, status: str = "success") -> None:
    expect(row).to_have_attribute("data-status", status, timeout=LONG_MS)


def said(page: Page, kind: str = "text") -> list[str]:
    """What the chat holds, as it is read."""
    page.locator("#side-tabs [aria-controls=panel-chat]").click()
    return [re.sub(r"\s+", " ", each) for each in page.locator(f"#chat [data-kind={kind}]").all_inner_texts()]
