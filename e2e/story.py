"""A numbered run that is told bit by bit, and what a page must show of it in the end."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.oracle import fold_log

from .events import RunScript, picture
from .scripted_portal import Json, ScriptedPortal

SETTLE_MS = 20_000
LOOK = "() => document.dispatchEvent(new Event('visibilitychange'))"


class Story:
    """One run, kept whole for the oracle and for HTTP."""

    def __init__(self, portal: ScriptedPortal, run_id: str) -> None:
        self.portal = portal
        self.script = RunScript(run_id, flow_id="demo")
        self.log: list[Json] = []
        portal.events[run_id] = self.log

    def tell(self, *events: Json, sent: bool = True) -> None:
        """Log events; what is not sent got lost on the way."""
        self.log += events
        if sent:
            self.portal.send(*events)
        else:
            for event in events:
                self.portal._note(event)

    def begin(self) -> None:
        self.tell(self.script.event("run_start"), self.script.start("n0", 0))

    def go_on(self, *, sent: bool = True) -> None:
        self.tell(self.script.end("n0", 0), self.script.start("n1", 1), sent=sent)

    def end(self, *, sent: bool = True) -> None:
        self.tell(self.script.end("n1", 1, "error"), self.script.event("run_end", status="error"), sent=sent)

    def lose_server(self, page: Page, code: int) -> None:
        """The server closes the link in the middle of the run, and the run goes on unheard."""
        expect(page.locator('#canvas [data-node-id="n0"].executing')).to_have_count(1)
        self.portal.received.clear()
        self.portal.drop(code)
        self.go_on(sent=False)

    def resumed(self, page: Page) -> None:
        """Answer the page's `resume` as a server does: what it has not seen, announced by a catch_up."""
        frame = self.reconnected(page)
        after = frame["runs"].get(self.script.run_id, -1)
        missed = [event for event in self.log if event["seq"] > after]
        if missed:
            head = {"type": "catch_up", "run_id": self.script.run_id, "from_seq": after + 1, "complete": True}
            self.portal.send({**head, "to_seq": missed[-1]["seq"]}, *missed)

    def reconnected(self, page: Page) -> Json:
        """The `resume` of the next link. The page is looked at meanwhile: then no delay grown before is waited out."""
        for _ in range(40):
            try:
                return self.portal.wait_for("resume", timeout_s=0.5)
            except AssertionError:
                page.evaluate(LOOK)
        raise AssertionError("the page did not come back")

    def check(self, page: Page) -> None:
        """What the page shows is the pure fold of the whole log."""
        run_id = self.script.run_id
        told = fold_log(self.log)[run_id]
        expect(page.locator(f'#runs [data-run-id="{run_id}"]')).to_have_attribute(
            "data-status", told["status"], timeout=SETTLE_MS
        )
        expected = sorted(
            [node, str(order + 1), status, run_id]
            for node, orders in told["nodes"].items()
            for order, status in orders.items()
        )
        expect(page.locator(".execution-order")).to_have_count(len(expected))
        shown = picture(page)
        assert shown["badges"] == expected
        assert shown["locked"] == "false"
        assert not any(shown["classes"].values())
