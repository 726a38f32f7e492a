"""A portal's own files: loaded before the page connects, and isolated from it and from each other."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any

import pytest

from pyapp.errors import Failure
from pyapp.extend import EventHandler, Extension, View
from pyapp.extensions import LOAD_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings, Source
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, notices

BASE = "http://portal.test/api"
COUNTER = """
from typing import Literal
from pyapp.extend import EventHandler, OwnEvent

class Tick(OwnEvent):
    event: Literal["tick"]
    number: int

class {name}(EventHandler):
    messages = (Tick,)
    events = frozenset({{"run_end"}})
    costs = "Ticks are not counted."

    def handle(self, message, context):
        if message.event == "tick":
            context.notices.say("{name}", f"{name} {{message.number / message.number:.0f}} of {{message.number}}")

def register(page):
    page.handler({name}())
"""


def page_with(*sources: Source, http: FakeHttp | None = None, **texts: str) -> FakePage:
    """A page whose settings name these files; `texts` by the name of the file."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api=BASE, extensions=sources), http=http)
    for name, text in texts.items():
        page.http.answer("GET", f"/{name}.py", text)
    return page


def source(name: str, integrity: str = "") -> Source:
    return Source(f"{BASE}/{name}.py", name, integrity)


def health(page: FakePage, name: str) -> str:
    lines = page.document.region("inspector").find_all(f"[data-handler={name}]")
    return lines[0].textContent if lines else ""


async def test_a_message_type_of_its_own_reaches_its_handler_in_the_order_of_its_run() -> None:
    """Duplicates, gaps and what is malformed are as for any event; without the file it would be unknown."""
    page = page_with(source("ticks"), ticks=COUNTER.format(name="Ticks"))
    await page.open()
    assert "Ticks" in health(page, "Ticks")
    page.receive(
        {**ev("tick", seq=0), "number": 1}, {**ev("tick", seq=0), "number": 1}, {**ev("tick", seq=2), "number": 3}
    )
    assert "Ticks 1 of 1" in notices(page) and "of 3" not in notices(page)
    page.receive({**ev("tick", seq=1), "number": "two"})
    assert "Ticks 1 of 3" in notices(page)
    metrics = page.app.stores.metrics
    assert [metrics.get(name) for name in ("duplicate", "malformed", "unknown", "handled")] == [1, 1, 0, 2]
    await closed(page)


async def test_the_page_connects_once_its_files_are_there() -> None:
    """So that no message comes before the part that reads it; the wait has an end."""
    there = asyncio.Event()

    class SlowLine(FakeHttp):
        async def request(self, method: str, url: str, **options: Any) -> HttpResponse:
            if url.endswith(".py"):
                await there.wait()
            return await super().request(method, url, **options)

    page = page_with(source("ticks"), http=SlowLine(), ticks=COUNTER.format(name="Ticks"))
    page.app.start()
    await page.settle()
    assert page.sockets.opened == [] and health(page, "Ticks") == ""
    there.set()
    await page.settle()
    assert len(page.sockets.opened) == 1 and "Ticks" in health(page, "Ticks")
    page.app.stop()
    without, called = page_with(), []
    without.app.extensions.load(lambda: called.append("at once"))
    assert called == ["at once"]
    slow = page_with(source("slow"))
    slow.http.then("GET", "/slow.py", TimeoutError(f"no answer in {LOAD_S} s"))
    await slow.open()
    assert "slow.py could not be loaded" in notices(slow)
    await closed(slow)


async def test_a_page_that_is_left_while_it_loads_does_not_connect() -> None:
    page = page_with(source("ticks"), ticks=COUNTER.format(name="Ticks"))
    page.app.start()
    await asyncio.sleep(0)
    page.app.stop()
    await page.settle()
    assert page.sockets.opened == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def register(page:\n", "SyntaxError"),
        (
            "import a_library_that_nobody_has\n",
            "ModuleNotFoundError: No module named 'a_library_that_nobody_has', in line 1.",
        ),
        ("x = 1\n\n1 / 0\n", "ZeroDivisionError: division by zero, in line 3."),
        ("x = 1\n", "It has no function register(page)."),
        ("def register(page):\n    raise SystemExit('gone')\n", "SystemExit: gone"),
        ("def register(page):\n    page.handler(7)\n", "AttributeError"),
        ("def register(page):\n    page.tab('A tab', 'A', None)\n", "no name of a tab"),
        ("def register(page):\n    page.tab('mine', 'Mine', lambda context, place: 1 / 0)\n", "ZeroDivisionError"),
        (
            "def register(page):\n    page.tab('mine', 'Mine', lambda context, place: None)\n",
            "must make a View, not None",
        ),
        ("def register(page):\n    page.view(lambda context: 'x')\n", "must make a View, not 'x'"),
        ("async def register(page):\n    pass\n", "make it a plain function"),
        ("from pyapp.extend import *\nclass H(EventHandler):\n    events = frozenset({'dance'})\n", "dance"),
    ],
)
async def test_a_file_that_cannot_be_used_is_said_and_costs_nobody_else(text: str, words: str) -> None:
    """In a notice with its name; the page goes on, and so does the file behind it."""
    page = page_with(source("bad"), source("ticks"), bad=text, ticks=COUNTER.format(name="Ticks"))
    await page.open()
    said = notices(page)
    assert "The extension bad is left out" in said and words in said
    assert page.app.reporter.recent[0].source == "extension bad"
    page.receive({**ev("tick"), "number": 5}, ev("start_node", node_id="n0", order=0))
    assert "Ticks 1 of 5" in notices(page) and page.badges("n0") == [("1", "executing")]
    await closed(page)


