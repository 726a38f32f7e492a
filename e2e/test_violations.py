"""What a policy refuses is heard, whichever page and whichever test it was in."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from .violations import Violations


def test_what_a_policy_refuses_fails_the_test(context: BrowserContext, violations: Violations) -> None:
    page = context.new_page()
    policy = {"content-security-policy": "img-src 'none'"}
    page.route("**/x", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html", headers=policy))
    page.goto("http://127.0.0.1:9/x")
    with page.expect_console_message(lambda message: "img-src" in message.text and message.type == "debug"):
        page.evaluate("() => document.body.append(Object.assign(new Image(), { src: '/image' }))")
    with pytest.raises(AssertionError, match=r"img-src http://127\.0\.0\.1:9/image"):
        violations.check()
    violations.check()  # once
    page.close()
