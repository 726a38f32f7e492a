from __future__ import annotations

import json

import pytest

from pyapp.ports import HttpResponse
from pyapp.testing.http import FakeHttp


async def test_http_answers_as_prepared() -> None:
    """By method and path, with or without query; in turn; an exception is raised; else 404."""
    http = FakeHttp("base")
    http.answer("GET", "/a", {"x": 1})
    http.answer("GET", "/a?q=1", "special", 201)
    http.then("POST", "/b", OSError("gone"), HttpResponse(200, "back"))
    assert json.loads((await http.request("GET", "base/a?other=1")).text) == {"x": 1}
    assert (await http.request("GET", "base/a?q=1")).status == 201
    with pytest.raises(OSError, match="gone"):
        await http.request("POST", "base/b", body='{"y": 2}')
    assert (await http.request("POST", "base/b")).text == "back"
    assert (await http.request("POST", "base/b")).text == "back"
    assert (await http.request("GET", "base/nothing")).status == 404
    assert http.requests[2] == ("POST", "/b", {"y": 2})
    assert (http.asked("GET", "/a"), http.asked("POST", "/b")) == (2, 3)
