"""HTTP whose answers fail as a test says, one fault for each request.

What is held back is given later, as it was true when it was asked for: by then it may be stale.
"""

from __future__ import annotations

import asyncio
import json

from pyapp.clock import Clock, Timer
from pyapp.ports import HttpResponse
from pyapp.testing.http import FakeHttp

HTTP_FAULTS = ("late", "never", "404", "503", "html", "cut short", "unreachable")


class Held:
    """An HTTP answer that is kept back until somebody gives it."""

    def __init__(self, answer: HttpResponse | None, clock: Clock, timeout_s: float) -> None:
        self._answer = answer
        self.future: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        self._timer: Timer = clock.call_later(timeout_s, lambda: self.fail(TimeoutError()))

    def give(self) -> None:
        """Give the answer; where there never was one, the connection breaks."""
        self._timer.cancel()
        if self._answer is None:
            self.fail(OSError("the connection was reset"))
        elif not self.future.done():
            self.future.set_result(self._answer)

    def fail(self, error: Exception) -> None:
        self._timer.cancel()
        if not self.future.done():
            self.future.set_exception(error)


class FaultyHttp(FakeHttp):
    """Answers by `answer_to`, else as prepared. `clock` times out what is held back or never answered."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.faults: list[str] = []
        """Faults of the next requests."""
        self.late: set[str] = set()
        """Paths of which every answer is held back."""
        self.struck: set[str] = set()
        """The faults that struck a request; `stale`: an answer was given when more had happened."""
        self._clock = clock
        self._held: list[tuple[Held, int]] = []
        """Answers kept back, and the moment at which they were true."""

    @property
    def moment(self) -> int:
        """How much has happened so far."""
        return 0

    def answer_to(self, method: str, path: str) -> HttpResponse | None:
        """What is true now; None for what was prepared."""
        return None

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        path = url.removeprefix(self.base)
        fault = "late" if {path, path.split("?")[0]} & self.late else self.faults.pop(0) if self.faults else ""
        self.struck.add(fault)
        answer = self.answer_to(method, path)
        if answer is None:
            answer = await super().request(method, url, body=body, token=token)
        else:
            self.requests.append((method, path, None))
        if fault in ("late", "never"):
            held = Held(answer if fault == "late" else None, self._clock, timeout_s)
            self._held.append((held, self.moment))
            try:
                return await held.future
            finally:
                held.give()
        await asyncio.sleep(0)
        if fault == "unreachable":
            raise OSError("the network is down")
        if fault == "404":
            return HttpResponse(404, json.dumps({"error": {"code": "not_found", "message": "Nothing here."}}))
        if fault == "503":
            return HttpResponse(503, "")
        if fault == "html":
            return HttpResponse(200, "<html><body>Please sign in to the hotel's network.</body></html>")
        return HttpResponse(answer.status, answer.text[: len(answer.text) // 2]) if fault == "cut short" else answer

    def give_held(self) -> None:
        """What was held back is answered now, as it was true then; what would never come breaks off."""
        held, self._held = self._held, []
        for each, known in held:
            if known < self.moment:
                self.struck.add("stale")
            each.give()