async def test_a_part_that_cannot_be_added_leaves_the_others() -> None:
    page = FakePage()

    def register(extension: Extension) -> None:
        extension.handler(Loud())
        extension.handler(Loud())
        extension.tab("mine", "Mine", lambda context, place: Mine(context, place))

    class Loud(EventHandler):
        events = frozenset({"run_end"})

    class Mine(View):
        def __init__(self, context: Any, place: Any) -> None:
            super().__init__(context)
            place.textContent = "here I am"

    page.app.extensions.add("mine", register)
    await page.open()
    assert "There is a handler Loud already" in notices(page)
    assert page.document.region("own-mine").textContent == "here I am" and page.zones.tabs == {"mine": "Mine"}
    await closed(page)


async def test_a_second_tab_of_one_name_is_said_and_the_first_keeps_its_place() -> None:
    page = FakePage()

    class Says(View):
        def __init__(self, context: Any, place: Any, text: str) -> None:
            super().__init__(context)
            place.textContent = text

    def registers(text: str) -> Any:
        return lambda extension: extension.tab("status", text, lambda context, place: Says(context, place, text))

    page.app.extensions.add("one", registers("first"))
    page.app.extensions.add("other", registers("second"))
    await page.open()
    assert "extension other" in notices(page) and "There is a tab status already" in notices(page)
    assert page.document.region("own-status").textContent == "first" and page.zones.tabs == {"status": "first"}
    await closed(page)


async def test_only_the_very_file_that_was_named_is_run() -> None:
    text = COUNTER.format(name="Ticks")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    page = page_with(source("ticks", f"sha256-{digest}"), ticks=text)
    await page.open()
    assert "Ticks" in health(page, "Ticks") and notices(page) == ""
    await closed(page)
    marked = base64.b64encode(hashlib.sha256(text.encode("utf-8-sig")).digest()).decode()
    page = page_with(source("ticks", f"sha256-{marked}"), ticks=text)
    await page.open()
    assert "Ticks" in health(page, "Ticks") and notices(page) == "", "its byte order mark is no part of the text"
    await closed(page)
    page = page_with(source("ticks", f"sha256-{digest}"), ticks=text + "# another\n")
    await page.open()
    assert health(page, "Ticks") == "" and "its SHA-256 is another" in notices(page)
    await closed(page)


async def test_a_handler_of_a_file_breaks_by_name_and_costs_nobody_else() -> None:
    page = page_with(source("ticks"), ticks=COUNTER.format(name="Ticks"))
    await page.open()
    page.receive({**ev("tick"), "number": 0}, ev("start_node", node_id="n0", order=0))
    assert "Ticks are not counted." in health(page, "Ticks") and "ZeroDivisionError" in health(page, "Ticks")
    assert page.badges("n0") == [("1", "executing")]
    await closed(page)


async def test_failures_of_the_page_are_told_to_whoever_wants_them() -> None:
    """To Sentry, say; one that raises costs only itself."""
    page = FakePage()
    heard: list[Failure] = []

    def broken(failure: Failure) -> None:
        raise RuntimeError("Sentry is away")

    def register(extension: Extension) -> None:
        extension.on_error(broken)
        extension.on_error(heard.append)

    page.app.extensions.add("errors", register)
    await page.open()
    page.app.reporter.failed("somebody", "something", ValueError("oh"))
    assert [(each.source, each.summary) for each in heard] == [("somebody", "ValueError: oh")]
    await closed(page)
    page.app.reporter.failed("somebody", "something", ValueError("oh"))
    assert len(heard) == 1


async def test_what_a_file_keeps_of_a_run_goes_with_the_run() -> None:
    page = FakePage()
    tables: list[Any] = []
    page.app.extensions.add("tables", lambda extension: tables.append(extension.table()))
    await page.open()
    page.receive(ev("run_start"))
    tables[0].set(("r", "ship"), 40)
    page.app.reset()
    assert tables[0].get(("r", "ship")) is None
    await closed(page)


async def test_a_style_sheet_that_cannot_be_had_is_said_and_costs_nobody_else() -> None:
    """Neither one of another origin, nor one that is not there; the others stand in their order."""
    page = FakePage()
    page.zones.absent.add("/static/lost.css")
    await page.open()

    def register(extension: Extension) -> None:
        for address in ("/static/a.css", "https://elsewhere.test/b.css", "/static/lost.css", "/static/c.css"):
            extension.styles(address)

    page.app.extensions.add("mine", register)
    await page.settle()
    assert page.zones.styles == ["/static/a.css", "/static/c.css"]
    assert "/static/lost.css could not be loaded" in notices(page)
    page.app.stores.notices.clear()
    page.app.extensions.add("other", lambda extension: extension.styles("https://elsewhere.test/b.css"))
    await page.settle()
    assert "https://elsewhere.test/b.css is not of this page's own origin" in notices(page)
    await closed(page)


async def test_a_page_that_is_left_adds_no_style_sheet() -> None:
    page = FakePage()
    await page.open()
    page.app.extensions.add("mine", lambda extension: extension.styles("/static/a.css"))
    page.app.extensions.stop()
    await page.settle()
    assert page.zones.styles == []
    await closed(page)
