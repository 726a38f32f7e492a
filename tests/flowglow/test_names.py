"""By which names a server of ours is asked."""

from __future__ import annotations

import pytest

from flowglow.names import names_it


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("localhost:8000", True),
        ("PORTAL.test:8000", True),
        ("evil.test:8000", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.evil.test:8000", False),
        ("127.0.0.1@evil.test", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_by_its_address_or_a_name_that_it_has(host: str, named: bool) -> None:
    assert names_it(host, ["portal.TEST"]) is named
    assert names_it(host, None)
