"""FakeHttp: answers that a test has prepared."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from ..ports import HttpResponse


class FakeHttp:
    """Answers by method and path; a path that was not prepared gives 404 in the backend's own words.

    `base` is cut off from addresses, so that tests speak of paths.
    """

    def __init__(self, base: str = "http://portal.test/api") -> None:
        self.base = base
        self.requests: list[tuple[str, str, Any]] = []
        self.tokens: list[str | None] = []
        """What each request bore."""
        self._answers: dict[tuple[str, str], list[HttpResponse | BaseException]] = {}

    def answer(self, method: str, path: str, body: Any, status: int = 200) -> None:
        """Answer with `body` (text as it is, else as JSON) from now on."""
        text = body if isinstance(body, str) else json.dumps(body)
        self._answers[(method, path)] = [HttpResponse(status, text)]

    def then(self, method: str, path: str, *answers: HttpResponse | BaseException) -> None:
        """Answer with these in turn; the last one stays. An exception is raised."""
        self._answers[(method, path)] = list(answers)

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        path = url.removeprefix(self.base)
        self.requests.append((method, path, None if body is None else json.loads(body)))
        self.tokens.append(token)
        await asyncio.sleep(0)
        answers = self._answers.get((method, path)) or self._answers.get((method, path.split("?")[0]))
        if not answers:
            error = {"error": {"code": "not_found", "message": f"There is nothing at {path}."}}
            return HttpResponse(404, json.dumps(error))
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def asked(self, method: str, path: str) -> int:
        """How often this was asked, whatever its query."""
        return sum(1 for each, where, _ in self.requests if each == method and where.split("?")[0] == path)
